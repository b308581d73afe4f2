"""What a colleague recorded at a window and waits for a second person (M.20)."""

from typing import Any

from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.rules import in_words
from zezhou_portal.parties.mandates.selectors import mandates_to_confirm
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
)

_RECORD = (Capability.RECORD_MANDATES,)


def _to_confirm(actor: Actor) -> Rows:
    return by_urgency(mandates_to_confirm(actor), since="recorded_at")


def _item(mandate: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    last = f"，最晚 {in_words(mandate.confirm_by)}" if mandate.confirm_by else ""
    return WaitingItem(
        name=f"{mask_name(mandate.agent.name)}代{mask_name(mandate.principal.name)}办",
        url=reverse("usage:window-mandate", args=[mandate.uuid]),
        kind="窗口登记的代办",
        step=mandate.get_state_display(),
        detail=f"{mandate.recorded_by.name}登记{last}",
        since=mandate.recorded_at,
    )


ROOM = Room(
    queues=(
        Queue(
            code="mandates-confirm", words="代办登记，等我确认", rows=_to_confirm, item=_item,
            capabilities=_RECORD, doers=_RECORD, place="usage:window-mandates",
            contents="同事登记、等您确认的代办", empty="没有等您确认的代办登记",
            headings=Headings("谁代谁办", "什么事", "谁登记", "登记"),
        ),
    ),
)  # fmt: skip
