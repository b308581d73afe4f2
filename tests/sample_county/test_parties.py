"""The sample county's departments and people: loaded twice, there once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from sample_county.identity.people import ways
from sample_county.loading import parties as sample
from tests.parties.identity.services import ticket
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity import real_name
from zezhou_portal.parties.identity.claims import assertion
from zezhou_portal.parties.models import Account, Department, Holder, Mandate, Posting
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.parties.staff.rules import check_administrators_apart, check_role_fits

pytestmark = pytest.mark.django_db
SHEET = Path(__file__).parents[2] / "sample_county" / "departments.csv"


def test_load_when_run_twice_then_everybody_is_there_once(wednesday, monkeypatch) -> None:
    monkeypatch.delenv("PORTAL_SAMPLE_PASSWORD", raising=False)
    first = (len(sample.load_departments(SHEET)), sample.load_people())
    again = (len(sample.load_departments(SHEET)), sample.load_people())
    assert first[0] == again[0] == Department.objects.count() == 46
    assert [one.username for one in first[1]] == [one.username for one in again[1]]
    assert [one.code for one in first[1]] == [one.code for one in again[1]]
    assert len(first[1]) == Account.objects.count() == Posting.objects.count() == 35
    assert len({one.code for one in first[1]}) > 25
    clerk = next(one for one in first[1] if one.username == "market.clerk")
    assert (clerk.department, clerk.role) == ("泽州县市场监督管理局", "采集员")
    account = Account.objects.get(username="market.clerk")
    assert check_password(clerk.password, account.password)
    assert second_factor.accept(second_factor.device_of(account), clerk.code)


def test_load_when_done_then_the_rules_of_postings_hold(wednesday) -> None:
    sample.load_departments(SHEET)
    sample.load_people()
    for row in Posting.objects.select_related("department", "account"):
        check_role_fits(row.role, row.department.functions)
        others = row.account.postings.exclude(pk=row.pk).values_list("role", flat=True)
        check_administrators_apart(others, row.role)
        assert row.is_live(clock.today())


def test_load_when_password_is_given_then_it_is_used(wednesday, monkeypatch) -> None:
    monkeypatch.setenv("PORTAL_SAMPLE_PASSWORD", "given-by-the-county-1")
    sample.load_departments(SHEET)
    people = sample.load_people()
    assert {one.password for one in people} == {"given-by-the-county-1"}
    assert check_password(
        "given-by-the-county-1", Account.objects.get(username="approval.auditor").password
    )


def test_holders_when_loaded_twice_then_there_once_and_can_sign_in(wednesday) -> None:
    path = SHEET.parent / "holders.json"
    first, again = sample.load_holders(path), sample.load_holders(path)
    assert first == again
    assert Holder.objects.count() == len(first) == 9
    by_kind = Mandate.objects.filter(ended_at=None).values_list("kind", "agent__name")
    assert set(by_kind) == {
        ("legal_representative", "原泽民"), ("agent", "成小雨"), ("legal_representative", "侯麦香"),
    }  # fmt: skip
    trader = Holder.objects.get(kind="sole_trader")
    assert (trader.name, trader.operator) == ("侯麦香", first["operator"])
    for way in ways(path).values():
        provider = ticket("http://127.0.0.1")
        told = assertion(provider, way.told, {})
        if told.level >= 2:
            check = real_name.sign_in(assertion=told).check
            assert check.holder in first.values()
    assert Holder.objects.count() == 9


def test_agent_when_the_sample_year_is_over_then_appointed_anew(wednesday) -> None:
    path = SHEET.parent / "holders.json"
    sample.load_holders(path)
    yesterday = clock.today() - timedelta(days=1)
    Mandate.objects.filter(kind="agent").update(from_on=yesterday, until_on=yesterday)
    sample.load_holders(path)
    agents = Mandate.objects.filter(kind="agent").order_by("pk")
    assert [one.is_live(clock.today()) for one in agents] == [False, True]
