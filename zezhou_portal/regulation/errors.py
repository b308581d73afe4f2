"""The two ways in which the portal says no on purpose, and what is wrong with a value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """In what way a value is wrong: whoever acts on a fault asks this, never its sentence.

    What judges by finer kinds, as a permit sheet does, has a list of its own.
    """

    MISSING = "missing"
    MALFORMED = "malformed"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_RANGE = "out_of_range"
    CONTRADICTS = "contradicts"
    ALREADY_USED = "already_used"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, and what its reader can do about it."""

    field: str
    kind: StrEnum
    sentence: str

    @property
    def is_missing(self) -> bool:
        """Whether nothing is there, rather than something wrong."""
        return self.kind is FaultKind.MISSING


def by_field(faults: Iterable[Fault]) -> dict[str, str]:
    """The sentence of each field, the first where there are several."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, fault.sentence)
    return found


class RuleBroken(Exception):
    """An act would break a rule: the article and a sentence a clerk can act on.

    `fields` holds sentences by field name where the fault lies in what was typed.
    """

    def __init__(
        self, article: str, reason: str, *, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.article = article
        self.reason = reason
        self.fields = dict(fields or {})


class FormFault(RuleBroken):
    """What was typed is not right yet: `fields` says where, and what to write there.

    Nothing was decided and nobody was turned away, so it is no act on the trail: whoever sends a
    form five times until it is right does one thing. A refusal that somebody may have to answer
    for (no right to it, the wrong state, another's hand, a proof that does not fit) is a
    RuleBroken, also where it stands at a field.
    """

    def __init__(self, article: str, reason: str, *, fields: Mapping[str, str]) -> None:
        super().__init__(article, reason, fields=fields)


class NotPermitted(Exception):
    """The actor may not do this: which capability was asked for, and why it is missing."""

    def __init__(self, capability: str, reason: str) -> None:
        super().__init__(reason)
        self.capability = capability
        self.reason = reason
