"""Numbers that cannot be are refused wherever one is taken in, by the day of the taking in (M.3).

Born after today or more than 130 years ago, an area of zeros, nothing but zeros, a citizen id where
a credit code belongs, also one whose sum fits a credit code as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from licences.data_items import DataItem, ItemFault, clean
from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.judging import RowJudge
from tests.cast import Cast
from tests.factories.parties import HolderFactory, credit_code
from tests.families import ALL, number_of, person, represented
from tests.holders import holder_actor
from tests.licences.stock.sheets import making
from usage.window.services import Identity, find_holder
from zezhou_portal.parties.holders import services as holders
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.identity_rules import identity_fault
from zezhou_portal.parties.holders.operators import Operator
from zezhou_portal.parties.identity import real_name
from zezhou_portal.parties.identity.port import Assertion
from zezhou_portal.parties.mandates.giving import Named, appoint_agent, give_helper
from zezhou_portal.parties.mandates.window import Consent, record_at_window
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.parties.staff.departments import open_department
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.3"),
]  # fmt: skip
TODAY = date(2026, 11, 18)


def _with_area_of_zeros() -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    body = "00000019900307001"
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


PEOPLE = {
    "tomorrow": number_of(TODAY + timedelta(days=1)),
    "next year": number_of(date(2027, 1, 1)),
    "130 years and a day ago": number_of(date(1896, 11, 17)),
    "no area": _with_area_of_zeros(),
    "zeros": "0" * 18,
}


def _of_both_sums() -> str:
    """A citizen id number that is a sound credit code by its sum."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    for serial in range(1, 999):
        number = number_of(date(1990, 3, 7), serial)
        total = sum(
            alphabet.index(one) * weight for one, weight in zip(number, weights, strict=False)
        )
        if alphabet[(31 - total % 31) % 31] == number[-1]:
            return number
    raise AssertionError("no number fits both: nothing is proved")


CODES = {
    "zeros": "0" * 18,
    "citizen": number_of(date(1990, 3, 7)),
    "citizen of both": _of_both_sums(),
}

Taking = Callable[[Cast, str], Any]


def _enter(cast: Cast, number: str) -> Any:
    return holders.enter_holder(
        actor=cast.actor("market.clerk"), kind="natural_person", name="张样", identity_type="111",
        identity_number=number,
    )  # fmt: skip


def _give_number(cast: Cast, number: str) -> Any:
    holder = HolderFactory(
        identity_type="", identity_number="", no_number_reason="新生儿",
        entered_by_department=cast.market,
    )  # fmt: skip
    return change_holder(
        actor=cast.actor("market.clerk"), holder=holder, name=holder.name, identity_type="111",
        identity_number=number,
    )  # fmt: skip


def _operate(cast: Cast, number: str) -> Any:
    return holders.enter_holder(
        actor=cast.actor("market.clerk"), kind="sole_trader", name="", identity_type="001",
        identity_number=credit_code(77, "92140525"), operator=Operator("张样", number=number),
    )  # fmt: skip


def _capture(cast: Cast, number: str) -> Any:
    return clean(DataItem("holder_id", "证件号码", "citizen_id"), number)


def _sheet(cast: Cast, number: str) -> Any:
    return _judged(representative_id_number=number)


def _sign_in(cast: Cast, number: str) -> Any:
    return real_name.sign_in(assertion=replace(ASSERTION, identity_number=number))


def _appoint(cast: Cast, number: str) -> Any:
    company = HolderFactory(enterprise=True)
    boss, _ = represented(person("赵代表"), company)
    return appoint_agent(
        actor=boss, agent=Named("张样", number), powers=["show"], until_on=date(2027, 1, 1)
    )


def _help(cast: Cast, number: str) -> Any:
    return give_helper(
        actor=holder_actor(person("田春雨")), helper=Named("张样", number),
        powers=[one.value for one in ALL[:1]], until_on=date(2027, 1, 1),
    )  # fmt: skip


def _record(cast: Cast, number: str) -> Any:
    return record_at_window(
        actor=cast.actor("market.verifier"), kind="guardian", principal=Named("张样", number),
        agent=Named("张样", number), powers=[], until_on=None, evidence="户口簿原件",
        consent=Consent("户口簿.pdf", b"%PDF-1.4"),
    )  # fmt: skip


def _window(cast: Cast, number: str) -> Any:
    return find_holder(
        actor=cast.actor("market.verifier"),
        identity=Identity(identity_type="111", number=number, name="张样", check="in_person"),
    )


ASSERTION = Assertion(
    provider="province", subject="province:1", name="张样", level=3, identity_type="111",
    identity_number=number_of(date(1990, 3, 7)), phone="",
)  # fmt: skip
TAKING_PEOPLE: Mapping[str, Taking] = {
    "entered": _enter, "given later": _give_number, "operator": _operate, "captured": _capture,
    "sheet": _sheet, "signed in": _sign_in, "agent": _appoint, "helper": _help,
    "recorded": _record, "window": _window,
}  # fmt: skip


@pytest.mark.parametrize("taking", TAKING_PEOPLE)
@pytest.mark.parametrize("number", PEOPLE)
def test_citizen_id_when_it_cannot_be_then_taken_in_nowhere(
    cast: Cast, taking: str, number: str
) -> None:
    with pytest.raises((RuleBroken, ItemFault)):
        TAKING_PEOPLE[taking](cast, PEOPLE[number])
    assert not Holder.objects.filter(name="张样").exists()


@pytest.mark.parametrize("taking", ["entered", "captured", "sheet", "signed in"])
@pytest.mark.parametrize("born", [TODAY, date(1896, 11, 18)])
def test_citizen_id_when_it_just_can_be_then_taken_in(cast: Cast, taking: str, born: date) -> None:
    assert TAKING_PEOPLE[taking](cast, number_of(born))


def _judged(**cells: str) -> Any:
    """A row of a permit sheet as it is judged on the day. Raises RuleBroken."""
    judge = RowJudge(making.rules(), making.ISSUER, TODAY, guess_mapping(making.HEADINGS))
    fate = judge.judge(2, making.row(**cells))
    if fate.faults:
        raise RuleBroken("M.10", fate.reason)
    return fate


def _enter_code(cast: Cast, number: str) -> Any:
    return holders.enter_holder(
        actor=cast.actor("market.clerk"), kind=HolderKind.LEGAL_PERSON.value, name="张样",
        identity_type=IdentityType.CREDIT_CODE.value, identity_number=number,
    )  # fmt: skip


def _capture_code(cast: Cast, number: str) -> Any:
    return clean(DataItem("code", "统一社会信用代码", "credit_code"), number)


def _sheet_code(cast: Cast, number: str) -> Any:
    return _judged(credit_code=number)


def _sign_in_code(cast: Cast, number: str) -> Any:
    told = replace(
        ASSERTION, enterprise_name="张样", enterprise_code=number, office="legal_representative"
    )
    return real_name.sign_in(assertion=told)


def _open(cast: Cast, number: str) -> Any:
    return open_department(
        actor=cast.actor("bureau.administrator"), name="张样镇人民政府", credit_code=number,
        kind="township", functions=["issuing"],
    )  # fmt: skip


TAKING_CODES: Mapping[str, Taking] = {
    "entered": _enter_code, "captured": _capture_code, "sheet": _sheet_code,
    "signed in": _sign_in_code, "department": _open,
}  # fmt: skip


@pytest.mark.parametrize("taking", TAKING_CODES)
@pytest.mark.parametrize("code", CODES)
def test_credit_code_when_it_is_none_then_taken_in_nowhere(
    cast: Cast, taking: str, code: str
) -> None:
    with pytest.raises((RuleBroken, ItemFault)):
        TAKING_CODES[taking](cast, CODES[code])
    assert not Holder.objects.filter(name="张样").exists()


def test_number_when_of_both_sums_then_a_citizen_id_and_no_credit_code() -> None:
    assert citizen_id_fault(CODES["citizen of both"], TODAY) is None
    assert "填的是公民身份号码" in (credit_code_fault(CODES["citizen of both"]) or "")


@pytest.mark.parametrize("code", [one.value for one in IdentityType])
def test_number_when_nothing_but_zeros_then_none_of_any_type(code: str) -> None:
    for length in (5, 8, 9, 10, 18):
        assert identity_fault(code, "0" * length) is not None
