"""A page with a list of waiting work: filter, chips, rows, paging."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse

from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.waiting.lists import (
    LIMITS,
    Narrowing,
    narrowing_of,
    work_list,
)
from zezhou_portal.parties.waiting.queues import Queue, Room

# Everything that waits for the person who looks.
MINE = "mine"
_SIZE = 20


class WorkListPage(PortalView):
    """What waits, by queue; `step` is the queue that is shown first."""

    title: ClassVar[str]
    step: ClassVar[str] = MINE

    def rooms(self) -> Sequence[Room]:
        """The rooms whose work the page lists."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What the page shows beside the list."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `q`, `kind`, `step`, `limit`, `page`."""
        actor = self.actor
        self.queues = [
            queue for room in self.rooms() for queue in room.queues if queue.is_open_to(actor)
        ]
        kinds = {
            code: name for room in self.rooms() if room.kinds for code, name in room.kinds(actor)
        }
        steps = self._steps()
        to = narrowing_of(
            request.GET.get, kinds=list(kinds), steps=[code for code in steps if code != self.step]
        )
        step = to.step or self.step
        chosen = [queue for queue in self.queues if queue.code == step] or [
            queue for queue in self.queues if queue.is_work_of(actor)
        ]
        found = work_list(actor, chosen, to, token=request.GET.get("page", ""), size=_SIZE)
        query = to.address()
        return self.render(
            {
                "title": self.title,
                "filled": {"q": to.q, "kind": to.kind, "step": step, "limit": to.limit},
                "kinds": kinds,
                "steps": steps,
                "limits": LIMITS,
                "chips": _chips(to, kinds, steps),
                "found": found,
                "page": found.page,
                "query": f"{query}&" if query else "",
                "empty": _empty(chosen, step, to),
                **self.context(),
            }
        )

    def _steps(self) -> dict[str, str]:
        """The queues that the filter offers, the page's own first."""
        offered = {
            queue.code: queue.words
            for queue in self.queues
            if queue.is_offered or queue.code == self.step
        }
        first = {self.step: offered.pop(self.step)} if self.step in offered else {}
        return {**first, MINE: "等我办的", **offered}


def _chips(to: Narrowing, kinds: dict[str, str], steps: dict[str, str]) -> list[tuple[str, str]]:
    """What the list is narrowed down to, and the address without it."""
    words = {
        "q": f"“{to.q}”" if to.q else "",
        "kind": kinds.get(to.kind, ""),
        "step": steps.get(to.step, ""),
        "limit": LIMITS.get(to.limit, ""),
    }
    return [(said, f"?{to.address(**{name: ''})}") for name, said in words.items() if said]


def _empty(chosen: Sequence[Queue], step: str, to: Narrowing) -> dict[str, str]:
    """What is said where the list has no rows: the fact, and what would stand here."""
    contents = "、".join(queue.contents for queue in chosen if queue.contents)
    when = f"{contents}会出现在这里。" if contents else "有新件会出现在这里。"
    if to.q or to.kind or (to.limit and step == MINE):
        return {"fact": "没有符合这些条件的件", "when": "试试减少条件。"}
    if step == MINE:
        return {"fact": "没有等您办的件", "when": when}
    return {"fact": chosen[0].empty, "when": when}
