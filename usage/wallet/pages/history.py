"""How much of a licence's history its holder is told: who, when, why, which items (M.20, M.25).

An official is named by department, role and surname; who looked without signing in is nobody
known. Of others who hold a licence too, a holder learns that they did something, not what for
(ours, M.26).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.trail.selectors import Record
from audit.trail.vocabulary.reading import fact_in_words, fact_words
from usage.verifying.outcomes import BY_KEY
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.pagekit.timeline import Event, official_masked, timeline

# What a holder is told of an act, in this order.
_TOLD = ("mode", "purpose", "items", "outcome")


@dataclass(frozen=True)
class Viewer:
    """Whose history it is: the person who looks, who acts or acted for the same holder, and what
    the licence's data items are called.
    """

    key: str
    agents: Mapping[str, str]
    items: Mapping[str, str]

    def who(self, record: Record) -> str:
        """Who did it, as the holder may know them."""
        if record.actor_kind == ActorKind.HOLDER.value:
            return self._holder(record)
        return official_masked(record)

    def details(self, record: Record) -> Sequence[str]:
        """Why, which items, and what came of it; nothing of what another holder did."""
        if record.outcome != "done" or not self._may_know_why(record):
            return ()
        facts = {name: record.facts[name] for name in _TOLD if record.facts.get(name)}
        if isinstance(keys := facts.get("items"), list):
            facts["items"] = [key for key in keys if key in self.items]
        return [
            f"{fact_words(name)}：{fact_in_words(name, value, record.subject_kind, self.items)}"
            for name, value in facts.items()
            if value
        ]

    def _holder(self, record: Record) -> str:
        if record.actor_key == self.key:
            return "您本人"
        if record.actor_key in self.agents:
            return f"{record.actor_name} {self.agents[record.actor_key][:1]}某"
        return "共同持有人一方"

    def _may_know_why(self, record: Record) -> bool:
        if record.actor_kind != ActorKind.HOLDER.value:
            return True
        return record.actor_key == self.key or record.actor_key in self.agents


def history(records: Iterable[Record], viewer: Viewer) -> list[Event]:
    """Records of the trail as their holder reads them: no article, a failed check heeded."""
    rows = list(records)
    events = timeline(rows, who=viewer.who, details=viewer.details)
    return [
        replace(event, reference="", voice="heed" if _has_failed(record) else event.voice)
        for record, event in zip(rows, events, strict=True)
    ]


def _has_failed(record: Record) -> bool:
    outcome = BY_KEY.get(str(record.facts.get("outcome", "")))
    return outcome is not None and outcome.verdict.value != "passed"
