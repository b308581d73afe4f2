"""Somebody else's holder is changed by two people, and hears of it (M.3, M.26)."""

from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.records import records
from zezhou_portal.parties.holders import proposing
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.models import Holder, HolderChange, Notification, TextMessage
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.26"),
]  # fmt: skip
OLD, NEW = "13800000001", "13900000002"


@pytest.fixture
def citizen(cast: Cast) -> Holder:
    """A citizen whom another department entered and the market department has dealt with."""
    holder: Holder = HolderFactory(enterprise=True, phone=OLD, entered_by_department=cast.land)
    applications = Applications(cast)
    applications.approved(applications.received(holders=[holder]))
    return holder


def proposed(cast: Cast, holder: Holder, **told: str) -> HolderChange:
    return proposing.propose_change(
        actor=cast.actor("market.clerk"), holder=holder, **({"phone": NEW} | told)
    )


def test_change_when_proposed_then_nothing_changes_until_another_confirms(
    cast: Cast, citizen: Holder
) -> None:
    change = proposed(cast, citizen)
    citizen.refresh_from_db()
    assert citizen.phone == OLD
    assert not TextMessage.objects.exists()
    proposing.confirm_change(actor=cast.actor("market.reviewer"), change=change)
    citizen.refresh_from_db()
    assert citizen.phone == NEW
    assert {one.phone for one in TextMessage.objects.all()} == {OLD, NEW}
    assert Notification.objects.filter(holder=citizen, action="holder_changed").count() == 1
    (record,) = [one for one in records("holder_changed") if one.outcome == "done"]
    assert record.facts["proposed_by"] == str(cast.account("market.clerk").uuid)
    assert NEW not in str(record.facts)


def test_change_when_by_the_department_that_entered_then_alone_and_told_all_the_same(
    cast: Cast, citizen: Holder
) -> None:
    clerk = cast.actor("land.clerk")
    change_holder(
        actor=clerk, holder=citizen, name=citizen.name, identity_type=citizen.identity_type,
        identity_number=citizen.identity_number, phone=NEW,
    )  # fmt: skip
    assert {one.phone for one in TextMessage.objects.all()} == {OLD, NEW}


@pytest.mark.parametrize("verb", ["confirm_change", "decline_change"])
def test_change_when_decided_by_whoever_proposed_then_refused(
    cast: Cast, citizen: Holder, verb: str
) -> None:
    change = proposed(cast, citizen)
    HolderChange.objects.update(proposed_by=cast.account("market.reviewer"))
    more = {} if verb == "confirm_change" else {"remarks": "材料不全"}
    with pytest.raises(RuleBroken, match="另一个人确认"):
        getattr(proposing, verb)(actor=cast.actor("market.reviewer"), change=change, **more)
    assert HolderChange.objects.get().state == "PROPOSED"


@pytest.mark.parametrize("who", ["land.reviewer", "market.signatory", "market.clerk"])
def test_change_when_confirmed_by_a_neighbour_or_another_role_then_refused(
    cast: Cast, citizen: Holder, who: str
) -> None:
    change = proposed(cast, citizen)
    with pytest.raises(NotPermitted):
        proposing.confirm_change(actor=cast.actor(who), change=change)
    citizen.refresh_from_db()
    assert citizen.phone == OLD


def test_change_when_declined_or_withdrawn_then_as_before_and_may_be_proposed_again(
    cast: Cast, citizen: Holder
) -> None:
    change = proposed(cast, citizen)
    with pytest.raises(RuleBroken, match="正等确认"):
        proposed(cast, citizen, phone="13700000003")
    with pytest.raises(FormFault):
        proposing.decline_change(actor=cast.actor("market.reviewer"), change=change, remarks=" ")
    proposing.decline_change(
        actor=cast.actor("market.reviewer"), change=change, remarks="没有本人申请"
    )
    again = proposed(cast, citizen)
    proposing.withdraw_change(actor=cast.actor("market.clerk"), change=again)
    with pytest.raises(RuleBroken):
        proposing.confirm_change(actor=cast.actor("market.reviewer"), change=again)
    citizen.refresh_from_db()
    assert citizen.phone == OLD
    assert [one.state for one in HolderChange.objects.order_by("pk")] == ["DECLINED", "WITHDRAWN"]


def test_change_when_typed_wrong_then_a_sentence_at_its_field(cast: Cast, citizen: Holder) -> None:
    with pytest.raises(FormFault) as caught:
        proposed(cast, citizen, phone="12")
    assert set(caught.value.fields) == {"phone"}
    with pytest.raises(FormFault):
        proposed(cast, citizen, phone="")
    assert not HolderChange.objects.exists()
    assert records("holder_change_proposed") == []


def test_change_pages_when_walked_then_proposed_seen_masked_and_confirmed(
    cast: Cast, citizen: Holder
) -> None:
    clerk, reviewer = cast.client("market.clerk"), cast.client("market.reviewer")
    form = clerk.get(f"/holders/{citizen.uuid}/").content.decode()
    assert "这位持证人不是您的单位登记的" in form
    where = clerk.post(f"/holders/{citizen.uuid}/", {"phone": NEW})["Location"]
    page = reviewer.get(where).content.decode()
    assert "等确认" in page
    assert OLD not in page
    assert NEW not in page
    assert reviewer.get(f"{where}confirm/").status_code == 200
    assert clerk.post(f"{where}confirm/").status_code == 403
    assert reviewer.post(f"{where}decline/", {"remarks": ""}).status_code == 422
    assert reviewer.post(f"{where}confirm/")["Location"] == where
    assert "已变更" in reviewer.get(where).content.decode()
    citizen.refresh_from_db()
    assert citizen.phone == NEW


def test_change_pages_when_a_neighbour_asks_then_not_there(cast: Cast, citizen: Holder) -> None:
    where = f"/holder-changes/{proposed(cast, citizen).uuid}/"
    for who in ("land.clerk", "land.reviewer"):
        client = cast.client(who)
        for path in ("", "confirm/", "decline/", "withdraw/"):
            assert client.get(where + path).status_code in {403, 404}
            assert client.post(where + path).status_code in {403, 404, 405}
    assert cast.client("market.clerk").get(f"/holder-changes/{uuid4()}/").status_code == 404
    assert HolderChange.objects.get().state == "PROPOSED"
