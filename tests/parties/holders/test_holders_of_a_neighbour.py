"""Who may change a holder: a department that has dealt with them; others find, and no more (M.26)."""

import pytest

from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.records import outcomes
from zezhou_portal.parties.holders import services as holders
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
    return holders.change_holder(actor=cast.actor(who), holder=holder, name="改后名称").name


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


@pytest.mark.parametrize("step", ["received", "issued"])
def test_holder_when_the_department_has_an_application_or_licence_then_it_may_change(
    cast: Cast, step: str
) -> None:
    neighbours = entered_by(cast, "land.clerk").holder
    applications = Applications(cast)
    application = applications.received(holders=[neighbours])
    if step == "issued":
        licence = applications.issued(application)
        application.holder_links.all().delete()  # as for the licences of a permit sheet
        assert licence.holder_links.get().holder == neighbours
    assert renamed(cast, "market.clerk", neighbours) == "改后名称"
