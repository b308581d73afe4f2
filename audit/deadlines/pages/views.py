"""A department's clocks, and every department's in numbers (M.9, M.27, M.29)."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from audit.deadlines import selectors
from audit.deadlines.lifecycle import DEADLINE
from audit.deadlines.models import Deadline
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.articles import article

# How clocks stand now; BREACHED and RUNNING are what is so, whether or not the sweep has come.
_STANDS = {
    "BREACHED": selectors.overdue,
    "TODAY": selectors.due_today,
    "RUNNING": selectors.running,
}
_CHOICES = [
    ("BREACHED", "已超期"),
    ("TODAY", "今天到期"),
    ("RUNNING", "计时中（没有超期）"),
    *((state, DEADLINE.labels[state]) for state in ("MET", "MET_LATE", "DROPPED")),
]
# Where a clock without a last day stands in the order: after every other.
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


def _in_state(rows: "QuerySet[Deadline]", state: str) -> "QuerySet[Deadline]":
    """The clocks that stand in one way, or all that are open where nothing is asked."""
    if state in _STANDS:
        return rows.filter(_STANDS[state]())
    return rows.filter(state=state) if state else rows.filter(state__in=selectors.OPEN)


class ClockFilter(ListFilter):
    """Which of a department's clocks."""

    state = ChoiceFilter(
        "状态",
        _CHOICES,
        narrow=_in_state,
        always=True,
        empty="没有办结的",
    )


class Clocks(ExportedListPage[Deadline]):
    """The department's clocks, the soonest first; open ones unless asked otherwise."""

    capability = Capability.WATCH_CLOCKS
    template_name = "deadlines/clocks.html"
    title = "时限"
    filter_class = ClockFilter
    columns = (
        Column("事项", cell=lambda row: row.subject_label),
        Column("依据", cell=lambda row: article(row.article).name),
        Column("时限", sort="ends_at", cell=lambda row: row.words),
        Column("最后一日", cell=lambda row: row.last_day or ""),
        Column(
            "开始",
            sort="armed_at",
            falls=True,
            css="zz-n",
            cell=lambda row: row.armed_at,
        ),
    )
    order = ("ends_at", "id")
    order_words = "按到期从近到远"
    unit = "件"
    counts = True
    nothing = no_match = Empty(
        "没有这样的时限",
        "在线生成的从收件起计时，离线生成的从业务办结起计时，市平台接收后办结。",
        "hourglass",
    )

    def rows(self) -> "QuerySet[Deadline]":
        rows = selectors.visible_to(self.actor)
        return rows.annotate(ends_at=Coalesce("due_at", Value(_LAST)))

    def context(self) -> dict[str, Any]:
        return selectors.figures(self.rows())


class Standings(PortalView):
    """Every department's open clocks in numbers; no contents (M.27)."""

    capability = Capability.SUPERVISE
    template_name = "deadlines/standings.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render({"standings": selectors.standings()})
