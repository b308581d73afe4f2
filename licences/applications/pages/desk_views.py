"""The desk: one page for every role, first what presses, then the queue (M.7, M.9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from licences.applications import selectors as applications
from licences.applications.completeness import faults_of
from licences.applications.pages.addresses import address_of
from licences.lifecycle import APPLICATION
from licences.models import Application
from licences.typed import plain
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation import workdays

SIZE = 20
DESK_WORK = (
    Capability.RECEIVE_APPLICATIONS,
    Capability.CAPTURE_VALUES,
    Capability.REVIEW_APPLICATIONS,
    Capability.ISSUE_LICENCES,
)
STEPS = {
    "mine": "等我办的",
    "open": "未办完的（本单位）",
    "returned": "被退回，等我补正",
    "capture": "等我采集",
    "passed": "已交，等别人审核签发",
    "review": "等我审核",
    "sign-off": "等我签发",
    "file": "已签发，等制证",
    **{state: APPLICATION.labels[state] for state in applications.OPEN},
    "closed": "已办完的",
}
LIMITS = {"over": "已超期", "today": "今天到期"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Row:
    """One application as the queue shows it."""

    application: Application
    names: str
    url: str
    missing: str
    due: datetime | None
    since: str
    is_over: bool


def row_of(application: Application, actor: Actor) -> Row:
    """An application of a page; asks the database nothing."""
    return Row(
        application=application,
        names="、".join(holder.name for holder in application.holders) or "（已清除）",
        url=address_of(application, actor),
        missing=missing_of(application),
        due=applications.due_of(application),
        since=open_since(application),
        is_over=getattr(application, "rank", applications.LATER) == applications.OVERDUE,
    )


def missing_of(application: Application) -> str:
    """What keeps an application where it is, in a few words."""
    if application.state in {"RECEIVED", "CAPTURING", "RETURNED"}:
        faults = faults_of(application)
        absent = sum("还没有" in sentence for _, sentence in faults)
        wrong = len(faults) - absent
        words = [f"改 {wrong} 项" if wrong else "", f"缺 {absent} 项" if absent else ""]
        return "，".join(word for word in words if word) or "齐了，可提交"
    if application.state == "UNDER_REVIEW":
        return f"{name_of(application.captured_by)}采集"
    if application.state == "APPROVED":
        return f"{name_of(application.reviewed_by)}审核通过"
    if application.state == "CONCLUDED" and hasattr(application, "licence"):
        return "等制证" if application.licence.state == "AWAITING_FILE" else "已签发"
    return application.get_state_display()


def name_of(account: object) -> str:
    """The name of an account, or nothing."""
    return str(account) if account is not None else ""


def open_since(application: Application) -> str:
    """How long an application has been open; no limit runs before its conclusion (M.9)."""
    if application.state not in applications.OPEN:
        return ""
    days = workdays.between(clock.beijing_day(application.received_at), clock.today())
    return f"收件已 {days} 个工作日" if days else "今天收件"


class DeskPage(PortalView):
    """What waits for this person, and what the department has under way."""

    signed_in = "because everybody has a desk; applications are shown to those who work on them"
    template_name = "licences/desk.html"
    title: ClassVar[str] = "我的工作台"
    step: ClassVar[str] = "mine"
    with_figures: ClassVar[bool] = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `q`, `kind`, `step`, `limit`, `page`."""
        actor = self.actor
        if not any(actor.has(one.value) for one in DESK_WORK):
            return self.render({"title": self.title, "greeting": _greeting(actor)})
        kinds = list(applications.kinds_of(actor))
        filled = self._filled(request, [kind.type_code for kind in kinds])
        step = filled["step"] or self.step
        order = applications.CLOSED_ORDER if step == "closed" else applications.ORDER
        found = applications.queue(
            actor, step=step, search=filled["q"], kind=filled["kind"], limit=filled["limit"]
        )
        page = page_of(found, order=order, token=request.GET.get("page", ""), size=SIZE)
        column = _column(step, actor)
        chips = _chips(filled, {kind.type_code: kind.name for kind in kinds})
        return self.render(
            {
                "title": self.title,
                "works": True,
                "greeting": _greeting(actor) if self.with_figures else "",
                "figures": applications.figures(actor) if self.with_figures else (),
                "filled": {**filled, "step": step},
                "kinds": kinds,
                "steps": _offered(step),
                "limits": LIMITS,
                "chips": chips,
                "page": page,
                "rows": [row_of(application, actor) for application in page.rows],
                "query": query_of(filled),
                "column": column,
                "short_column": "还差" if column == "还差什么" else column,
                "order": "按收件时间，新的在前" if step == "closed" else "超期的在前，再按收件先后",
                "empty": _empty(step, narrowed=bool(chips)),
            }
        )

    def _filled(self, request: HttpRequest, kinds: Iterable[str]) -> dict[str, str]:
        step, limit = request.GET.get("step", ""), request.GET.get("limit", "")
        kind = request.GET.get("kind", "")
        return {
            "q": plain(request.GET.get("q", "")).strip()[:60],
            "kind": kind if kind in set(kinds) else "",
            "step": step if step in STEPS and step != self.step else "",
            "limit": limit if limit in LIMITS else "",
        }


class CaptureQueue(DeskPage):
    """What the department still has to capture, in whosever hand."""

    capability = (Capability.RECEIVE_APPLICATIONS, Capability.CAPTURE_VALUES)
    signed_in = ""
    title = "信息采集"
    step = "to-capture"
    with_figures = False


class ReviewQueue(DeskPage):
    """What waits for a review by this person."""

    capability = Capability.REVIEW_APPLICATIONS
    signed_in = ""
    title = "信息审核"
    step = "review"
    with_figures = False


def query_of(filled: dict[str, str]) -> str:
    """The filter, ready to stand before another field of the address."""
    words = urlencode({key: value for key, value in filled.items() if value})
    return f"{words}&" if words else ""


def _offered(step: str) -> dict[str, str]:
    first = {} if step in STEPS else {step: "待采集和待补正的"}
    return {**first, **STEPS}


def _chips(filled: dict[str, str], kinds: dict[str, str]) -> list[tuple[str, str]]:
    """What the queue is narrowed down to, and the address without it."""
    words = {
        "q": f"“{filled['q']}”",
        "kind": kinds.get(filled["kind"], ""),
        "step": STEPS.get(filled["step"], ""),
        "limit": LIMITS.get(filled["limit"], ""),
    }
    return [
        (words[key], "?" + query_of({**filled, key: ""}).rstrip("&"))
        for key, value in filled.items()
        if value
    ]


def _column(step: str, actor: Actor) -> str:
    """What the fourth column is about: the same queue, other columns by role."""
    reviews = actor.has(Capability.REVIEW_APPLICATIONS.value)
    captures = actor.has(Capability.CAPTURE_VALUES.value)
    signs = actor.has(Capability.ISSUE_LICENCES.value)
    if step in {"review", "UNDER_REVIEW"} or (step == "mine" and reviews and not captures):
        return "采集人"
    if step in {"sign-off", "APPROVED"} or (step == "mine" and signs and not captures):
        return "审核人"
    return "还差什么"


def _greeting(actor: Actor) -> str:
    now = clock.now().astimezone(clock.BEIJING)
    part = "早上好" if now.hour < 9 else "上午好" if now.hour < 12 else (
        "下午好" if now.hour < 18 else "晚上好"
    )  # fmt: skip
    day = f"{now.year}年{now.month}月{now.day}日　星期{_WEEKDAYS[now.weekday()]}"
    return f"{day}　{part}，{actor.name}"


def _empty(step: str, *, narrowed: bool) -> str:
    if narrowed and step in {"mine", "open", "closed"}:
        return "没有符合这些条件的件。试试减少条件"
    return {
        "mine": "没有等您办的件",
        "open": "没有未办完的件",
        "review": "没有等您审核的件",
        "sign-off": "没有等您签发的件",
        "returned": "没有退回给您的件",
        "file": "没有在等制证的件",
        "closed": "还没有办完的件",
    }.get(step, "这里没有件")
