"""What a room says of the work that waits in it: its queues, and how one row of them is shown.

A room with waiting work has one module `waiting` with one `ROOM`; `PORTAL_WAITING_WORK` names it.
The figures of the rail, the desk, the closing of a department and the handing on of a leaver's
work (M.24) are all made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, TypeAlias

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import LATER, ranked_by
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.regulation import workdays

# A room's rows are of its own models, which the parties do not know.
Rows: TypeAlias = QuerySet[Any]


class Figure(Enum):
    """When a queue's count stands among the figures of the desk."""

    ALWAYS = "always"
    WHERE_ANY = "where_any"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class WaitingItem:
    """One piece of waiting work, as the desk shows it.

    `step` says how far it is, or `state` does by its code in a table of the steps; `voice` is
    open, done or back. Without `due` the desk shows `age`, or how long it has waited.
    """

    name: str
    url: str
    since: datetime | None
    number: str = ""
    kind: str = ""
    kind_more: str = ""
    state: str = ""
    step: str = ""
    voice: str = "open"
    detail: str = ""
    due: datetime | None = None
    age: str | None = None
    is_overdue: bool = False

    @property
    def waited(self) -> str:
        """How long it has waited, in working days."""
        if self.age is not None or self.since is None:
            return self.age or ""
        days = workdays.between(clock.beijing_day(self.since), clock.today())
        return f"已等 {days} 个工作日" if days > 0 else "今天"


@dataclass(frozen=True)
class Headings:
    """The heads of the columns over a queue's rows."""

    name: str = "名称、编号"
    kind: str = "什么事"
    detail: str = "情况"
    since: str = "从何时起"


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Rows that wait for the same thing to be done.

    `rows` gives them with the columns `rank` (overdue, due today, later) and `since`
    (`by_urgency`), and nothing of a neighbour's. Whoever has one of `capabilities` may look at
    them (without any: everybody who is signed in); they stand in the list of whoever has one
    of `doers`, since it is their work. `place` is the route of the rail where they are counted.
    """

    code: str
    words: str
    rows: Callable[[Actor], Rows]
    item: Callable[[Any, Actor], WaitingItem]
    capabilities: tuple[Capability, ...] = ()
    doers: tuple[Capability, ...] = ()
    place: str = ""
    voice: str = ""
    figure: Figure = Figure.WHERE_ANY
    # What lies here, as the empty desk names it, and what is said where nothing does.
    contents: str = ""
    empty: str = "这里没有件"
    headings: Headings = Headings()
    # How the desk's filter narrows the rows; a queue without one is left out by it.
    search: Callable[[str], Q] | None = None
    kind: str = ""
    newest_first: bool = False
    # Whether its overdue rows, and those due today, are the first figures of the desk.
    has_limits: bool = False
    is_offered: bool = True

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor may look at the rows."""
        return not self.capabilities or _holds_any(actor, self.capabilities)

    def is_work_of(self, actor: Actor) -> bool:
        """Whether the rows wait for the actor to do something."""
        return self.is_open_to(actor) and _holds_any(actor, self.doers)


class HandOn(Protocol):
    """A verb that moves work from one person's name to another's."""

    def __call__(
        self, *, actor: Actor, leaver: Account, successor: Account, department: Department
    ) -> int:
        """Moves what the successor may take; gives how many pieces. Article: M.24."""


@dataclass(frozen=True, kw_only=True)
class UnderWay:
    """A room's work that is not done, whoever does it: `department` and `owner` are columns.

    Work without an owner's column stands in nobody's name; it keeps a department from being
    closed, and is not handed on.
    """

    words: str
    rows: Callable[[], Rows]
    department: str
    unit: str = "件"
    owner: str = ""
    hand_on: HandOn | None = None


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room's waiting work. `kinds` are the codes and names of the kinds its filter offers."""

    queues: tuple[Queue, ...]
    under_way: UnderWay | None = None
    kinds: Callable[[Actor], list[tuple[str, str]]] | None = None


def by_urgency(rows: Rows, *, since: str, due: str = "") -> Rows:
    """The rows with `since` and `rank`: by the column `due` where there is one, else all later."""
    rank: Case | Value = ranked_by(due) if due else Value(LATER)
    begun = Coalesce(F(since), Value(clock.now()), output_field=DateTimeField())
    ranked: Rows = rows.annotate(since=begun, rank=rank)
    return ranked


def text_in(*columns: str) -> Callable[[str], Q]:
    """A search for a part of any of the columns."""

    def condition(words: str) -> Q:
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": words})
        return found

    return condition


def _holds_any(actor: Actor, capabilities: tuple[Capability, ...]) -> bool:
    return any(actor.has(capability.value) for capability in capabilities)
