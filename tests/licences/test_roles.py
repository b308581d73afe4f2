"""What a data item says of a holder, and whether face and holders agree (M.7)."""

import pytest

from licences.data_items import DataItem
from licences.roles import (
    ItemRole,
    Part,
    Party,
    count_fault,
    disagreements,
    known_of,
    role_of,
    role_words,
)
from tests.factories.parties import citizen_id, credit_code
from zezhou_portal.regulation.errors import Fault

pytestmark = pytest.mark.article("M.7")
A, B, STRANGER = citizen_id(601), citizen_id(602), citizen_id(603)
HUSBAND = Party("甲样例", "111", A)
WIFE = Party("乙样例", "111", B)
COUPLE = [
    DataItem("holder_name", "持证人", "text"),
    DataItem("spouse_1_name", "姓名（一）", "text"),
    DataItem("spouse_1_citizen_id", "身份证件号（一）", "citizen_id"),
    DataItem("spouse_2_name", "姓名（二）", "text"),
    DataItem("spouse_2_citizen_id", "身份证件号（二）", "citizen_id"),
]


def couple(*cells: str, together: str = "甲样例、乙样例") -> dict[str, str]:
    """The values of a marriage certificate: name, number, name, number."""
    return dict(zip([item.key for item in COUPLE], [together, *cells], strict=True))


def told(faults: list[Fault]) -> dict[str, str]:
    return {fault.field: fault.sentence for fault in faults}


def test_role_when_the_entry_says_nothing_then_that_of_the_standard_key() -> None:
    assert [role_of(item) for item in COUPLE] == [
        ItemRole(Part.NAME),
        ItemRole(Part.NAME, 1),
        ItemRole(Part.NUMBER, 1),
        ItemRole(Part.NAME, 2),
        ItemRole(Part.NUMBER, 2),
    ]
    assert role_of(DataItem("legal_representative", "法定代表人", "text")).part == "representative"
    assert role_of(DataItem("item_3", "备注", "text")) == ItemRole(Part.NONE)
    not_of_holder = DataItem("credit_code", "建设单位代码", "credit_code", role="none")
    assert role_of(not_of_holder) == ItemRole(Part.NONE)
    assert role_words(not_of_holder) == ""
    made = DataItem("item_4", "另一半", "text", role="holder_name", holder=2)
    assert role_words(made) == "第 2 位持证人的名称（姓名）"


@pytest.mark.parametrize(
    ("cells", "parties"),
    [
        (("甲样例", A, "乙样例", B), [HUSBAND, WIFE]),
        (("乙样例", B, "甲样例", A), [HUSBAND, WIFE]),
        (("甲样例", A, "乙样例", B), [WIFE, HUSBAND]),
        (("甲样例", A, "乙样例", ""), [HUSBAND, WIFE]),
    ],
)
def test_columns_when_each_names_one_holder_whole_then_in_either_order(
    cells: tuple[str, ...], parties: list[Party]
) -> None:
    assert disagreements(COUPLE, couple(*cells), parties) == []


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        (("甲样例", STRANGER, "乙样例", B), ["spouse_1_citizen_id"]),
        (("乙样例", B, "甲样例", STRANGER), ["spouse_2_citizen_id"]),
        (("丙样例", A, "乙样例", B), ["spouse_1_name"]),
        (("甲样例", B, "乙样例", A), ["spouse_1_name", "spouse_2_name"]),
        (("甲样例", A, "甲样例", A), ["spouse_2_name", "spouse_2_citizen_id"]),
        (("丙样例", STRANGER, "乙样例", B), ["spouse_1_name", "spouse_1_citizen_id"]),
    ],
)
def test_columns_when_one_names_a_stranger_then_a_fault_there(
    cells: tuple[str, ...], fields: list[str]
) -> None:
    faults = disagreements(COUPLE, couple(*cells), [HUSBAND, WIFE])
    assert [fault.field for fault in faults] == fields
    assert {fault.kind.value for fault in faults} == {"contradicts"}


def test_columns_when_a_holder_was_not_chosen_then_said() -> None:
    faults = told(disagreements(COUPLE, couple("甲样例", A, "乙样例", B), [HUSBAND]))
    assert faults["spouse_2_name"].startswith("收件时没有选这一位持证人")
    assert count_fault(COUPLE, 1) == "照面上有 2 位持证人，现在选了 1 位。请把持证人选齐"
    assert count_fault(COUPLE, 3) == "照面上只写得下 2 位持证人，现在选了 3 位。请核对"
    assert count_fault(COUPLE, 2) == count_fault(COUPLE[:1], 5) == ""


def test_names_together_when_in_another_order_then_the_same_people() -> None:
    parties = [HUSBAND, WIFE]
    assert disagreements(COUPLE[:1], {"holder_name": "乙样例，甲样例"}, parties) == []
    assert told(disagreements(COUPLE[:1], {"holder_name": "甲样例"}, parties)) == {
        "holder_name": "与选定的持证人（甲样例、乙样例）不一致。请改正，或另选持证人"
    }


@pytest.mark.parametrize(
    ("party", "typed", "sentence"),
    [
        (WIFE, A, "与选定持证人登记的公民身份号码不一致。请核对"),
        (
            Party("乙样例"),
            A,
            "“乙样例”登记里还没有证件号码，核对不了。请先在持证人信息里补上号码",
        ),
        (
            Party("乙样例", "414", "E12345678"),
            A,
            "“乙样例”登记的是普通护照，这里填的是公民身份号码，核对不上。请核对持证人",
        ),
    ],
)
def test_number_when_it_is_not_the_holders_then_a_sentence_for_each_way(
    party: Party, typed: str, sentence: str
) -> None:
    item = DataItem("citizen_id", "公民身份号码", "citizen_id")
    assert told(disagreements([item], {"citizen_id": typed}, [party])) == {"citizen_id": sentence}


def test_representative_when_the_register_knows_one_then_no_other() -> None:
    item = DataItem("legal_representative", "法定代表人", "text")
    known = Party("样例公司", "001", credit_code(7), ("侯㛃", "郭样例"))
    unknown = Party("样例公司", "001", credit_code(7))
    for name in known.representatives:
        assert disagreements([item], {item.key: name}, [known]) == []
    assert disagreements([item], {item.key: "某人"}, [unknown]) == []
    assert told(disagreements([item], {item.key: "某人"}, [known]))[item.key].startswith(
        "与登记的（侯㛃或郭样例）不是同一人"
    )


def test_known_when_holders_say_it_then_nobody_is_asked_twice() -> None:
    assert known_of(COUPLE, [HUSBAND, WIFE]) == couple("甲样例", A, "乙样例", B)
    assert known_of(COUPLE[:3], [Party("丙样例", "414", "E12345678")]) == {
        "holder_name": "丙样例",
        "spouse_1_name": "丙样例",
    }
    item = DataItem("legal_representative", "法定代表人", "text")
    assert known_of([item], [Party("样例公司", representatives=("侯㛃",))]) == {item.key: "侯㛃"}
    assert known_of([item], [Party("样例公司", representatives=("侯㛃", "郭样例"))]) == {}


def test_row_when_it_names_one_of_two_then_the_other_column_is_theirs() -> None:
    cells = couple("乙样例", B, "甲样例", A)
    assert disagreements(COUPLE[1:], cells, [HUSBAND], knows_all=False) == []
    stranger = Party("丙样例", "111", STRANGER)
    assert told(disagreements(COUPLE[1:], cells, [stranger], knows_all=False)) == {
        "spouse_1_name": "这几位里没有持证人“丙样例”。请对照纸质证照改正"
    }
    mixed = couple("甲样例", B, "乙样例", A)
    assert list(told(disagreements(COUPLE[1:], mixed, [HUSBAND], knows_all=False))) == [
        "spouse_2_name"
    ]
