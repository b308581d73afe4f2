"""Who may change a holder: a department that has dealt with them; others find, and no more (M.26)."""

import pytest

from licences.applications import receiving, reviewing
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.records import outcomes
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.holders import services as holders
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.proposing import confirm_change, propose_change
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import NotPermitted

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.26"),
]  # fmt: skip
NAME = "泽州县邻家食府"


def entered_by(cast: Cast, who: str, **more: str) -> holders.Entered:
    """An enterprise as a clerk of a department enters it."""
    return holders.enter_holder(
        actor=cast.actor(who), kind="legal_person", name=NAME, identity_type="001",
        **{"identity_number": "91140525MA0000023A", **more},
    )  # fmt: skip


def renamed(cast: Cast, who: str, holder: Holder) -> str:
    """The name after a clerk changed it."""
    return change_holder(actor=cast.actor(who), holder=holder, name="改后名称").name


def test_holder_when_a_stranger_with_holders_of_their_own_asks_then_not_there(cast: Cast) -> None:
    Applications(cast).received()  # the stranger, market's clerk, has a holder of the same kind
    neighbours = entered_by(cast, "land.clerk").holder
    client, address = cast.client("market.clerk"), f"/holders/{neighbours.uuid}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "改后名称"}).status_code == 404
    with pytest.raises(NotPermitted, match="不是您的单位登记的"):
        renamed(cast, "market.clerk", neighbours)
    neighbours.refresh_from_db()
    assert neighbours.name == NAME
    assert outcomes("holder_changed") == [("refused", "法人")]
    assert cast.client("land.clerk").get(address).status_code == 200
    assert renamed(cast, "land.clerk", neighbours) == "改后名称"


def test_holder_when_a_neighbour_s_is_found_then_listed_without_a_way_to_change(cast: Cast) -> None:
    neighbours = entered_by(cast, "land.clerk").holder
    own = HolderFactory(enterprise=True, name="泽州县自家食府", entered_by_department=cast.market)
    page = cast.client("market.clerk").post("/holders/", {"q": "食府"}).content.decode()
    assert NAME in page
    assert f"/holders/{neighbours.uuid}/" not in page
    assert f"/holders/{own.uuid}/" in page


def test_holder_when_a_neighbour_s_is_entered_again_then_found_and_still_the_neighbour_s(
    cast: Cast,
) -> None:
    first = entered_by(cast, "land.clerk")
    again = entered_by(cast, "market.clerk")
    assert (again.holder, again.was_known) == (first.holder, True)
    with pytest.raises(NotPermitted):
        renamed(cast, "market.clerk", again.holder)


@pytest.mark.parametrize("step", ["approved", "issued"])
def test_holder_when_the_department_has_dealt_with_them_then_two_of_its_people_may_change(
    cast: Cast, step: str
) -> None:
    neighbours = entered_by(cast, "land.clerk").holder
    applications = Applications(cast)
    application = applications.received(holders=[neighbours])
    if step == "issued":
        licence = applications.issued(application)
        application.holder_links.all().delete()  # as for the licences of a permit sheet
        assert licence.holder_links.get().holder == neighbours
    else:
        applications.approved(application)
    with pytest.raises(NotPermitted, match="另一个人确认后才变更"):
        renamed(cast, "market.clerk", neighbours)
    page = cast.client("market.clerk").get(f"/holders/{neighbours.uuid}/").content.decode()
    assert "提出变更" in page
    change = propose_change(actor=cast.actor("market.clerk"), holder=neighbours, name="改后名称")
    confirm_change(actor=cast.actor("market.reviewer"), change=change)
    neighbours.refresh_from_db()
    assert neighbours.name == "改后名称"


@pytest.mark.parametrize("step", ["received", "submitted", "withdrawn", "refused"])
def test_holder_when_one_clerk_alone_has_dealt_with_them_then_as_a_stranger(
    cast: Cast, step: str
) -> None:
    """Receiving an application about somebody is one clerk's own act: it opens nothing."""
    neighbours = entered_by(cast, "land.clerk").holder
    applications, clerk = Applications(cast), cast.actor("market.clerk")
    application = applications.received(holders=[neighbours])
    if step != "received":
        application = applications.submitted(application)
    if step == "withdrawn":
        receiving.withdraw(actor=clerk, application=application, reason="申请人撤回")
    if step == "refused":
        reviewing.refuse(
            actor=cast.actor("market.reviewer"),
            application=application,
            revision=application.revision,
            reasons="不符合条件",
        )
    client, address = cast.client("market.clerk"), f"/holders/{neighbours.uuid}/"
    assert client.get(address).status_code == 404
    assert client.post(address, {"phone": "13800000009"}).status_code == 404
    for verb in (change_alone, propose_change):
        with pytest.raises(NotPermitted, match="不是您的单位登记的"):
            verb(actor=clerk, holder=neighbours, phone="13800000009")
    neighbours.refresh_from_db()
    assert neighbours.phone == ""


def change_alone(*, actor: Actor, holder: Holder, phone: str) -> Holder:
    return change_holder(actor=actor, holder=holder, name=holder.name, phone=phone)
