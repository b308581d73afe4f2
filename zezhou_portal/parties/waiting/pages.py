"""A list page of waiting work: rows of one queue, or of several merged, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import Q, QuerySet, Value
from django.http import QueryDict

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import OVERDUE, TODAY
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Empty, Head, Listing, ListPage
from zezhou_portal.pagekit.paging import Page, merged_page
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.waiting.queues import Headings, Queue, Room, WaitingItem

# Everything that waits for the person who looks.
MINE = "mine"
_LIMITS = {"over": "已超期", "today": "今天到期"}
_RANKS = {"over": OVERDUE, "today": TODAY}
# The place of a row's queue among those of the list: it tells rows of different models apart.
_PLACE = "queue_place"
_NEWEST_FIRST = ("-since", f"-{_PLACE}", "-pk")


def _as_it_is(rows: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":  # noqa: ARG001
    """A queue narrows its own rows (`_narrowed`): the filter is the form, and what it says."""
    return rows


class KindFilter(ListFilter):
    """Whose work, and of which kind."""

    q = SearchFilter("持证人、办件号", _as_it_is)
    kind = ChoiceFilter("证照种类", (), narrow=_as_it_is)

    def __init__(
        self, data: QueryDict, *, actor: Actor, offered: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        """`offered` are the choices of a field by its name.

        Everybody comes to the desk first, often by an old address: a choice that this person is
        not offered is left out, and the rest shown.
        """
        known = data.copy()
        for name, choices in offered.items():
            if data.get(name, "") not in dict(choices):
                known.pop(name, None)
        super().__init__(known, queryset=Account.objects.none(), actor=actor)
        for name, choices in offered.items():
            if name in self.filters:
                self.filters[name].extra["choices"] = list(choices)


class WorkFilter(KindFilter):
    """Also how far it is, and how urgent."""

    step = ChoiceFilter("到哪一步", (), narrow=_as_it_is)
    limit = ChoiceFilter("时限", _LIMITS, narrow=_as_it_is, empty="不限")


class WorkListPage(ListPage[Any]):
    """What waits, by queue; `step` is the queue that is shown where none is asked for."""

    filter_class: ClassVar[type[KindFilter]] = WorkFilter
    order = ("rank", "since", _PLACE, "pk")
    order_words = "超期的在前，再按先后"
    unit = "件"
    step: ClassVar[str] = MINE
    no_match = Empty("没有符合这些条件的件", "试试减少条件。", "search")

    def rooms(self) -> Sequence[Room]:
        """The rooms whose work the page lists."""
        raise NotImplementedError

    def prepare(self, **kwargs: Any) -> None:  # noqa: ARG002
        self.queues = [
            queue for room in self.rooms() for queue in room.queues if queue.is_open_to(self.actor)
        ]

    def filtered(self) -> "QuerySet[Any]":
        steps = self._steps()
        first = steps.pop(self.step, "")
        kinds = [
            kind
            for room in self.rooms()
            if room.kinds is not None
            for kind in room.kinds(self.actor)
        ]
        offered = {"kind": kinds, "step": list(steps.items()), "limit": list(_LIMITS.items())}
        self.filters = self.filter_class(self.request.GET, actor=self.actor, offered=offered)
        if "step" in self.filters.filters:
            self.filters.filters["step"].extra["empty_label"] = first
        self.asked = dict(self.filters.form.cleaned_data) if self.filters.is_valid() else {}
        step = self.asked.get("step") or self.step
        self.chosen = [
            queue
            for queue in self.queues
            if queue.code == step or (step == MINE and queue.is_work_of(self.actor))
        ]
        rows: QuerySet[Any] = self.filters.qs
        return rows

    def page_at(self, rows: "QuerySet[Any]", token: str) -> Page[Any]:  # noqa: ARG002
        several = [
            narrowed.annotate(**{_PLACE: Value(place)})
            for place, queue in enumerate(self.chosen)
            if (narrowed := _narrowed(queue, self.actor, self.asked)) is not None
        ]
        return merged_page(several, order=self.sorting(), token=token, size=self.size)

    def sorting(self) -> tuple[str, ...]:
        return _NEWEST_FIRST if self._is_newest_first else self.order

    def present(self, rows: Sequence[Any]) -> Sequence[Any]:
        return [self.item_of(row) for row in rows]

    @property
    def is_filtered(self) -> bool:
        """Whether the page shows its filter."""
        return True

    def item_of(self, row: Any) -> WaitingItem:
        """A row as its queue shows it."""
        return self._queue_of(row).item(row, self.actor)

    def empty(self, *, is_narrowed: bool) -> Empty:
        asked = self.asked
        if asked.get("q") or asked.get("kind") or (asked.get("limit") and len(self.chosen) > 1):
            return self.no_match
        contents = "、".join(queue.contents for queue in self.chosen if queue.contents)
        when = f"{contents}会出现在这里。" if contents else "有新件会出现在这里。"
        if len(self.chosen) == 1 and (is_narrowed or self.step != MINE):
            return Empty(self.chosen[0].empty, when)
        return Empty("没有等您办的件", when)

    @property
    def _is_newest_first(self) -> bool:
        return len(self.chosen) == 1 and self.chosen[0].newest_first

    def _order_words(self) -> str:
        return "新的在前" if self._is_newest_first else self.order_words

    def _listing(self, rows: "QuerySet[Any]", page: Page[Any]) -> Listing:
        listing = super()._listing(rows, page)
        headings = {self._queue_of(row).headings for row in page.rows}
        heads = headings.pop() if len(headings) == 1 else Headings()
        words = (heads.name, heads.kind, "到哪一步", heads.detail, "时限", heads.since)
        return replace(
            listing,
            form=listing.form if self.is_filtered else None,
            heads=[Head(word, "zz-n" if word == heads.since else "", "", "") for word in words],
        )

    def _queue_of(self, row: Any) -> Queue:
        place: int = getattr(row, _PLACE)
        return self.chosen[place]

    def _steps(self) -> dict[str, str]:
        """The queues that the filter offers, by code."""
        return {
            MINE: "等我办的",
            **{
                queue.code: queue.words
                for queue in self.queues
                if queue.is_offered or queue.code == self.step
            },
        }


def _narrowed(queue: Queue, actor: Actor, asked: Mapping[str, str]) -> "QuerySet[Any] | None":
    """A queue's rows, narrowed down; None for a queue that knows nothing of what is asked."""
    rows = queue.rows(actor)
    if limit := asked.get("limit"):
        rows = rows.filter(rank=_RANKS[limit])
    if kind := asked.get("kind"):
        if not queue.kind:
            return None
        rows = rows.filter(Q((queue.kind, kind)))
    if words := asked.get("q"):
        if queue.search is None:
            return None
        rows = rows.filter(queue.search(words))
    return rows
