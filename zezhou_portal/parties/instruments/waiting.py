"""Successors of the instruments that wait for a second official (M.32)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.instruments.selectors import instruments_visible_to
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
)

_CONFIRM = (Capability.CONFIRM_INSTRUMENTS,)


def _to_confirm(actor: Actor) -> Rows:
    others = Q(loaded_by__isnull=True) | ~Q(loaded_by_id=actor.account_id)
    rows = instruments_visible_to(actor).filter(others, state="PROPOSED")
    return by_urgency(rows, since="loaded_at")


def _item(instrument: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=instrument.title,
        url=reverse("parties:instrument", args=[instrument.uuid]),
        kind=f"接替{instrument.get_replaces_display()}",
        step=instrument.get_state_display(),
        detail=instrument.number,
        since=instrument.loaded_at,
    )


ROOM = Room(
    queues=(
        Queue(
            code="instruments-confirm", words="后续文件，等我确认", rows=_to_confirm, item=_item,
            capabilities=_CONFIRM, doers=_CONFIRM, contents="待确认的后续文件",
            empty="没有等您确认的后续文件", place="parties:instruments",
            headings=Headings("文件", "什么事", "文号", "登记"),
        ),
    ),
)  # fmt: skip
