"""A department's clocks, and every department's in numbers (M.9, M.27, M.29)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from audit.deadlines import selectors
from audit.deadlines.lifecycle import DEADLINE
from audit.deadlines.models import Deadline
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.articles import article

_TODAY = "TODAY"


def _in_state(rows: "QuerySet[Deadline]", state: str) -> "QuerySet[Deadline]":
    """The clocks in one state, ending today, or open where nothing is asked."""
    if state == _TODAY:
        return selectors.ending_today(rows)
    return rows.filter(state=state) if state else rows.filter(state__in=selectors.OPEN)


def _how_it_stands(row: Deadline) -> str:
    late = row.state == "MET" and row.breached_at
    return "超期后办结" if late else DEADLINE.labels[row.state]


class ClockFilter(ListFilter):
    """Which of a department's clocks."""

    state = ChoiceFilter(
        "状态",
        [(_TODAY, "今天到期"), *DEADLINE.labels.items()],
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
        Column("时限", sort="due_at", cell=_how_it_stands),
        Column("最后一日", cell=lambda row: row.last_day),
        Column(
            "开始",
            sort="armed_at",
            falls=True,
            css="zz-n",
            cell=lambda row: row.armed_at,
        ),
    )
    order = ("due_at", "id")
    order_words = "按到期从近到远"
    unit = "件"
    counts = True
    nothing = no_match = Empty(
        "没有这样的时限", "签发证照后开始计时，市平台接收后办结。", "hourglass"
    )

    def rows(self) -> "QuerySet[Deadline]":
        return selectors.visible_to(self.actor)

    def context(self) -> dict[str, Any]:
        return selectors.figures(self.rows())


class Standings(PortalView):
    """Every department's open clocks in numbers; no contents (M.27)."""

    capability = Capability.SUPERVISE
    template_name = "deadlines/standings.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render({"standings": selectors.standings()})
