"""What happened to something, as every page tells it: records of the trail in one line of time.

`components/_timeline.html` shows the events. Words and icons are the vocabulary's; a page only
chooses how much its viewer is told: who did it, and which facts (M.25).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.trail.selectors import Record
from audit.trail.vocabulary.reading import (
    act_as_read,
    facts_in_words,
    icon_of,
    voice_of,
    words_of_record,
)
from zezhou_portal.kernel.actors import ActorKind

_ENDINGS = {"refused": "没有办成", "failed": "出错"}


@dataclass(frozen=True)
class Event:
    """What happened, when, by whom; `voice` is quiet, heed or empty, `reference` an article."""

    at: datetime
    what: str
    who: str = ""
    icon: str = "circle"
    voice: str = ""
    reference: str = ""
    details: Sequence[str] = ()
    link: str = ""


def official(record: Record) -> str:
    """Who did it, as officials read it: department, name and posting, and why it was refused."""
    who = " · ".join(part for part in (record.department_name, record.actor_name) if part)
    if record.actor_role:
        who = f"{who}（{record.actor_role}）"
    if record.outcome == "failed":  # what is recorded is the name of a fault in the program
        return f"{who}：系统出错，没有办成"
    return f"{who}：{record.reason}" if record.reason else who


def official_masked(record: Record) -> str:
    """Who did it, as somebody outside may know them: department, posting and surname (M.26)."""
    match record.actor_kind:
        case ActorKind.OFFICIAL.value:
            person = f"{record.actor_name[:1]}某" if record.actor_name else ""
            role = f"{record.actor_role} {person}".strip()
            return " · ".join(part for part in (record.department_name, role) if part)
        case ActorKind.SYSTEM.value:
            by = record.department_name
            return f"{by}的业务系统" if by else "业务系统"
        case ActorKind.MACHINE.value:
            return "门户自动办理"
        case _:
            return "没有登录的人"


def no_details(record: Record) -> Sequence[str]:  # noqa: ARG001
    """For a short timeline: the act says enough."""
    return ()


def no_link(record: Record) -> str:  # noqa: ARG001
    """For a timeline whose viewers are told what stands in it and no more."""
    return ""


def facts(record: Record) -> Sequence[str]:
    """Every fact of a record by its name."""
    found = facts_in_words(record.subject_kind, record.facts)
    return [f"{name}：{value}" for name, value in found]


def timeline(
    records: Iterable[Record],
    *,
    who: Callable[[Record], str] = official,
    details: Callable[[Record], Sequence[str]] = no_details,
    link: Callable[[Record], str] = no_link,
) -> list[Event]:
    """Records of the trail as events, in their order; what was not done is told too."""
    return [_event(record, who(record), details(record), link(record)) for record in records]


def _event(record: Record, who: str, details: Sequence[str], link: str) -> Event:
    code = act_as_read(record.action, record.facts)
    return Event(
        at=record.at,
        what=_what(record),
        who=who,
        icon=icon_of(code),
        voice=voice_of(code) if record.outcome == "done" else "heed",
        reference=record.article,
        details=details,
        link=link,
    )


def _what(record: Record) -> str:
    return f"{words_of_record(record.action, record.facts)}{outcome_words(record)}"


def outcome_words(record: Record) -> str:
    """What came of an act that was not done, in brackets; nothing where it was."""
    ending = _ENDINGS.get(record.outcome, "")
    return f"（{ending}）" if ending else ""
