"""Citizen ids in words that people type: masked wherever they are kept (M.26)."""

import pytest

from zezhou_portal.kernel.redaction import without_people

NUMBER = "140525199001010099"
MASKED = "140525********0099"


@pytest.mark.article("M.26")
@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (f"证照编号 {NUMBER} 已经用过", f"证照编号 {MASKED} 已经用过"),
        (f"{NUMBER}.xlsx", f"{MASKED}.xlsx"),
        (f"张三{NUMBER}李四", f"张三{MASKED}李四"),
        ({"reason": [NUMBER, 3, None]}, {"reason": [MASKED, 3, None]}),
        ("甲\0乙", "甲乙"),
    ],
)
def test_words_when_they_hold_a_citizen_id_then_masked(told, kept) -> None:
    assert without_people(told) == kept


@pytest.mark.parametrize(
    "told",
    [
        "140525199001010098",  # no citizen id by its check character
        "11140525291417770X",
        "1.2.156.3005.2.11100000MB0143028R001.1114052529141777X1.202600000001.001.5",
        "a" * 23 + NUMBER + "b" * 23,  # a digest
        {"state": ["", "RECEIVED"], "count": 2, "done": True},
    ],
)
def test_words_when_they_hold_none_then_as_they_stand(told) -> None:
    assert without_people(told) == told
