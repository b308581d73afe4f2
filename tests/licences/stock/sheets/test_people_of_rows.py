"""Who stands in a row: its holder in one of the columns, identity numbers with their type (M.7)."""

import pytest

from licences.stock.sheets.cells import RowFaultKind
from licences.stock.sheets.headings import FIELDS, Mapping
from licences.stock.sheets.judging import Fate, RowJudge
from tests.licences.stock.sheets.making import ISSUER, SOUND, TODAY, rules


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
