"""Calendars that wait for a second official (M.9)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.calendars.selectors import calendars_visible_to
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
)

_CONFIRM = (Capability.CONFIRM_CALENDARS,)


def _to_confirm(actor: Actor) -> Rows:
    others = ~Q(proposed_by_id=actor.account_id)
    rows = calendars_visible_to(actor).filter(others, state="PROPOSED")
    return by_urgency(rows, since="proposed_at")


def _item(calendar: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=f"{calendar.year}年放假安排",
        url=reverse("parties:calendar", args=[calendar.uuid]),
        kind="工作日按它计算",
        step=calendar.get_state_display(),
        detail=calendar.notice_number,
        since=calendar.proposed_at,
    )


ROOM = Room(
    queues=(
        Queue(
            code="calendars-confirm", words="放假安排，等我确认", rows=_to_confirm, item=_item,
            capabilities=_CONFIRM, doers=_CONFIRM, contents="待确认的放假安排",
            empty="没有等您确认的放假安排", place="parties:calendars",
            headings=Headings("放假安排", "什么事", "通知文号", "登记"),
        ),
    ),
)  # fmt: skip
