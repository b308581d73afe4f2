"""What waits for the administrators: departments without a named person, leavers, locked accounts.

M.24, M.25.
"""

from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, OuterRef, Subquery, Value
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Posting
from zezhou_portal.parties.staff.selectors import departments_without_named_person, leavers
from zezhou_portal.parties.waiting.queues import (
    Figure,
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
    text_in,
)
from zezhou_portal.regulation.limits import LOGIN_LOCK

_APPOINT = (Capability.APPOINT_PEOPLE,)
_HAND_ON = (Capability.HAND_ON_WORK,)
_UNLOCK = (Capability.UNLOCK_ACCOUNTS,)
_ACCOUNTS = text_in("username", "name", "department__name")


def _gaps(actor: Actor) -> Rows:  # noqa: ARG001
    rows = departments_without_named_person(clock.today())
    return by_urgency(rows.annotate(left=_last_ended("department")), since="left")


def _leavers(actor: Actor) -> Rows:  # noqa: ARG001
    return by_urgency(leavers().annotate(left=_last_ended("account")), since="left")


def _locked(actor: Actor) -> Rows:  # noqa: ARG001
    locked_at = ExpressionWrapper(F("locked_until") - Value(LOGIN_LOCK), DateTimeField())
    rows = Account.objects.filter(is_active=True, locked_until__gt=clock.now())
    return by_urgency(
        rows.select_related("department").annotate(locked_at=locked_at), since="locked_at"
    )


def _last_ended(whose: str) -> Subquery:
    """When the last posting of an account, or in a department, ended."""
    ended = Posting.objects.filter(ended_at__isnull=False, **{whose: OuterRef("pk")})
    return Subquery(ended.order_by("-ended_at").values("ended_at")[:1])


def _gap_item(department: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=department.name,
        url=f"{reverse('parties:people')}#d-{department.uuid}",
        kind="没有指定专人",
        step="待指定",
        detail="从本单位在岗的人里指定",
        since=department.left,
    )


def _leaver_item(account: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=account.name,
        url=reverse("parties:hand-on", args=[account.uuid]),
        number=account.username,
        kind=f"离岗，{account.department.name}",
        step="待移交",
        voice="back",
        detail=f"名下 {account.work_count} 件没有办结，时限在走",
        since=account.left,
    )


def _locked_item(account: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    until = account.locked_until.astimezone(clock.BEIJING)
    return WaitingItem(
        name=account.name,
        url=reverse("parties:unlock", args=[account.uuid]),
        number=account.username,
        kind=f"账号已锁，{account.department.name}",
        step="可解锁",
        detail=f"到 {until:%H:%M} 自动解锁；急用先核实是本人",
        since=account.since,
    )


ROOM = Room(
    queues=(
        Queue(
            code="leavers", words="离岗的人名下有件", rows=_leavers, item=_leaver_item,
            capabilities=_HAND_ON, doers=_HAND_ON, place="parties:people", voice="no",
            contents="离岗的人名下没办完的件", empty="没有要移交的件",
            headings=Headings("姓名、账号", "什么事", "情况", "离岗"), search=_ACCOUNTS,
        ),
        Queue(
            code="gaps", words="单位没有指定专人", rows=_gaps, item=_gap_item,
            capabilities=_APPOINT, doers=_APPOINT, place="parties:people", voice="heed",
            figure=Figure.ALWAYS, contents="没有指定专人的单位", empty="各单位都有指定专人",
            headings=Headings("单位", "什么事", "要做什么", "从何时起"), search=text_in("name"),
        ),
        Queue(
            code="locked", words="账号锁着", rows=_locked, item=_locked_item,
            capabilities=_UNLOCK, doers=_UNLOCK, place="parties:accounts",
            figure=Figure.ALWAYS, contents="输错密码锁住的账号", empty="没有锁着的账号",
            headings=Headings("姓名、账号", "什么事", "情况", "锁住"), search=_ACCOUNTS,
        ),
    ),
)  # fmt: skip
