"""Rows of one queue or of several as one list: narrowed down, the most urgent first, by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, Value

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.paging import Page, merged_page
from zezhou_portal.parties.waiting.queues import OVERDUE, TODAY, Headings, Queue, Rows, WaitingItem

LIMITS = {"over": "已超期", "today": "今天到期"}
_RANKS = {"over": OVERDUE, "today": TODAY}
_MOST_LETTERS = 60
# The place of a row's queue among those of the list: it tells rows of different models apart.
_PLACE = "queue_place"
_ORDER = ("rank", "since", _PLACE, "pk")
_NEWEST_FIRST = ("-since", f"-{_PLACE}", "-pk")


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed down to: a part of a name, a kind, a queue, a limit."""

    q: str = ""
    kind: str = ""
    step: str = ""
    limit: str = ""

    def address(self, **changes: str) -> str:
        """The filter as fields of an address, some of them changed."""
        fields = {"q": self.q, "kind": self.kind, "step": self.step, "limit": self.limit}
        return urlencode({name: value for name, value in (fields | changes).items() if value})


@dataclass(frozen=True)
class WorkList:
    """One page of a list."""

    page: Page[Any]
    items: list[WaitingItem]
    headings: Headings
    order: str


def narrowing_of(
    asked: Callable[[str, str], str], *, kinds: Sequence[str], steps: Sequence[str]
) -> Narrowing:
    """What an address asks for; what it may not ask is left out."""
    kind, step, limit = asked("kind", ""), asked("step", ""), asked("limit", "")
    return Narrowing(
        q=asked("q", "").replace("\0", "").strip()[:_MOST_LETTERS],
        kind=kind if kind in kinds else "",
        step=step if step in steps else "",
        limit=limit if limit in LIMITS else "",
    )


def narrowed(queue: Queue, actor: Actor, to: Narrowing) -> Rows | None:
    """A queue's rows, narrowed down; None for a queue that knows nothing of what is asked."""
    rows = queue.rows(actor)
    if to.limit:
        rows = rows.filter(rank=_RANKS[to.limit])
    if to.kind:
        if not queue.kind:
            return None
        rows = rows.filter(Q((queue.kind, to.kind)))
    if to.q:
        if queue.search is None:
            return None
        rows = rows.filter(queue.search(to.q))
    return rows


def work_list(
    actor: Actor, queues: Sequence[Queue], to: Narrowing, *, token: str, size: int
) -> WorkList:
    """A page of the queues' rows, one query a queue; a single queue may say its own order."""
    newest_first = len(queues) == 1 and queues[0].newest_first
    several = [
        rows.annotate(**{_PLACE: Value(place)})
        for place, queue in enumerate(queues)
        if (rows := narrowed(queue, actor, to)) is not None
    ]
    order = _NEWEST_FIRST if newest_first else _ORDER
    page: Page[Any] = merged_page(several, order=order, token=token, size=size)
    shown = [(queues[getattr(row, _PLACE)], row) for row in page.rows]
    headings = {queue.headings for queue, _ in shown}
    return WorkList(
        page,
        [queue.item(row, actor) for queue, row in shown],
        headings.pop() if len(headings) == 1 else Headings(),
        "新的在前" if newest_first else "超期的在前，再按先后",
    )
