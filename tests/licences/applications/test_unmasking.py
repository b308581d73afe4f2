"""Whose eyes a personal value is for before another hand has approved it (M.26)."""

from typing import Any

import pytest
from django.urls import reverse

from licences.applications import capturing
from licences.applications.unmasking import hidden_from, unmask
from licences.models import Application
from tests.cast import Cast, signed_in
from tests.factories.licences import VETERAN, Applications
from tests.factories.parties import AccountFactory, HolderFactory, PostingFactory
from tests.records import records
from zezhou_portal.parties.models import Holder, Notification, Posting
from zezhou_portal.regulation.errors import NotPermitted
from zezhou_portal.regulation.limits import UNMASKINGS_IN_AN_HOUR

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.26"),
]  # fmt: skip


@pytest.fixture
def veterans(cast: Cast) -> Applications:
    return Applications(cast, kind=VETERAN)


def of_a_stranger(veterans: Applications) -> tuple[Application, Holder]:
    """An application that one clerk received about a citizen whom their department never met."""
    holder = HolderFactory()
    return veterans.received(holders=[holder]), holder


def address(name: str, application: Application) -> str:
    return reverse(f"licences:{name}", args=[application.uuid])


def typed(actor: Any, application: Application, **words: str) -> Application:
    application.refresh_from_db()
    return capturing.capture(
        actor=actor, application=application, revision=application.revision, typed=words,
        licence_number="", valid_from=None, valid_until=None, is_long_term=False,
    )  # fmt: skip


def test_number_when_a_clerk_received_an_application_alone_then_shown_nowhere(
    cast: Cast, veterans: Applications
) -> None:
    application, holder = of_a_stranger(veterans)
    number, clerk = holder.identity_number, cast.client("market.clerk")
    pages = [
        clerk.get(address("application", application)),
        clerk.get(address("capture", application)),
        clerk.post(address("draft-face", application), {"citizen_id": ""}),
        clerk.post(address("capture", application), {"revision": "999", "citizen_id": ""}),
    ]
    for page in pages:
        assert page.status_code in {200, 422}
        assert number not in page.content.decode()
    assert "不改就空着" in pages[1].content.decode()
    assert "查看全号" not in pages[0].content.decode()
    for what in ("citizen_id", f"holder:{holder.uuid}"):
        answer = clerk.post(address("unmask-application", application), {"what": what})
        assert answer.status_code == 403
        assert number not in answer.content.decode()
        with pytest.raises(NotPermitted, match="由审核的人核对"):
            unmask(actor=cast.actor("market.clerk"), application=application, what=what)
    assert {one.outcome for one in records("value_unmasked")} == {"refused"}


def test_number_when_typed_over_then_what_stood_there_stays_unseen(
    cast: Cast, veterans: Applications
) -> None:
    application, holder = of_a_stranger(veterans)
    other = HolderFactory().identity_number
    typed(cast.actor("market.clerk"), application, citizen_id=other)
    page = cast.client("market.clerk").get(address("capture", application)).content.decode()
    assert holder.identity_number not in page
    with pytest.raises(NotPermitted):
        unmask(actor=cast.actor("market.clerk"), application=application, what="citizen_id")


def test_number_when_left_empty_then_what_is_stored_stays(
    cast: Cast, veterans: Applications
) -> None:
    application, _ = of_a_stranger(veterans)
    form = {"revision": str(application.revision), "citizen_id": "", "act": "save"}
    cast.client("market.clerk").post(address("capture", application), form)
    row = Application.objects.get(pk=application.pk)
    cell = row.values["citizen_id"]
    assert cell["source"] == "持证人登记"
    assert hidden_from(cast.actor("market.clerk"), row) == {"citizen_id"}


def test_number_when_the_department_entered_the_holder_then_its_clerk_sees_it(
    cast: Cast, veterans: Applications
) -> None:
    holder = HolderFactory(entered_by_department=cast.market)
    application = veterans.received(holders=[holder])
    clerk = cast.actor("market.clerk")
    for what in ("citizen_id", f"holder:{holder.uuid}"):
        assert unmask(actor=clerk, application=application, what=what) == holder.identity_number
    page = cast.client("market.clerk").get(address("capture", application)).content.decode()
    assert holder.identity_number in page


def test_value_when_a_colleague_typed_it_then_hidden_until_another_hand_approved(
    cast: Cast, veterans: Applications
) -> None:
    holder = HolderFactory(entered_by_department=cast.market)
    application = veterans.received(holders=[holder])
    other = HolderFactory().identity_number
    typed(cast.actor("market.clerk"), application, citizen_id=other)
    colleague = AccountFactory(department=cast.market)
    PostingFactory(account=colleague, department=cast.market)
    page = signed_in(colleague).get(address("capture", application)).content.decode()
    assert other not in page
    assert (
        other in cast.client("market.clerk").get(address("capture", application)).content.decode()
    )


@pytest.mark.parametrize(
    ("state", "who", "sees"),
    [
        ("RECEIVED", "market.clerk", False),
        ("CAPTURING", "market.reviewer", False),
        ("UNDER_REVIEW", "market.clerk", False),
        ("UNDER_REVIEW", "market.reviewer", True),
        ("RETURNED", "market.clerk", False),
        ("APPROVED", "market.clerk", True),
        ("CONCLUDED", "market.clerk", True),
        ("REFUSED", "market.clerk", False),
        ("REFUSED", "market.reviewer", False),
        ("WITHDRAWN", "market.clerk", False),
        ("APPROVED", "land.clerk", False),
    ],
)
def test_number_when_at_each_step_then_only_where_another_hand_stands_behind_it(
    cast: Cast, veterans: Applications, state: str, who: str, sees: bool
) -> None:
    application, holder = of_a_stranger(veterans)
    Application.objects.filter(pk=application.pk).update(state=state)
    application.refresh_from_db()
    for what in ("citizen_id", f"holder:{holder.uuid}"):
        if sees:
            found = unmask(actor=cast.actor(who), application=application, what=what)
            assert found == holder.identity_number
        else:
            with pytest.raises(NotPermitted):
                unmask(actor=cast.actor(who), application=application, what=what)


@pytest.mark.article("M.25")
def test_unmasking_when_in_mass_then_auditor_and_named_person_hear_of_it_once(
    cast: Cast, veterans: Applications
) -> None:
    Posting.objects.filter(account=cast.account("market.signatory")).update(is_named_person=True)
    holder = HolderFactory(entered_by_department=cast.market)
    application = veterans.received(holders=[holder])
    clerk = cast.actor("market.clerk")
    for _ in range(UNMASKINGS_IN_AN_HOUR - 1):
        unmask(actor=clerk, application=application, what="citizen_id")
    assert not Notification.objects.filter(action="unmasking_watched").exists()
    for _ in range(3):
        unmask(actor=clerk, application=application, what="citizen_id")
    told = Notification.objects.filter(action="unmasking_watched")
    assert {one.account.username for one in told} == {"bureau.auditor", "market.signatory"}
    assert told.count() == 2
    assert [one.facts for one in records("unmasking_watched")] == [{"count": UNMASKINGS_IN_AN_HOUR}]
