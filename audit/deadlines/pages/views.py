"""A department's clocks, and every department's in numbers (M.9, M.27, M.29)."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse

from audit.deadlines import selectors
from audit.deadlines.lifecycle import DEADLINE
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability

_OPEN = "OPEN"


class Clocks(PortalView):
    """The department's clocks, the soonest first; open ones unless asked otherwise."""

    capability = Capability.WATCH_CLOCKS
    template_name = "deadlines/clocks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list; `state` narrows it to one state, or to TODAY."""
        state = request.GET.get("state", _OPEN)
        mine = selectors.visible_to(self.actor)
        midnight = datetime.combine(clock.today() + timedelta(days=1), time.min, clock.BEIJING)
        ends_today = mine.filter(state="RUNNING", due_at__lte=midnight)
        if state in DEADLINE.labels:
            rows = mine.filter(state=state)
        elif state == "TODAY":
            rows = ends_today
        else:
            state, rows = _OPEN, mine.filter(state__in=selectors.OPEN)
        page = page_of(rows, order=("due_at", "id"), token=request.GET.get("page", ""))
        context = {
            "page": page,
            "breached": mine.filter(state="BREACHED").count(),
            "today": ends_today.count(),
            "running": mine.filter(state="RUNNING").count(),
            "states": [(_OPEN, "没有办结的"), ("TODAY", "今天到期"), *DEADLINE.labels.items()],
            "state": state,
            "query": f"state={state}&",
        }
        return self.render(context)


class Standings(PortalView):
    """Every department's open clocks in numbers; no contents (M.27)."""

    capability = Capability.SUPERVISE
    template_name = "deadlines/standings.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render({"standings": selectors.standings()})
