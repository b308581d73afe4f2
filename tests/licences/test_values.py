"""The document of captured values: sources, what stood before, nothing sensitive in the clear."""

import json
from datetime import date

import pytest

from licences import values
from licences.data_items import DataItem
from licences.production.face_rules import metadata, representative_label
from licences.validity import TermRule, months_on, years_on
from zezhou_portal.regulation.errors import by_field

NAME = DataItem("holder_name", "名称", "text")
NUMBER = DataItem("citizen_id", "公民身份号码", "citizen_id")
CITIZEN = "140525199001011235"


def test_a_sensitive_value_is_encrypted_inside_the_document() -> None:
    document, changed = values.put({}, NUMBER, CITIZEN, values.TYPED)
    assert changed
    assert CITIZEN not in json.dumps(document)
    assert values.read(document, "citizen_id") == CITIZEN


def test_a_value_taken_over_and_changed_keeps_what_stood_there() -> None:
    document = {"holder_name": {"value": "甲店", "source": "营业执照第 2 版"}}
    document, _ = values.put(document, NAME, "乙店", values.TYPED)
    assert document["holder_name"] == {
        "value": "乙店", "source": values.TYPED, "was": "甲店", "was_source": "营业执照第 2 版",
    }  # fmt: skip
    document, _ = values.put(document, NAME, "丙店", values.TYPED)
    assert document["holder_name"]["was"] == "甲店"


def test_the_same_value_changes_nothing() -> None:
    document = {"holder_name": {"value": "甲店", "source": "营业执照第 2 版"}}
    assert values.put(document, NAME, "甲店", values.TYPED) == (document, False)
    assert values.put({}, NAME, "", values.TYPED) == ({}, False)


def test_a_change_from_another_source_keeps_what_stood_before_the_last_typing() -> None:
    cell = {"value": "乙店", "source": values.TYPED, "was": "甲店", "was_source": "营业执照"}
    document, changed = values.put({"holder_name": cell}, NAME, "丙店", "许可清单")
    assert changed
    assert document["holder_name"] == {
        "value": "丙店", "source": "许可清单", "was": "甲店", "was_source": "营业执照",
    }  # fmt: skip
    document, _ = values.put({"holder_name": {"value": "甲", "source": "手工录入"}}, NAME, "", "x")
    assert document["holder_name"] == {"value": "", "source": "x"}


def test_what_is_not_there_reads_as_nothing_and_an_empty_secret_is_not_encrypted() -> None:
    assert values.close(NUMBER, "") == ""
    assert values.open_(12) == "12"
    assert values.read_all([NAME, NUMBER], {}) == {"holder_name": "", "citizen_id": ""}


def test_a_draft_waits_beside_the_items_and_goes_when_it_is_mended() -> None:
    document = {"holder_name": {"value": "甲店", "source": values.TYPED}}
    kept = values.keep_draft(document, "valid_until", "后天")
    assert values.drafted(kept, "valid_until") == "后天"
    assert values.read(kept, "valid_until") == ""
    assert values.keep_draft(kept, "valid_until", "明天") == {
        **document,
        "valid_until~": {"value": "明天", "source": values.TYPED},
    }
    assert values.keep_draft(kept, "valid_until", "") == document
    assert values.drafted(document, "valid_until") == ""


def test_frozen_values_thaw_to_what_they_were() -> None:
    frozen = values.freeze([NAME, NUMBER], {"holder_name": "甲", "citizen_id": CITIZEN})
    assert frozen["holder_name"] == "甲"
    assert CITIZEN not in json.dumps(frozen)
    assert values.thaw(frozen) == {"holder_name": "甲", "citizen_id": CITIZEN}


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2026, 11, 23), 5, date(2031, 11, 22)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2026, 1, 1), 1, date(2026, 12, 31)),
    ],
)
def test_a_term_ends_the_day_before_it_comes_round(start: date, years: int, last: date) -> None:
    assert years_on(start, years) == last


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 11, 30), 18, date(2028, 5, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_a_term_of_months_ends_as_people_count(start: date, months: int, last: date) -> None:
    assert months_on(start, months) == last


FIVE = TermRule(60)
NOW = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("rule", "first", "last", "is_long_term", "faults"),
    [
        (FIVE, NOW, date(2031, 11, 29), False, {}),
        (FIVE, date(2026, 11, 2), date(2031, 11, 1), False, {}),
        (FIVE, NOW, date(2028, 6, 30), False, {}),
        (FIVE, NOW, NOW, False, {}),
        (
            FIVE, NOW, date(2031, 11, 30), False,
            {"valid_until": "超过了目录规定的 5 年。从2026年11月30日起，最晚到2031年11月29日"},
        ),
        (FIVE, NOW, None, True, {"valid_until": "这种证照的有效期是 5 年，不能选长期有效"}),
        (FIVE, NOW, None, False, {"valid_until": "还没有填有效期至"}),
        (
            FIVE, date(2020, 1, 1), date(2024, 12, 31), False,
            {"valid_until": "有效期至（2024年12月31日）已经过了，不能签发过期的证照"},
        ),
        (
            FIVE, date(2026, 12, 1), date(2031, 11, 30), False,
            {"valid_from": "有效期起（2026年12月1日）在今天之后。有效期从签发当天起算，最晚填今天"},
        ),
        (
            FIVE, NOW, date(2026, 11, 19), False,
            {"valid_until": "有效期至（2026年11月19日）早于有效期起（2026年11月30日）"},
        ),
        (TermRule(None, may_be_long_term=True), NOW, None, True, {}),
        (
            TermRule(None, may_be_long_term=True), NOW, None, False,
            {"valid_until": "还没有填有效期至。没有截止日期的，选长期有效"},
        ),
        (TermRule(), NOW, None, True, {"valid_until": "这种证照要写明有效期至，不能选长期有效"}),
        (TermRule(), NOW, date(2056, 1, 1), False, {}),
        (TermRule(60, may_be_long_term=True), NOW, None, True, {}),
    ],
)  # fmt: skip
def test_a_term_is_judged_by_its_kinds_rule(
    rule: TermRule, first: date, last: date | None, is_long_term: bool, faults: dict[str, str]
) -> None:
    found = rule.faults(first, last, today=NOW, is_long_term=is_long_term)
    assert by_field(found) == faults


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FIVE, "5 年"), (TermRule(18), "18 个月"), (TermRule(), "按证照所写"),
        (TermRule(None, may_be_long_term=True), "长期，或按证照所写"),
        (TermRule(60, may_be_long_term=True), "5 年，或长期"),
    ],
)  # fmt: skip
def test_a_rule_is_told_in_words(rule: TermRule, words: str) -> None:
    assert rule.words == words


def test_metadata_carries_every_holder_and_the_kinds_own_items() -> None:
    frozen = {
        "kind_name": "结婚证", "type_code": "1" * 21, "number": "J1", "issuer": "民政局",
        "issuer_code": "2" * 18, "issued_on": "2026-11-24", "valid_from": "2026-11-24",
        "valid_until": None,
    }  # fmt: skip
    holders = [
        {"name": "甲", "type": "111", "number": CITIZEN},
        {"name": "乙", "type": "414", "number": "E12345678"},
    ]
    photo = DataItem("photo", "照片", "image")
    own = {"holder_name": "甲、乙", "photo": "a" * 64, "citizen_id": ""}
    told = metadata(frozen, holders, "1.2.3", [NAME, photo, NUMBER], own)
    assert told["CZZT"] == ["甲", "乙"]
    assert told["CZZTDMLXDM"] == ["111", "414"]
    assert (told["ZZBFRQ"], told["ZZYXQJZRQ"]) == ("20261124", "99991231")
    assert told["CZZTDMLX"] == ["公民身份号码", "414"]
    assert {key: words for key, words in told.items() if key.startswith("KZ_")} == {
        "KZ_HOLDER_NAME": "甲、乙"
    }


@pytest.mark.parametrize(
    ("entity", "label"),
    [("有限责任公司", "法定代表人"), ("个体工商户", "经营者"), ("个人独资企业", "投资人"),
     ("有限责任公司分公司", "负责人"), ("普通合伙企业", "执行事务合伙人")],
)  # fmt: skip
def test_the_representative_is_called_by_the_entity_type(entity: str, label: str) -> None:
    assert representative_label({"entity_type": entity}) == label
    assert representative_label({"entity_type": entity}, ["sole_trader"]) == "经营者"
