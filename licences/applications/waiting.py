"""The applications that wait, step by step (M.7, M.9)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from licences.applications import selectors as applications
from licences.applications.addresses import address_of
from licences.applications.completeness import faults_of
from licences.applications.handing_on import hand_on_work
from licences.lifecycle import APPLICATION
from licences.models import Application
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import LATER, OVERDUE
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import (
    Figure,
    Headings,
    Queue,
    Room,
    UnderWay,
    WaitingItem,
)
from zezhou_portal.regulation import workdays

_CAPTURE = (Capability.CAPTURE_VALUES,)
_REVIEW = (Capability.REVIEW_APPLICATIONS,)
_ISSUE = (Capability.ISSUE_LICENCES,)
_ANY = (Capability.RECEIVE_APPLICATIONS, *_CAPTURE, *_REVIEW, *_ISSUE)


def item_of(application: Application, actor: Actor) -> WaitingItem:
    """A row of `applications.queue`; asks the database nothing."""
    service_item = application.service_item
    return WaitingItem(
        name="、".join(holder.name for holder in application.holders) or "（已清除）",
        number=application.number,
        url=address_of(application, actor),
        kind=application.entry.name,
        kind_more=service_item.name if service_item else "",
        state=application.state,
        detail=missing_of(application),
        since=application.received_at,
        due=applications.due_of(application),
        age=open_since(application),
        is_overdue=getattr(application, "rank", LATER) == OVERDUE,
    )


def missing_of(application: Application) -> str:
    """What keeps an application where it is, in a few words."""
    if application.state in {"RECEIVED", "CAPTURING", "RETURNED"}:
        faults = faults_of(application, with_face=False)
        absent = sum(fault.is_missing for fault in faults)
        wrong = len(faults) - absent
        words = [f"改 {wrong} 项" if wrong else "", f"缺 {absent} 项" if absent else ""]
        return "，".join(word for word in words if word) or "齐了，可提交"
    if application.state == "UNDER_REVIEW":
        return f"{application.captured_by or ''}采集"
    if application.state == "APPROVED":
        return f"{application.reviewed_by or ''}审核通过"
    if application.state == "CONCLUDED" and hasattr(application, "licence"):
        return "等制证" if application.licence.state == "AWAITING_FILE" else "已签发"
    return application.get_state_display()


def open_since(application: Application) -> str:
    """How long an application has been open; no limit runs before its conclusion (M.9)."""
    if application.state not in applications.OPEN:
        return ""
    days = workdays.between(clock.beijing_day(application.received_at), clock.today())
    return f"收件已 {days} 个工作日" if days else "今天收件"


def _rows(step: str) -> Callable[[Actor], QuerySet[Application]]:
    return lambda actor: applications.queue(actor, step)


def _headings(detail: str) -> Headings:
    return Headings("持证人、办件号", "证照和事项", detail, "收件")


def _queue(code: str, words: str, *, detail: str = "还差什么", **more: Any) -> Queue:
    return Queue(
        code=code,
        words=words,
        rows=_rows(code),
        item=item_of,
        headings=_headings(detail),
        search=applications.named,
        kind="entry__type_code",
        **more,
    )


def _filter(code: str, words: str, *, detail: str = "还差什么", **more: Any) -> Queue:
    """A queue that is looked at, and waits for nobody."""
    return _queue(code, words, detail=detail, capabilities=_ANY, figure=Figure.NEVER, **more)


def kinds_of(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the kinds that the department issues, for those who work on them."""
    if not any(actor.has(capability.value) for capability in _ANY):
        return []
    return list(applications.kinds_of(actor).values_list("type_code", "name"))


ROOM = Room(
    queues=(
        _filter("open", "未办完的（本单位）", has_limits=True, empty="没有未办完的件"),
        _queue(
            "returned", "被退回，等我补正", capabilities=_CAPTURE, doers=_CAPTURE,
            place="licences:capture-queue", figure=Figure.ALWAYS, contents="退回补正的件",
            empty="没有退回给您的件",
        ),
        _queue(
            "capture", "等我采集", capabilities=_CAPTURE, doers=_CAPTURE,
            place="licences:capture-queue", figure=Figure.ALWAYS, contents="等采集的件",
            empty="没有等您采集的件",
        ),
        _queue(
            "passed", "已交，等别人审核签发", capabilities=_CAPTURE, figure=Figure.ALWAYS,
            empty="没有您交了还没办完的件",
        ),
        _queue(
            "review", "等我审核", capabilities=_REVIEW, doers=_REVIEW, detail="采集人",
            place="licences:review-queue", figure=Figure.ALWAYS, contents="等审核的件",
            empty="没有等您审核的件",
        ),
        _queue(
            "sign-off", "等我签发", capabilities=(*_ISSUE, Capability.SIGN_OFF_STOCK),
            doers=_ISSUE, detail="审核人",
            place="licences:sign-off-queue", figure=Figure.ALWAYS, contents="等签发的件",
            empty="没有等您签发的件",
        ),
        _queue(
            "file", "已签发，等制证", capabilities=_ANY, doers=_ISSUE, figure=Figure.ALWAYS,
            empty="没有在等制证的件",
        ),
        _filter("to-capture", "待采集和待补正的", is_offered=False),
        _filter("RECEIVED", APPLICATION.labels["RECEIVED"]),
        _filter("CAPTURING", APPLICATION.labels["CAPTURING"]),
        _filter("UNDER_REVIEW", APPLICATION.labels["UNDER_REVIEW"], detail="采集人"),
        _filter("RETURNED", APPLICATION.labels["RETURNED"]),
        _filter("APPROVED", APPLICATION.labels["APPROVED"], detail="审核人"),
        _filter("closed", "已办完的", newest_first=True, empty="还没有办完的件"),
    ),
    under_way=UnderWay(
        words="办件",
        rows=applications.under_way,
        department="issuing_department_id",
        owner="in_hand_of_id",
        hand_on=hand_on_work,
    ),
    kinds=kinds_of,
)  # fmt: skip
