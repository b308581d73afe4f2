"""Who stands in a row: its holder in one of the columns, identity numbers with their type (M.7)."""

from dataclasses import replace

import pytest

from licences.stock.sheets.cells import RowFaultKind
from licences.stock.sheets.headings import (
    ALL_FIELDS,
    FIELDS,
    Mapping,
    guess_mapping,
    map_by_hand,
)
from licences.stock.sheets.judging import Fate, RowJudge
from tests.licences.stock.sheets.making import ISSUER, SOUND, TODAY, fate_of, rules


def couple(**cells: str) -> Fate:
    """A row of marriage certificates with columns for both."""
    kind = rules("结婚证")
    names = {
        "item:spouse_1_name": cells.get("first", "样例甲"),
        "item:spouse_2_name": cells.get("second", "样例乙"),
    }
    sound = {
        **SOUND, "licence_kind": "结婚证", "number": "J140525-2024-000003", "credit_code": "",
        "valid_until": "长期", "holder_id_number": "140525198506150025", "holder_name": "样例甲",
    }  # fmt: skip
    columns = {key: place for place, key in enumerate([*FIELDS, *names])}
    judge = RowJudge(kind, ISSUER, TODAY, Mapping(columns))
    return judge.judge(2, [*(sound.get(key, "") for key in FIELDS), *names.values()])


@pytest.mark.article("M.7")
def test_couple_when_the_holder_of_the_row_is_one_of_them_then_converted_in_either_order():
    for cells in ({}, {"first": "样例乙", "second": "样例甲"}):
        assert couple(**cells).outcome == "convert", couple(**cells).reason


@pytest.mark.article("M.7")
def test_couple_when_the_holder_of_the_row_is_neither_then_a_fault_in_its_cell():
    fate = couple(first="样例丙")
    assert [(one.field, one.kind) for one in fate.faults] == [
        ("item:spouse_1_name", RowFaultKind.NOT_THE_HOLDER)
    ]
    assert fate.reason == "第 2 行：这几位里没有持证人“样例甲”。请对照纸质证照改正"


def birth(number: str, document: str | None = None) -> Fate:
    """A row of birth certificates whose mother has an identity document."""
    kind = rules("出生医学证明")
    fields = {"item:mother_citizen_id": number}
    if document is not None:
        fields["item:mother_citizen_id.type"] = document
    sound = {
        **SOUND, "licence_kind": "出生医学证明", "number": "P14052500001", "credit_code": "",
        "valid_until": "长期", "holder_id_number": "140525198506150025",
        "issuing_department_code": "", "issuing_department": kind.issuing_department,
    }  # fmt: skip
    columns = {key: place for place, key in enumerate([*FIELDS, *fields])}
    judge = RowJudge(kind, ISSUER, TODAY, Mapping(columns))
    return judge.judge(2, [*(sound.get(key, "") for key in FIELDS), *fields.values()])


@pytest.mark.parametrize(
    ("number", "document", "stored"),
    [
        ("护照 e12345678", None, "普通护照 E12345678"),
        ("E12345678", "护照", "普通护照 E12345678"),
        ("140525198506150025", "居民身份证", "140525198506150025"),
        ("140525198506150025", None, "140525198506150025"),
    ],
)
def test_identity_number_when_its_type_is_in_the_cell_or_beside_it_then_kept(
    number, document, stored
):
    fate = birth(number, document)
    assert fate.values is not None, fate.reason
    assert fate.values["items"]["mother_citizen_id"] == stored


def test_identity_number_when_nothing_names_its_type_then_a_fault_in_its_cell():
    fate = birth("E12345678", "")
    assert [(one.field, one.kind) for one in fate.faults] == [
        ("item:mother_citizen_id", RowFaultKind.BAD_IDENTITY_NUMBER)
    ]
    assert rules("出生医学证明").item_names["mother_citizen_id.type"] == "母亲有效身份证件类型"


def person(document: str, number: str, kind=None, **cells: str) -> Fate:
    """A row of felling permits, which anybody may hold."""
    kind = kind or rules("林木采伐许可证")
    return fate_of(
        kind,
        licence_kind=kind.name,
        credit_code="",
        holder_id_type=document,
        holder_id_number=number,
        number="泽林采字〔2026〕12号",
        decided_on="2026-01-01",
        valid_from="2026-01-01",
        valid_until="2026-12-31",
        **cells,
    )


@pytest.mark.parametrize(
    ("document", "number", "stored"),
    [
        ("护照", "e12345678", ("414", "E12345678")),
        ("", "护照 E12345678", ("414", "E12345678")),
        ("居民身份证", "140525198506150025", ("111", "140525198506150025")),
        ("", "140525198506150025", ("111", "140525198506150025")),
        ("港澳居民来往内地通行证", "H12345678", ("516", "H12345678")),
        ("台胞证", "12345678", ("511", "12345678")),
        ("外国人永久居留身份证", "911124198108030024", ("999", "911124198108030024")),
        ("军官证", "南字第00012345号", ("114", "南字第00012345号")),
        ("统一社会信用代码", "91140525MA0000023A", ("001", "91140525MA0000023A")),
    ],
)
@pytest.mark.article("M.3")
def test_holder_when_the_row_names_the_document_then_it_is_theirs(document, number, stored):
    values = person(document, number).values
    assert values is not None, person(document, number).reason
    assert (values["holder_id_type"], values["holder_id_number"]) == stored
    assert values["holder_kind"] == ("legal_person" if stored[0] == "001" else "natural_person")


@pytest.mark.parametrize(
    ("document", "number", "field", "kind"),
    [
        ("工作证", "12345", "holder_id_type", RowFaultKind.UNSUPPORTED_IDENTITY),
        ("护照", "E1", "holder_id_number", RowFaultKind.BAD_IDENTITY_NUMBER),
        ("港澳通行证", "12345678", "holder_id_number", RowFaultKind.BAD_IDENTITY_NUMBER),
        ("", "E12345678", "holder_id_number", RowFaultKind.BAD_CITIZEN_ID),
        ("身份证", "140525198506150026", "holder_id_number", RowFaultKind.BAD_CITIZEN_ID),
    ],
)
def test_holder_when_the_document_or_its_number_cannot_be_then_a_fault_in_its_cell(
    document, number, field, kind
):
    fate = person(document, number)
    assert [(one.field, one.kind) for one in fate.faults] == [(field, kind)]


def test_holder_when_the_face_has_room_for_a_citizen_id_alone_then_the_catalogue_is_named():
    kind = replace(rules("退役军人优待证"), name="林木采伐许可证")
    fate = person("护照", "E12345678", kind)
    (fault,) = [one for one in fate.faults if one.kind == RowFaultKind.UNSUPPORTED_IDENTITY]
    assert (fault.field, fault.sentence) == (
        "holder_id_type",
        "照面上的“公民身份号码”写不下普通护照。"
        "请先在目录里把这一项改成带类型的身份证件号码，再转换",
    )


WIFE, HUSBAND = "140525198506150025", "140525199001011235"
COUPLE = {
    "item:spouse_1_name": "样例甲",
    "item:spouse_1_citizen_id": WIFE,
    "item:spouse_2_name": "样例乙",
    "item:spouse_2_citizen_id": "护照 E12345678",
}


def both(without: tuple[str, ...] = (), **cells: str) -> Fate:
    """A row of a ledger of marriages as a registry keeps it: both people, each with a number."""
    sound = {
        "number": "J140525-2024-000003", "decided_on": "2024-06-21", "valid_from": "2024-06-21",
        "valid_until": "长期", **COUPLE, **cells,
    }  # fmt: skip
    kept = {key: text for key, text in sound.items() if key not in without}
    kind = rules("结婚证")
    mapping = map_by_hand({key: at for at, key in enumerate(kept)}, len(kept), kind.named_by)
    return RowJudge(kind, ISSUER, TODAY, mapping).judge(2, list(kept.values()))


@pytest.mark.article("M.7", "M.10")
def test_couple_when_both_have_a_number_then_both_hold_the_licence_in_the_faces_order():
    values = both().values
    assert values is not None, both().reason
    assert (values["holder_name"], values["holder_id_number"]) == ("样例甲", WIFE)
    assert values["others"] == [
        {"kind": "natural_person", "name": "样例乙", "id_type": "414", "id_number": "E12345678"}
    ]
    assert values["items"]["holder_name"] == "样例甲、样例乙"
    assert values["items"]["spouse_2_citizen_id"] == "普通护照 E12345678"


@pytest.mark.parametrize(
    "cells",
    [
        {"holder_name": "样例乙"},
        {"holder_name": "样例甲、样例乙"},
        {"holder_name": "样例甲", "holder_id_number": WIFE},
        {"holder_name": "样例乙", "holder_id_number": "护照E12345678"},
    ],
)
def test_couple_when_the_notice_names_one_of_them_too_then_both_hold_it(cells):
    values = both(**cells).values
    assert values is not None, both(**cells).reason
    assert [values["holder_name"], *(one["name"] for one in values["others"])] == [
        "样例甲", "样例乙"
    ]  # fmt: skip


def test_couple_when_one_stands_in_the_notices_columns_alone_then_the_free_place_is_theirs():
    cells = {"holder_name": "样例甲", "holder_id_number": WIFE}
    fate = both(("item:spouse_1_name", "item:spouse_1_citizen_id"), **cells)
    assert fate.values is not None, fate.reason
    assert fate.values["items"]["spouse_1_citizen_id"] == WIFE
    assert [one["name"] for one in fate.values["others"]] == ["样例乙"]


@pytest.mark.parametrize(
    ("cells", "field", "kind"),
    [
        ({"holder_name": "样例丙"}, "holder_name", "not_the_holder"),
        ({"holder_name": "样例丙", "holder_id_number": HUSBAND}, "item:spouse_1_name",
         "not_the_holder"),
        ({"item:spouse_2_citizen_id": WIFE}, "item:spouse_2_citizen_id", "not_the_holder"),
        ({"item:spouse_2_citizen_id": "护照 E1"}, "item:spouse_2_citizen_id",
         "bad_identity_number"),
        ({"item:spouse_1_name": "", "item:spouse_2_name": ""}, "item:spouse_1_name",
         "no_holder_identity"),
    ],
)  # fmt: skip
def test_couple_when_it_cannot_be_so_then_a_fault_in_the_cell(cells, field, kind):
    fate = both(**cells)
    assert [(one.field, one.kind) for one in fate.faults] == [(field, kind)]


def test_couple_when_one_has_no_number_then_a_value_and_no_holder():
    fate = both(**{"item:spouse_2_citizen_id": ""})
    assert fate.values is not None, fate.reason
    assert "others" not in fate.values
    assert fate.values["items"]["spouse_2_name"] == "样例乙"


def test_ledger_of_marriages_when_it_says_man_and_woman_then_its_columns_are_known():
    kind = rules("结婚证")
    headings = [
        "结婚证字号", "男方姓名", "男方身份证号", "女方姓名", "女方证件类型", "女方证件号码",
        "登记日期",
    ]  # fmt: skip
    mapping = guess_mapping(headings, kind.item_names, kind.named_by)
    assert [key for key, at in sorted(mapping.columns.items(), key=lambda one: one[1])][-6:-1] == [
        "item:spouse_1_name",
        "item:spouse_1_citizen_id",
        "item:spouse_2_name",
        "item:spouse_2_citizen_id.type",
        "item:spouse_2_citizen_id",
    ]
    # of a kind with one holder they are nobody's
    assert guess_mapping(["男方姓名"], rules().item_names, rules().named_by).unknown == (
        "男方姓名",
    )


TRADER = "92140525MA00000035"


def trader(**cells: str) -> Fate:
    """A row of food licences whose holder is a sole trader."""
    kind = rules()
    sound = {**SOUND, "credit_code": TRADER, "operator_name": "侯麦香", **cells}
    judge = RowJudge(kind, ISSUER, TODAY, guess_mapping(list(ALL_FIELDS.values())))
    fields = {**sound, "term": ""}
    return judge.judge(2, [fields.get(key, "") for key in ALL_FIELDS])


@pytest.mark.article("M.3")
def test_trader_when_the_row_names_its_operator_then_kept_beside_the_holder():
    fate = trader(operator_id_number=WIFE)
    assert fate.values is not None, fate.reason
    assert fate.values["holder_kind"] == "sole_trader"
    assert fate.values["operator"] == {
        "kind": "natural_person", "name": "侯麦香", "id_type": "111", "id_number": WIFE
    }  # fmt: skip
    unnamed = trader(holder_name="", operator_id_number="护照 E12345678")
    assert unnamed.values is not None, unnamed.reason
    assert unnamed.values["holder_name"] == "侯麦香"
    assert unnamed.values["operator"]["id_type"] == "414"


def test_trader_when_nothing_names_an_operator_with_a_number_then_none_is_kept():
    for cells in ({}, {"operator_id_number": WIFE, "credit_code": SOUND["credit_code"]}):
        fate = trader(**cells)
        assert fate.values is not None, fate.reason
        assert "operator" not in fate.values


@pytest.mark.parametrize(
    ("cells", "field", "kind"),
    [
        ({"operator_id_number": "140525198506150026"}, "operator_id_number", "bad_citizen_id"),
        ({"operator_id_number": TRADER, "operator_id_type": "统一社会信用代码"},
         "operator_id_type", "bad_identity_number"),
        ({"operator_id_number": WIFE, "operator_name": "", "legal_representative": ""},
         "operator_name", "missing_holder_name"),
    ],
)  # fmt: skip
def test_trader_when_its_operator_cannot_be_then_a_fault_in_the_cell(cells, field, kind):
    fate = trader(**cells)
    assert [(one.field, one.kind) for one in fate.faults] == [(field, kind)]
