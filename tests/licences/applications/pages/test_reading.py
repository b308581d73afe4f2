"""Opening an application's document or its preview is an act, for whoever may and for nobody else (M.25)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from licences.applications import capturing
from licences.models import Application, Attachment
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.records import records
from zezhou_portal.kernel import files

pytestmark = [
    pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.25"), pytest.mark.article("M.26"),
]  # fmt: skip
TITLE = "郭样例的体检表"


@pytest.fixture
def file(applications: Applications) -> Attachment:
    """A document of an application that is under review."""
    application = applications.received()
    capturing.attach(
        actor=applications.actor("clerk"), application=application, title=TITLE,
        file_name="郭样例.pdf", data=b"%PDF-1.4 example",
    )  # fmt: skip
    application.refresh_from_db()
    applications.submitted(application)
    return application.attachments.get()


def address(file: Attachment) -> str:
    return reverse("licences:attachment", args=[file.application.uuid, file.uuid])


def preview(application: Application) -> str:
    return reverse("licences:preview", args=[application.uuid])


def test_document_when_opened_then_each_opening_is_recorded_by_digest(cast: Cast, file) -> None:
    client = cast.client("market.reviewer")
    for _ in range(2):
        assert client.get(address(file)).content == b"%PDF-1.4 example"
    told = records("file_opened")
    assert [(row.outcome, row.subject_key, row.facts) for row in told] == [
        ("done", str(file.application.uuid), {"file": file.digest})
    ] * 2
    assert told[0].actor_key == str(cast.account("market.reviewer").uuid)
    assert TITLE not in str(told[0].content())


def test_document_when_a_neighbour_asks_then_not_found_and_no_record(cast: Cast, file) -> None:
    assert cast.client("land.reviewer").get(address(file)).status_code == 404
    assert records("file_opened") == []


def test_document_when_gone_from_the_disk_then_the_record_says_that_it_failed(cast, file) -> None:
    files.path_of(file.digest).unlink()
    assert cast.client("market.reviewer").get(address(file)).status_code == 409
    assert [row.outcome for row in records("file_opened")] == ["failed"]


def test_preview_when_opened_then_one_record_a_person_and_application_an_hour(
    cast: Cast, applications: Applications, wednesday
) -> None:
    application, other = applications.approved(), applications.approved()
    signatory, reviewer = cast.client("market.signatory"), cast.client("market.reviewer")
    for client, row in [(signatory, application)] * 2 + [
        (reviewer, application),
        (signatory, other),
    ]:
        assert client.get(preview(row)).status_code == 200
    told = [(row.actor_key, row.subject_key) for row in records("preview_opened")]
    first, second = (str(cast.account(f"market.{one}").uuid) for one in ("signatory", "reviewer"))
    assert told == [
        (first, str(application.uuid)), (second, str(application.uuid)), (first, str(other.uuid)),
    ]  # fmt: skip
    wednesday.shift(timedelta(hours=1, seconds=1))
    signatory = cast.client("market.signatory")  # the session has run out meanwhile
    assert signatory.get(preview(application)).status_code == 200
    assert len(records("preview_opened")) == 4


def test_preview_when_a_neighbour_asks_then_not_found_and_no_record(cast, applications) -> None:
    assert cast.client("land.signatory").get(preview(applications.approved())).status_code == 404
    assert records("preview_opened") == []


def test_application_when_read_often_then_its_page_still_tells_what_was_done(cast, file) -> None:
    client = cast.client("market.reviewer")
    for _ in range(45):
        client.get(address(file))
    text = client.get(
        reverse("licences:application", args=[file.application.uuid])
    ).content.decode()
    assert "收件" in text
    assert "查看办件附件" not in text
