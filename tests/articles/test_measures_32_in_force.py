"""M.32: the Measures ended after two years; what cites them says so and names the successor."""

from datetime import date

import pytest
from django.test import Client

from zezhou_portal.parties.instruments.selectors import present_instruments
from zezhou_portal.parties.instruments.services import confirm_successor, load_successor
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation import limits
from zezhou_portal.regulation.articles import article
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.instruments import MEASURES

pytestmark = pytest.mark.article("M.32")
SUCCESSOR = {
    "replaces": "M",
    "title": "泽州县电子证照管理和应用办法",
    "number": "泽政办发〔2026〕1号",
    "in_force_from": date(2026, 1, 1),
    "text": "第一条",
}


def test_term_when_read_then_two_years_from_issue() -> None:
    assert (MEASURES.issued_on, MEASURES.ends_on) == (date(2022, 11, 25), date(2024, 11, 24))
    assert limits.MEASURES_VALID_YEARS == 2
    assert not article("M.9").in_force(date(2022, 11, 24))
    assert article("M.9").in_force(date(2022, 11, 25))
    assert article("M.9").in_force(date(2024, 11, 24))
    assert not article("M.9").in_force(date(2024, 11, 25))


def test_text_when_ended_without_a_successor_then_says_so(db, wednesday) -> None:
    measures = present_instruments(date(2026, 11, 18))[0]
    assert (measures.in_force, measures.words) == (
        False,
        "《办法》已于 2024-11-24 届满，还没有登记后续文件",
    )
    assert "2024年11月24日" in Client().get("/regulation/").content.decode()


def test_text_when_its_successor_is_confirmed_by_another_then_named_from_its_day_on(cast) -> None:
    row = load_successor(actor=cast.actor("bureau.administrator"), **SUCCESSOR)
    assert not present_instruments(date(2026, 1, 1))[0].in_force
    confirm_successor(actor=cast.actor("bureau.supervisor"), instrument=row)
    assert not present_instruments(date(2025, 12, 31))[0].in_force
    measures = present_instruments(date(2026, 1, 1))[0]
    assert measures.in_force
    assert measures.words == (
        "《办法》由《泽州县电子证照管理和应用办法》（泽政办发〔2026〕1号）接替"
    )


def test_successor_when_loaded_by_another_or_before_the_text_itself_then_refused(cast) -> None:
    with pytest.raises(NotPermitted):
        load_successor(actor=cast.actor("market.signatory"), **SUCCESSOR)
    with pytest.raises(RuleBroken) as refusal:
        load_successor(
            actor=cast.actor("bureau.administrator"),
            **{**SUCCESSOR, "in_force_from": date(2022, 11, 25)},
        )
    assert refusal.value.fields == {
        "in_force_from": "后续文件不会早于原文件的印发日期（2022-11-25）。请核对。"
    }
    assert SuccessorInstrument.objects.count() == 0
