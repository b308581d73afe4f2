"""The auditor's search: by person, department, subject, action, period; recorded itself (M.25)."""

import csv
import re
from io import StringIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.supervision.naming import SUBJECT_KINDS
from audit.trail.models import Record
from audit.trail.recording import record, record_refusal
from tests.cast import Cast
from tests.conventions.sources import modules
from tests.factories.licences import Applications
from tests.factories.seals import seal_of
from tests.licences.register.making import food
from tests.records import records
from zezhou_portal.kernel.actors import public
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Three acts of three people on two days, one of them refused."""
    clerk, land = cast.actor("market.clerk"), cast.actor("land.signatory")
    record(clerk, Action.LICENCE_CONSULTED, Subject("licence", "k1", "食品经营许可证 1.2.156"), {})
    record(
        land,
        Action.FILE_DOWNLOADED,
        Subject("licence", "k2", "不动产权证书 1.2.157"),
        {"file": "ab"},
    )
    refused = Subject("licence", "k1", "食品经营许可证 1.2.156")
    record_refusal(clerk, Action.COPY_MADE, refused, "=证照现在不是有效状态")
    return cast


def found(page) -> list[str]:
    return [row.action for row in page.context["page"].rows if row.action != "trail_searched"]


@pytest.mark.article("M.25")
@pytest.mark.django_db(transaction=True)
def test_trail_when_searched_then_by_each_condition(told: Cast, wednesday) -> None:
    client = told.client("bureau.auditor")
    clerk = told.account("market.clerk")
    for asked, expected in (
        ({"person": clerk.name}, ["copy_made", "licence_consulted"]),
        ({"person": str(clerk.uuid)}, ["copy_made", "licence_consulted"]),
        ({"department": told.land.credit_code}, ["file_downloaded"]),
        ({"subject": "k2"}, ["file_downloaded"]),
        ({"subject": "k1"}, ["copy_made", "licence_consulted"]),
        ({"person": "没有这个人"}, []),
        ({"action": "file_downloaded"}, ["file_downloaded"]),
        ({"outcome": "refused"}, ["copy_made"]),
        (
            {"first": "2026-11-18", "last": "2026年11月18日"},
            ["copy_made", "file_downloaded", "licence_consulted"],
        ),
        ({"first": "2026-11-19", "last": "2026-11-20"}, []),
        ({"last": "2026-11-17"}, []),
    ):
        page = client.get("/trail/", {**asked, "asked": "1"})
        assert sorted(found(page)) == sorted(expected), asked
    page = client.get("/trail/", {"outcome": "refused", "asked": "1"}).content.decode()
    assert "=证照现在不是有效状态" in page
    assert "印章办法第十条" in page


@pytest.mark.article("M.25")
def test_trail_when_a_subject_is_named_then_found_by_number_part_and_holder(cast: Cast) -> None:
    seal_of(cast.market)
    licence = food(cast)
    application = Applications(cast).received()
    by_name = {"subject": cast.land.name[2:6]}
    record(cast.actor("land.signatory"), Action.LIST_EXPORTED, cast.land.subject, {})
    record(public(), Action.LICENCE_CONSULTED, licence.subject, {})
    clerk = cast.account("market.clerk")
    record(cast.actor("market.clerk"), Action.LOGGED_IN, clerk.subject, {})
    client = cast.client("bureau.auditor")
    for asked, expected in (
        ({"subject": licence.identifier[:60]}, str(licence.uuid)),
        ({"subject": licence.number}, str(licence.uuid)),
        ({"subject": "常氏面馆"}, str(licence.uuid)),
        ({"subject": application.number}, str(application.uuid)),
        ({"subject": application.number[-5:]}, str(application.uuid)),
        ({"subject": "market.clerk"}, str(clerk.uuid)),
        (by_name, str(cast.land.uuid)),
        ({"person": "公众"}, str(licence.uuid)),
    ):
        page = client.get("/trail/", {**asked, "asked": "1"})
        keys = {row.subject_key for row in page.context["page"].rows}
        assert expected in keys, asked


def test_subject_kinds_when_code_names_one_then_it_is_looked_under() -> None:
    named = {
        kind
        for module in modules()
        for kind in re.findall(r'\bSubject\(\s*"([a-z_]+)"', module.text)
    }
    assert named == set(SUBJECT_KINDS)


@pytest.mark.article("M.25")
def test_trail_when_searched_then_the_search_is_on_the_record_without_the_name(told: Cast) -> None:
    client = told.client("bureau.auditor")
    assert "先写要查什么" in client.get("/trail/").content.decode()
    assert records("trail_searched") == []
    with CaptureQueriesContext(connection) as queries:
        client.get(
            "/trail/", {"asked": "1", "person": "王丽娟", "department": told.land.credit_code}
        )
    assert len(queries) <= 30
    (row,) = records("trail_searched")
    assert row.actor_key == told.actor("bureau.auditor").key
    assert row.facts["department"] == told.land.credit_code
    assert row.facts["first"] == "2026-10-19"
    assert row.facts["person"].startswith("hmac:")
    assert "王丽娟" not in str(row.content())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first": "2026-02-30"}, "日期不存在"),
        ({"first": "昨天"}, "日期写成 年-月-日"),
        ({"first": "2026-11-18", "last": "2026-11-17"}, "止日早于起日"),
        ({"first": "2024-01-01", "last": "2026-11-17"}, "一次最多查一年"),
    ],
)
def test_trail_when_asked_wrongly_then_said_at_the_field(told: Cast, asked, words) -> None:
    client = told.client("bureau.auditor")
    page = client.get("/trail/", {**asked, "asked": "1"})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert client.post("/trail/export/", asked).status_code == 422


@pytest.mark.article("M.25")
@pytest.mark.django_db(transaction=True)
def test_trail_when_exported_then_streamed_as_csv_on_the_record(told: Cast) -> None:
    client = told.client("bureau.auditor")
    answer = client.post("/trail/export/", {"subject": "k1"})
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[0][:6] == ["序号", "时间", "行为", "依据", "结果", "原因"]
    assert sorted(row[2] for row in rows[1:]) == ["下载或打印阅览件", "查阅证照"]
    refused = next(row for row in rows if row[4] == "被拒")
    assert refused[1] == "2026-11-18 10:00:00"
    assert refused[5] == "'=证照现在不是有效状态"  # no formula for a spreadsheet
    (row,) = records("list_exported")
    assert row.facts["rows"] == 2


@pytest.mark.article("M.25")
def test_trail_when_an_act_was_called_otherwise_then_found_by_what_it_is_called_now(
    told: Cast,
) -> None:
    clerk = told.actor("market.clerk")
    record(clerk, Action.APPLICATION_RECEIVED, Subject("application", "k3", "办件"), {})
    former = Record.objects.get(action="application_received")
    former.action, former.seq, former.id = "matter_received", former.seq + 1000, uuid4()
    former.save(force_insert=True)
    client = told.client("bureau.auditor")
    page = client.get("/trail/", {"asked": "1", "action": "application_received"})
    assert sorted(found(page)) == ["application_received", "matter_received"]
    assert [event.what for event in page.context["rows"]] == ["收件", "收件"]


def test_trail_when_long_then_paged_without_gaps(told: Cast) -> None:
    for number in range(40):
        record(told.actor("market.clerk"), Action.LOGGED_IN, Subject("account", str(number)), {})
    client = told.client("bureau.auditor")
    first = client.get("/trail/", {"asked": "1", "action": "logged_in"})
    second = client.get(
        "/trail/", {"asked": "1", "action": "logged_in", "page": first.context["page"].after}
    )
    keys = [row.subject_key for page in (first, second) for row in page.context["page"].rows]
    assert sorted(map(int, keys)) == list(range(40))


@pytest.mark.parametrize(
    "who", ["market.clerk", "bureau.supervisor", "bureau.system", "bureau.administrator"]
)
def test_trail_when_not_the_auditor_then_403_and_a_refused_export_is_recorded(
    told: Cast, who: str
) -> None:
    client = told.client(who)
    assert client.get("/trail/", {"asked": "1"}).status_code == 403
    assert client.post("/trail/export/", {}).status_code == 403
    assert [row.outcome for row in records("list_exported")] == ["refused"]
