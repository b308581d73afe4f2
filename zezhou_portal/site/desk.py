"""The desk: one page for every role, first what presses, then the list of this person's work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import OVERDUE, TODAY
from zezhou_portal.pagekit.lists import Empty
from zezhou_portal.parties.waiting.pages import WorkListPage
from zezhou_portal.parties.waiting.queues import Figure, Queue, Room
from zezhou_portal.parties.waiting.rooms import count_all, rooms

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class DeskFigure:
    """One figure above the list: so many, and the filter that shows them."""

    count: int
    words: str
    step: str
    limit: str = ""
    voice: str = ""
    is_shown: bool = False


class DeskPage(WorkListPage):
    """What waits for this person, and what the department has under way."""

    signed_in = "because everybody has a desk; each queue says whom its rows are shown to"
    template_name = "site/desk.html"
    title = "我的工作台"

    def rooms(self) -> Sequence[Room]:
        return rooms()

    def context(self) -> dict[str, Any]:
        asked = self.asked.get("step", ""), self.asked.get("limit", "")
        figures = _figures(self.actor, self.queues)
        return {
            "greeting": _greeting(self.actor),
            "figures": [replace(one, is_shown=(one.step, one.limit) == asked) for one in figures],
            "is_filtered": self.is_filtered,
        }

    @property
    def is_filtered(self) -> bool:
        """Whether there are enough rows to look for one among them: applications, that is."""
        return any(queue.has_limits for queue in self.queues)

    def empty(self, *, is_narrowed: bool) -> Empty:
        if self.chosen:
            return super().empty(is_narrowed=is_narrowed)
        return Empty("您的岗位没有排队等办的事", "要做的从下面进。", "inbox")


def _figures(actor: Actor, queues: Sequence[Queue]) -> list[DeskFigure]:
    """The figures of the queues, each of them a filter: one query for all."""
    limited = [queue for queue in queues if queue.has_limits]
    shown = [queue for queue in queues if queue.figure is not Figure.NEVER]
    counts = count_all(
        {
            **{f"over {queue.code}": queue.rows(actor).filter(rank=OVERDUE) for queue in limited},
            **{f"today {queue.code}": queue.rows(actor).filter(rank=TODAY) for queue in limited},
            **{queue.code: queue.rows(actor) for queue in shown},
        }
    )
    first = [
        DeskFigure(counts[f"{limit} {queue.code}"], words, queue.code, limit, voice)
        for queue in limited
        for limit, words, voice in (("over", "已超期", "no"), ("today", "今天到期", "heed"))
    ]
    return first + [
        DeskFigure(counts[queue.code], queue.words, queue.code, voice=queue.voice)
        for queue in shown
        if counts[queue.code] or queue.figure is Figure.ALWAYS
    ]


def _greeting(actor: Actor) -> str:
    now = clock.now().astimezone(clock.BEIJING)
    part = "早上好" if now.hour < 9 else "上午好" if now.hour < 12 else (
        "下午好" if now.hour < 18 else "晚上好"
    )  # fmt: skip
    day = f"{now.year}年{now.month}月{now.day}日　星期{_WEEKDAYS[now.weekday()]}"
    return f"{day}　{part}，{actor.name}"
