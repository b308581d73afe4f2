"""Who looked at one licence or at what is one person's: found, and answered on paper (M.25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.supervision.selectors import TrailQuery, records_found
from audit.supervision.services.trail_searching import check_period
from audit.supervision.things import ACCOUNT, Thing, things_found
from audit.supervision.wording import wording_of
from audit.trail.recording import acting
from audit.trail.selectors import Record
from audit.trail.vocabulary.acts import LOOKS_CODE
from audit.trail.vocabulary.facts import FACTS
from audit.trail.vocabulary.reading import fact_in_words, words_of_record
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.pagekit.timeline import official_masked, outcome_words
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.articles import article
from zezhou_portal.regulation.errors import FormFault, RuleBroken

MOST_ROWS = 1_000
_FINDING = Subject("trail", "find", "查找证照和人")
# What tells a complainant why somebody looked, in this order.
_WHY = ("purpose", "application_number", "identity_check", "on_day", "what", "items")


@dataclass(frozen=True)
class Access:
    """One access, as a complainant reads it: when, who, what, why, and what came of it."""

    at: object
    who: str
    what: str
    why: str
    article: str


def find(*, actor: Actor, text: str) -> list[Thing]:
    """Licences, holders and officials that a number or a name finds; the search is on the record.

    Raises RuleBroken for a text too short to be looked for. Article: M.25.
    """
    with acting(actor, Action.TRAIL_SUBJECTS_FOUND, _FINDING) as act:
        permit(actor, Capability.SEARCH_TRAIL)
        act.secret("search", text.strip())
        if len(text.strip()) < 2:
            sentence = "至少写两个字"
            raise FormFault("M.25", f"{sentence}。", fields={"q": sentence})
        found = things_found(text)
        act.note("found", len(found))
    return found


def answer_access(*, actor: Actor, thing: Thing, first: date, last: date) -> list[Access]:
    """Every access to a licence, or to what is a holder's, in a period, the newest first.

    The answer is an act on the thing itself: its history tells that it was given. Raises
    RuleBroken for an official, a wrong period, or more than `MOST_ROWS`. Article: M.25.
    """
    with acting(actor, Action.ACCESS_ANSWERED, thing.subject) as act:
        permit(actor, Capability.SEARCH_TRAIL)
        if thing.kind == ACCOUNT:
            raise RuleBroken("M.25", "查看记录按证照或持证人出具，不按工作人员。")
        query = TrailQuery(first=first, last=last, about=thing, action=LOOKS_CODE)
        check_period(query)
        rows = list(records_found(query)[: MOST_ROWS + 1])
        if len(rows) > MOST_ROWS:
            raise RuleBroken("M.25", f"超过 {MOST_ROWS:,} 条，请缩短日期，分几次出具。")
        act.note("first", first.isoformat())
        act.note("last", last.isoformat())
        act.note("found", len(rows))
    return _accesses(rows, thing)


def _accesses(rows: Sequence[Record], thing: Thing) -> list[Access]:
    wording = wording_of(rows)
    told: list[Access] = []
    for row in rows:
        items = wording.items.get((row.subject_kind, row.subject_key), {})
        why = [
            f"{FACTS[name].words}：{fact_in_words(name, row.facts[name], row.subject_kind, items)}"
            for name in _WHY
            if row.facts.get(name)
        ]
        what = words_of_record(row.action, row.facts)
        told.append(
            Access(
                at=row.at,
                who=_who(row, thing),
                what=f"{what}{outcome_words(row)}",
                why="；".join(why) or "没有另写用途",
                article=article(row.article).name,
            )
        )
    return told


def _who(row: Record, thing: Thing) -> str:
    """Who looked, as somebody outside may know them: an official by department and surname."""
    if row.actor_kind == ActorKind.HOLDER.value:
        return "持证人本人" if row.actor_key in thing.own_keys else "代办人或者共同持证人"
    return official_masked(row)
