"""A department's seals, read only: state, validity, impression, last uses (S.8, S.12, S.14)."""

import pytest
import time_machine

from tests.cast import Cast
from tests.factories.seals import seal_of
from tests.licences.register.making import food, produced

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.mark.article("S.12")
def test_seals_when_read_then_state_validity_impression_and_uses(cast: Cast) -> None:
    seal = seal_of(cast.market)
    licence = produced(food(cast))
    for who in ("market.custodian", "market.clerk", "market.signatory"):
        client = cast.client(who)
        page = client.get("/seals/").content.decode().replace("<wbr>", "")
        for words in (seal.name, "在用", "2025年1月1日至2035年1月1日", licence.identifier, "签章"):
            assert words in page
        picture = client.get(f"/seals/{seal.uuid}/impression.png")
        assert picture.content.startswith(b"\x89PNG")
        again = client.get(
            f"/seals/{seal.uuid}/impression.png", headers={"if-none-match": picture["ETag"]}
        )
        assert again.status_code == 304


@pytest.mark.article("S.14")
def test_seals_when_a_neighbour_looks_then_not_there(cast: Cast) -> None:
    seal = seal_of(cast.market)
    own = seal_of(cast.land)
    client = cast.client("land.custodian")
    page = client.get("/seals/").content.decode()
    assert str(own.uuid) in page
    assert str(seal.uuid) not in page
    assert client.get(f"/seals/{seal.uuid}/impression.png").status_code == 404
    assert client.get(f"/seals/{own.uuid}/impression.png").status_code == 200
    assert cast.client("bureau.auditor").get("/seals/").status_code == 403
    assert cast.client("market.compiler").get("/seals/").status_code == 403


@pytest.mark.article("S.8")
def test_seals_when_near_or_past_their_end_then_said(cast: Cast) -> None:
    seal_of(cast.market)
    with time_machine.travel("2034-12-12T02:00:00Z", tick=False):
        page = cast.client("market.custodian").get("/seals/").content.decode()
        assert "该续期了" in page
        assert "20 天" in page
    with time_machine.travel("2035-01-04T02:00:00Z", tick=False):
        page = cast.client("market.custodian").get("/seals/").content.decode()
        assert "已过期 3 天" in page
        assert "在用" not in page


def test_seals_when_there_are_none_then_says_so(cast: Cast) -> None:
    page = cast.client("market.custodian").get("/seals/").content.decode()
    assert "本单位还没有登记电子印章" in page
