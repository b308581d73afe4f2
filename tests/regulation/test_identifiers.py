"""Check characters against vectors that others made, and their properties."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.parties import credit_code
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.regulation import identifiers
from zezhou_portal.regulation.identifiers import (
    LicenceIdentifier,
    born_on,
    citizen_id_fault,
    credit_code_fault,
    mod11_10,
    mod37_36,
    normalise_code,
    parse_licence_identifier,
)

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "identifiers.json").read_text(encoding="utf-8")
)
LICENCES = VECTORS["licence_identifier"]
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
serials = st.text(ALPHABET, min_size=1, max_size=64)


@pytest.mark.parametrize("text", LICENCES["valid"])
def test_licence_identifiers_of_the_field_are_read_and_written_back(text):
    parts, fault = parse_licence_identifier(text)
    assert fault is None
    assert str(parts) == text
    assert credit_code_fault(parts.issuer_code) is None


@pytest.mark.parametrize("text", LICENCES["valid_check_but_issuer_not_conformant"])
def test_an_issuer_of_six_digits_is_no_identifier_of_ours(text):
    parts, fault = parse_licence_identifier(text)
    assert parts is None
    assert fault == "证照标识的写法不对。它以 1.2.156.3005.2 开头，共六段，用点隔开"
    _, type_code, issuer, serial, version, check = text.rsplit(".", 5)
    assert mod37_36(type_code + issuer + serial + version) == check


def test_a_wrong_check_of_the_field_is_told_and_its_parts_are_kept():
    known = LICENCES["met_in_the_field_with_a_wrong_check"]
    parts, fault = parse_licence_identifier(known["identifier"])
    assert fault == "校验码对不上。请对照原件，从头到尾再核一遍"
    assert parts.check == known["right_check"]
    assert known["right_check"] not in fault


@pytest.mark.parametrize("text", LICENCES["algorithm_only"])
def test_the_algorithm_s_own_examples(text):
    assert mod37_36(text[:-1]) == text[-1]


@pytest.mark.parametrize("text", VECTORS["credit_code"]["valid"])
def test_good_credit_codes(text):
    assert credit_code_fault(text) is None


@pytest.mark.parametrize("text", VECTORS["credit_code"]["invalid"])
def test_bad_credit_codes(text):
    assert credit_code_fault(text) is not None


@pytest.mark.parametrize("text", VECTORS["citizen_id"]["valid"])
def test_good_citizen_ids(text):
    assert citizen_id_fault(text) is None
    assert born_on(text) == date(int(text[6:10]), int(text[10:12]), int(text[12:14]))


@pytest.mark.parametrize("text", VECTORS["citizen_id"]["invalid"])
def test_bad_citizen_ids(text):
    assert citizen_id_fault(text) is not None


@pytest.mark.parametrize("text", VECTORS["food_licence_number"]["valid"])
def test_good_food_licence_numbers(text):
    assert mod11_10(text[2:-1]) == text[-1]


@pytest.mark.parametrize("text", VECTORS["food_licence_number"]["invalid"])
def test_bad_food_licence_numbers(text):
    assert mod11_10(text[2:-1]) != text[-1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("91350100M000100Y4", "统一社会信用代码应为 18 位，现在是 17 位"),
        (
            "91350100I000100Y43",
            "统一社会信用代码里不会有“I”。只用数字和除 I、O、S、V、Z 以外的大写字母",
        ),
        ("91350100M000100Y44", "校验码对不上。请对照原件，从头到尾再核一遍"),
        ("000000000000000000", "统一社会信用代码不会全是 0。请对照营业执照填写"),
        (
            "140525198503150118",
            "统一社会信用代码一栏填的是公民身份号码。请对照营业执照填写统一社会信用代码",
        ),
    ],
)
def test_a_fault_of_a_credit_code_says_what_is_wrong(text, sentence):
    assert credit_code_fault(text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("14052519900101123", "公民身份号码应为 18 位，现在是 17 位"),
        ("1405251990010112AX", "公民身份号码前 17 位是数字，最后一位是数字或 X"),
        ("14052519900101123A", "公民身份号码前 17 位是数字，最后一位是数字或 X"),
        ("140525199002301235", "号码里的出生日期不存在。请对照证件再核一遍"),
        ("110105194912310021", "校验码对不上。请对照原件，从头到尾再核一遍"),
        ("１４０５２５１９９００１０１１２３５", "公民身份号码前 17 位是数字，最后一位是数字或 X"),
    ],
)
def test_a_fault_of_a_citizen_id_says_what_is_wrong(text, sentence):
    assert citizen_id_fault(text) == sentence


def citizen_id(area, born):
    """A number with a fitting check character."""
    stem = f"{area}{born:%Y%m%d}001"
    return next(stem + one for one in "0123456789X" if is_fitting(stem + one))


def is_fitting(text):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))
    return "10X98765432"[total % 11] == text[17]


@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_a_person_is_born_within_130_years_before_the_day(born):
    today = date(2026, 11, 30)
    fault = citizen_id_fault(citizen_id("140525", born), today)
    assert (fault is None) is (date(1896, 11, 30) <= born <= today)
    assert citizen_id_fault(citizen_id("140525", born)) is None


def test_an_area_of_zeros_is_no_area():
    assert citizen_id_fault(citizen_id("000000", date(1980, 1, 1))) == (
        "号码开头的六位地区代码不会全是 0。请对照证件再核一遍"
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" 91350100m000100y43 ", "91350100M000100Y43"), ("ＪＹ１１　４０", "JY1140")],
)
def test_codes_are_stored_half_width_without_spaces(typed, stored):
    assert normalise_code(typed) == stored


@given(serials, st.integers(1, 999))
def test_what_is_written_is_read_back(serial, version):
    made = LicenceIdentifier("11100000MB0143028R001", "11140525631706691G", serial, version)
    assert parse_licence_identifier(str(made)) == (made, None)
    assert str(made).startswith(made.stem + ".")
    assert identifiers.LICENCE_ROOT == "1.2.156.3005.2"


@given(serials, st.integers(1, 999), st.data())
def test_one_changed_character_is_always_found(serial, version, data):
    made = LicenceIdentifier("11100000MB0143028R001", "11140525631706691G", serial, version)
    core = f"{made.type_code}{made.issuer_code}{made.serial}{made.version:03}"
    place = data.draw(st.integers(0, len(core) - 1))
    other = data.draw(st.sampled_from([one for one in ALPHABET if one != core[place]]))
    assert mod37_36(core[:place] + other + core[place + 1 :]) != made.check


def is_possible(core):
    """All zeros are no code although the sum fits, and no code is a citizen id."""
    return set(core) != {"0"} and not any(citizen_id_fault(core + one) is None for one in CREDIT)


@given(st.text(CREDIT, min_size=17, max_size=17).filter(is_possible), st.data())
def test_one_changed_character_of_a_credit_code_is_always_found(core, data):
    fitting = [one for one in CREDIT if credit_code_fault(core + one) is None]
    assert len(fitting) == 1
    place = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from([one for one in CREDIT if one != core[place]]))
    assert credit_code_fault(core[:place] + other + core[place + 1 :] + fitting[0]) is not None


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers(text):
    parts, fault = parse_licence_identifier(text)
    assert (parts is None) is (fault is not None)
    for reader in (credit_code_fault, citizen_id_fault):
        assert reader(text) is None or reader(text)


def test_a_credit_code_that_reads_as_a_citizen_of_the_year_2500_is_a_credit_code():
    """The county's own codes hold 2500 where a citizen id has the year; some fit its sum too."""
    codes = [credit_code(serial) for serial in range(101_000, 102_000)]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    both = [
        code
        for code in codes
        if code.isdigit()
        and "10X98765432"[sum(map(int.__mul__, map(int, code), weights)) % 11] == code[17]
    ]
    assert both, "none of them fits both: nothing is proved"
    assert {credit_code_fault(code) for code in codes} == {None}
    assert all("2500 年" in (citizen_id_fault(code) or "") for code in both)
    assert without_people(both) == both
