"""Acts and facts in words: what is read, what cannot be written, what was called otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from audit.trail.models import Record
from audit.trail.recording import Act, acting, record
from audit.trail.vocabulary.acts import FORMER, RETIRED
from audit.trail.vocabulary.facts import UnknownFact, give_words
from audit.trail.vocabulary.reading import (
    act_as_read,
    choices,
    codes_found_by,
    fact_in_words,
    facts_in_words,
    icon_of,
    voice_of,
    words_of,
    words_of_record,
)
from tests.cast import Cast
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

SUBJECT = Subject("licence", "1", "某证照")

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.mark.article("M.25")
@pytest.mark.parametrize(
    "write",
    [
        lambda act: act.note("weather", 1),
        lambda act: act.fact("weather", "", "rain"),
        lambda act: act.secret("weather", "rain"),
        lambda act: act.note_all({"state": "IN_FORCE", "weather": 1}),
        lambda act: act.add_record(SUBJECT, {"weather": 1}),
    ],
)
def test_fact_when_it_has_no_words_then_nothing_is_written(
    cast: Cast, write: Callable[[Act], None]
) -> None:
    with (
        pytest.raises(UnknownFact, match="weather"),
        acting(cast.actor("market.clerk"), Action.LICENCE_CONSULTED, SUBJECT) as act,
    ):
        write(act)
    assert [row.outcome for row in Record.objects.using("refusals").all()] == ["failed"]
    assert not Record.objects.filter(outcome="done").exists()


@pytest.mark.article("M.25")
def test_record_when_a_fact_has_no_words_then_not_written(cast: Cast) -> None:
    with pytest.raises(UnknownFact):
        record(cast.actor("market.clerk"), Action.LOGGED_IN, SUBJECT, {"weather": 1})
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "kind", "said"),
    [
        ("state", ["IN_FORCE", "DETAINED"], "licence", "有效 → 暂扣"),
        ("state", ["", "RECEIVED"], "application", "（空） → 待采集"),
        ("message_state", "REFUSED", "licence", "市平台退回"),
        ("reason", "hmac:00ff", "licence", "（个人信息，只留摘要）"),
        ("reason", "name_differed", "mandate", "委托时填的姓名和公民身份号码对不上"),
        ("locked", [True, False], "account", "是 → 否"),
        ("found", False, "holder", "否"),
        ("found", 3, "holders", "3"),
        ("until", "2026-11-18", "mandate", "2026年11月18日"),
        ("until", "2026-11-18T02:05:00+00:00", "presentation", "2026年11月18日 10:05"),
        ("last_day", ["2027-01-05", "2027-01-06"], "licence", "2027年1月5日 → 2027年1月6日"),
        ("term", ["2026-11-18", ""], "posting", "2026年11月18日 起"),
        ("term", ["2026-11-18", "2027-11-17"], "posting", "2026年11月18日 至 2027年11月17日"),
        ("row_span", [2, 101], "stock_batch", "2 至 101"),
        ("functions", ["issuing", "using"], "department", "制发单位、应用单位"),
        ("functions", [["issuing"], ["issuing", "using"]], "department",
         "制发单位 → 制发单位、应用单位"),
        ("fates", {"convert": 3, "fault": 1}, "stock_batch", "可转换 3、有误 1"),
        ("open_work", {"办件": 2}, "account", "办件 2"),
        ("items", ["name", "other"], "licence", "名称、other"),
        ("what", "holder:0", "licence", "持证人证件号码"),
        ("action", "matter_received", "trail", "收件"),
        ("first", "not a day", "trail", "not a day"),
        ("purpose", None, "licence", ""),
        ("weather", "rain", "licence", "rain"),
    ],
)  # fmt: skip
def test_fact_when_read_then_in_words(name: str, value: Any, kind: str, said: str) -> None:
    assert fact_in_words(name, value, kind, {"name": "名称"}) == said


def test_facts_when_read_then_each_with_its_name() -> None:
    facts = {"weather": 1, "version": 2, "last": "2026-11-18", "first": "2026-11-17"}
    assert facts_in_words("licence", facts) == [
        ("从哪天", "2026年11月17日"),
        ("到哪天", "2026年11月18日"),
        ("版本", "2"),
        ("weather", "1"),
    ]


@pytest.mark.article("M.25")
@pytest.mark.parametrize("code", sorted(FORMER))
def test_act_when_it_was_called_otherwise_then_read_and_found_by_its_present_name(
    code: str,
) -> None:
    now = FORMER[code]
    assert words_of(code) == now.words
    assert icon_of(code) == icon_of(now.code)
    assert voice_of(code) == voice_of(now.code)
    assert code in codes_found_by(now.code)
    assert now.code in codes_found_by(code)


@pytest.mark.article("M.29")
def test_clock_when_it_was_met_late_then_never_read_as_met_in_time() -> None:
    """Before there was an act of its own, a clock met late was recorded as met."""
    before = {"clock_state": "MET", "was_late": True}
    assert words_of_record("clock_met", before) == "办结（超期）"
    assert ("时限状态", "办结（超期）") in facts_in_words("licence", before)
    assert words_of_record("clock_met", {"clock_state": "MET", "was_late": False}) == "按时办结"
    assert words_of_record("clock_met_late", {"days_late": 3}) == "办结（超期 3 个工作日）"
    assert act_as_read("clock_met", before) == "clock_met_late"


@pytest.mark.article("M.25")
def test_act_when_nobody_does_it_any_more_then_still_read_and_asked_for() -> None:
    for code, words in RETIRED.items():
        assert words_of(code) == words
        assert (code, words) in choices()
        assert codes_found_by(code) == [code]
    assert words_of("never_heard_of") == "never_heard_of"


def test_words_when_a_code_is_given_another_meaning_then_refused() -> None:
    give_words(states={"licence": {"IN_FORCE": "有效"}})
    with pytest.raises(ValueError, match="two meanings"):
        give_words(states={"licence": {"IN_FORCE": "无效"}})
    with pytest.raises(UnknownFact):
        give_words(codes={"weather": {"rain": "雨"}})
