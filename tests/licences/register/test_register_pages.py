"""The register's list: own department only, searched by number, identifier and name (M.8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licences.models import Licence, LicenceMark
from tests.cast import Cast
from tests.licences.register.making import NOODLES, food
from tests.records import outcomes
from zezhou_portal.kernel import clock

MOST_QUERIES = 30


def found(page) -> list[str]:
    return [row.licence.holder_names for row in page.context["rows"]]


@pytest.mark.article("M.8")
def test_register_when_searched_then_finds_by_name_number_and_identifier(
    cast: Cast, licence: Licence
) -> None:
    food(cast, name="晋城市样例饭店", serial=8, number="JY2", entry=licence.entry)
    client = cast.client("market.clerk")
    for words in ("常氏", NOODLES, licence.number, licence.identifier, licence.identifier.lower()):
        assert found(client.get("/register/", {"q": words})) == [NOODLES]
    assert found(client.get("/register/")) == ["晋城市样例饭店", NOODLES]
    assert found(client.get("/register/", {"q": "没有这家"})) == []
    assert found(client.get("/register/", {"state": "AWAITING_FILE"})) == ["晋城市样例饭店"]
    assert found(client.get("/register/", {"kind": licence.type_code, "state": "IN_FORCE"})) == [
        NOODLES
    ]


def test_register_when_one_character_is_asked_then_says_what_to_write(
    cast: Cast, licence: Licence
) -> None:
    page = cast.client("market.clerk").get("/register/", {"q": "常"})
    assert page.context["rows"] == []
    assert "名称至少写连着的两个字" in page.content.decode().replace("持证主体的", "")


@pytest.mark.article("M.26")
def test_register_when_a_neighbour_looks_then_own_licences_only(
    cast: Cast, licence: Licence
) -> None:
    entry = licence.entry
    entry.pk, entry.uuid = None, "00000000-0000-4000-8000-000000000001"
    entry.type_code, entry.issuing_department = "1114052529141777X1099", cast.land
    entry.save()
    food(cast, "land", name="邻家的店", serial=9, entry=entry)
    client = cast.client("land.clerk")
    assert found(client.get("/register/")) == ["邻家的店"]
    assert found(client.get("/register/", {"q": licence.identifier})) == []
    assert found(client.get("/register/", {"q": NOODLES})) == []


def test_register_when_paged_then_each_licence_once(cast: Cast, licence: Licence) -> None:
    for number in range(24):
        food(
            cast,
            name=f"样例饭店{number:02}",
            serial=100 + number,
            number=f"JY{number}",
            entry=licence.entry,
        )
    client = cast.client("market.reviewer")
    first = client.get("/register/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/register/")
    assert len(queries) <= MOST_QUERIES
    second = client.get("/register/", {"page": first.context["page"].after})
    names = found(first) + found(second)
    assert len(names) == len(set(names)) == 25
    assert names[-1] == NOODLES


def test_register_when_the_timer_has_not_run_then_expired_all_the_same(
    cast: Cast, licence: Licence
) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Licence.objects.update(valid_until=yesterday, valid_from=yesterday)
    (row,) = cast.client("market.clerk").get("/register/").context["rows"]
    assert (row.state, licence.state) == ("EXPIRED", "IN_FORCE")


def test_register_when_marks_and_an_end_draw_near_then_shown(cast: Cast, licence: Licence) -> None:
    for kind, detail in (("OBJECTED", "经营场所"), ("INSPECTED", "2026")):
        LicenceMark.objects.create(licence=licence, kind=kind, detail=detail, since=clock.now())
    LicenceMark.objects.create(licence=licence, kind="LOST", since=clock.now(), until=clock.now())
    Licence.objects.update(valid_until=clock.today() + timedelta(days=58), has_gaps=True)
    page = cast.client("market.clerk").get("/register/").content.decode()
    for words in ("有异议：经营场所", "2026年度已年检", "58 天后到期", "有待补项"):
        assert words in page
    assert "已挂失" not in page


def test_register_when_empty_then_says_what_will_come(cast: Cast) -> None:
    page = cast.client("market.clerk").get("/register/").content.decode()
    assert "证照库里还没有本单位的证照" in page
    assert "<table" not in page


@pytest.mark.parametrize("who", ["market.compiler", "bureau.auditor", "bureau.supervisor"])
def test_register_when_the_posting_is_another_then_403(cast: Cast, who: str) -> None:
    assert cast.client(who).get("/register/").status_code == 403


@pytest.mark.article("M.5")
def test_county_register_when_supervised_then_no_value_holder_or_number(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("bureau.supervisor")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/register/county/").content.decode()
    assert len(queries) <= MOST_QUERIES
    assert not any("holder_names" in one["sql"] for one in queries)
    assert "食品经营许可证" in page
    assert "泽州县市场监督管理局" in page
    assert licence.identifier in page.replace("<wbr>", "")
    trail = client.get(f"/register/county/{licence.uuid}/").content.decode()
    assert "制证完成，证照生效" in trail
    for secret in (NOODLES, "常氏", licence.number, "侯㛃"):
        assert secret not in page + trail
    for address in ("", "face.svg", "history/"):
        assert client.get(f"/licences/{licence.identifier}/{address}").status_code == 403
    assert outcomes("history_consulted") == [("done", f"食品经营许可证 {licence.identifier}")]


def test_county_register_when_filtered_then_by_identifier_department_and_state(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("bureau.supervisor")
    for filled, count, status in (
        ({"identifier": licence.identifier}, 1, 200),
        ({"department": cast.market.credit_code}, 1, 200),
        ({"state": "REVOKED"}, 0, 200),
        ({"department": cast.land.credit_code}, 0, 422),  # has issued nothing, so is not offered
    ):
        page = client.get("/register/county/", filled)
        assert (len(page.context["rows"]), page.status_code) == (count, status)


def test_county_register_when_not_supervising_then_403(cast: Cast, licence: Licence) -> None:
    client = cast.client("market.signatory")
    assert client.get("/register/county/").status_code == 403
    assert client.get(f"/register/county/{licence.uuid}/").status_code == 403
