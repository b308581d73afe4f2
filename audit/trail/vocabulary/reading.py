"""A record of the trail in words: its act, and its facts one by one.

A code that is not known is read as it stands: what was written once is never hidden.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from audit.trail.vocabulary.acts import (
    FORMER,
    ICONS,
    LOOKS,
    LOOKS_CODE,
    LOOKS_WORDS,
    READINGS,
    RETIRED,
    TROUBLE,
)
from audit.trail.vocabulary.facts import FACTS, Fact, Reading, codes_of, states_of
from zezhou_portal.kernel.clock import BEIJING
from zezhou_portal.kernel.timing import words_when_met_late
from zezhou_portal.regulation.actions import BY_CODE, Action
from zezhou_portal.regulation.articles import ARTICLES, article

DIGEST = "hmac:"
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HOLDER = "holder:"  # what a holder's number is called where one is opened
_LISTED = frozenset({Reading.LIST, Reading.ITEM, Reading.TERM})


def act_of(code: str) -> Action | None:
    """The act of a code, by whichever name it was written; None for one nobody does any more."""
    return BY_CODE.get(code) or FORMER.get(code)


def act_as_read(code: str, facts: Mapping[str, Any]) -> str:
    """The code that a record is read by.

    Clocks that were met too late were once recorded as met, with the fact `was_late`: such a
    record is read for what it says, never as met in time.
    """
    is_late = code == Action.CLOCK_MET.code and facts.get("was_late") is True
    return Action.CLOCK_MET_LATE.code if is_late else code


def words_of_record(code: str, facts: Mapping[str, Any]) -> str:
    """What a record says was done; of a clock met late by how many working days."""
    read = act_as_read(code, facts)
    days = facts.get("days_late")
    if read == Action.CLOCK_MET_LATE.code and isinstance(days, int):
        return words_when_met_late(days)
    return words_of(read)


def words_of(code: str) -> str:
    """What an act is called."""
    action = act_of(code)
    return action.words if action else RETIRED.get(code, code)


def icon_of(code: str) -> str:
    """The icon of an act."""
    action = act_of(code)
    return ICONS[action] if action else "circle"


def voice_of(code: str) -> str:
    """How an act stands on a timeline: quiet for a reading, heed for trouble, else plain."""
    action = act_of(code)
    if action in TROUBLE:
        return "heed"
    return "quiet" if action in READINGS else ""


def codes_of_acts(actions: Iterable[Action]) -> list[str]:
    """The codes under which acts stand on the trail: their own and their former ones."""
    wanted = set(actions)
    former = [code for code, now in FORMER.items() if now in wanted]
    return [*sorted(action.code for action in wanted), *former]


def codes_found_by(code: str) -> list[str]:
    """The codes that a search for an act's code finds."""
    if code == LOOKS_CODE:
        return codes_of_acts(LOOKS)
    action = act_of(code)
    return [code] if action is None else codes_of_acts([action])


def choices() -> list[tuple[str, str]]:
    """Code and words of every act that the trail may hold, in the order of the words.

    First the question who looked, which is for all acts of looking together.
    """
    every = [*((one.code, one.words) for one in Action), *RETIRED.items()]
    return [(LOOKS_CODE, LOOKS_WORDS), *sorted(every, key=lambda one: one[1])]


def facts_in_words(
    subject_kind: str,
    facts: Mapping[str, Any],
    items: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[tuple[str, str]]:
    """Name and value of each fact, in the vocabulary's order: the database keeps none.

    `items` are the names of data items by their keys, `names` those of whatever else a fact
    names by key.
    """
    if facts.get("was_late") is True and facts.get("clock_state") == "MET":
        facts = {**facts, "clock_state": "MET_LATE"}  # see `act_as_read`
    known = [name for name in FACTS if name in facts]
    return [
        (fact_words(name), fact_in_words(name, facts[name], subject_kind, items or {}, names))
        for name in [*known, *sorted(facts.keys() - FACTS.keys())]
    ]


def fact_words(name: str) -> str:
    """What a fact is called."""
    return FACTS[name].words if name in FACTS else name


def fact_in_words(
    name: str,
    value: Any,
    subject_kind: str,
    items: Mapping[str, str],
    names: Mapping[str, str] | None = None,
) -> str:
    """One value in words; what was before and what came after with an arrow."""
    fact = FACTS.get(name, Fact(name))
    codes = {**(names or {}), **_words(name, fact.reading, subject_kind, items)}
    if _is_change(fact.reading, value):
        before, after = (_read(fact.reading, one, codes) for one in value)
        return f"{before or '（空）'} → {after or '（空）'}"
    return _read(fact.reading, value, codes)


def _is_change(reading: Reading, value: Any) -> bool:
    """Whether a value is what was before and what came after, and not a list of two."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    return reading not in _LISTED or all(isinstance(one, list) for one in value)


def _words(
    name: str, reading: Reading, subject_kind: str, items: Mapping[str, str]
) -> Mapping[str, str]:
    if reading is Reading.STATE:
        return states_of(subject_kind)
    return {**codes_of(name), **items} if reading is Reading.ITEM else codes_of(name)


def _read(reading: Reading, value: Any, codes: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str() if value.startswith(DIGEST):
            return "（个人信息，只留摘要）"
        case dict():
            return "、".join(f"{codes.get(key, key)} {number}" for key, number in value.items())
        case list() if reading is Reading.TERM:
            return _term(value)
        case list():
            return "、".join(_read(reading, one, codes) for one in value)
        case str() if reading is Reading.ITEM and value.startswith(HOLDER):
            return "持证人证件号码"
        case _ if reading is Reading.DAY:
            return _moment(str(value))
        case _ if reading is Reading.ACT:
            return LOOKS_WORDS if value == LOOKS_CODE else words_of(str(value))
        case _ if reading is Reading.ARTICLE and str(value) in ARTICLES:
            return article(str(value)).name
        case _:
            return codes.get(str(value)) or _shortened(str(value))


def _shortened(text: str) -> str:
    """A key of a row that nobody can name any more, so short that it is not taken for words."""
    return f"（编号 {text[:8]}）" if _KEY.fullmatch(text) else text


def _term(value: Sequence[Any]) -> str:
    first, last = (_moment(str(one)) for one in (*value, "")[:2])
    return f"{first} 至 {last}" if last else f"{first} 起"


def _moment(text: str) -> str:
    """A day or a moment as people write it; anything else as it stands."""
    try:
        if len(text) == len("2026-11-18"):
            day = date.fromisoformat(text)
            return f"{day.year}年{day.month}月{day.day}日"
        at = datetime.fromisoformat(text).astimezone(BEIJING)
    except ValueError:
        return text
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
