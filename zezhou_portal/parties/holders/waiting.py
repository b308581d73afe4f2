"""What was proposed of holders and waits for a second official (M.3)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.selectors import changes_visible_to, merges_visible_to
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
)

_CONFIRM = (Capability.CONFIRM_HOLDERS,)
_PROPOSE = (Capability.ENTER_HOLDERS,)
_HEADINGS = Headings("持证人", "什么事", "依据", "提出")


def _proposed(actor: Actor) -> Rows:
    rows = merges_visible_to(actor).filter(state="PROPOSED")
    return by_urgency(rows, since="proposed_at")


def _to_confirm(actor: Actor) -> Rows:
    return _proposed(actor).filter(~Q(proposed_by_id=actor.account_id))


def _item(merge: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=merge.staying.name,
        url=reverse("parties:merge", args=[merge.uuid]),
        kind="两份登记是不是同一人",
        step=merge.get_state_display(),
        detail=merge.ground,
        since=merge.proposed_at,
    )


def _changes(actor: Actor) -> Rows:
    rows = changes_visible_to(actor).filter(state="PROPOSED")
    return by_urgency(rows, since="proposed_at")


def _changes_to_confirm(actor: Actor) -> Rows:
    return _changes(actor).filter(~Q(proposed_by_id=actor.account_id))


def _change_item(change: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=change.holder.name,
        url=reverse("parties:holder-change", args=[change.uuid]),
        kind="变更持证人信息",
        step=change.get_state_display(),
        detail=f"{change.proposed_by_name}提出",
        since=change.proposed_at,
    )


ROOM = Room(
    queues=(
        Queue(
            code="changes-confirm", words="持证人变更，等我确认", rows=_changes_to_confirm,
            item=_change_item, capabilities=_CONFIRM, doers=_CONFIRM,
            contents="待确认的持证人变更", empty="没有等您确认的持证人变更", headings=_HEADINGS,
        ),
        Queue(
            code="changes-proposed", words="持证人变更，等别人确认", rows=_changes,
            item=_change_item, capabilities=_PROPOSE,
            empty="没有提出了还没确认的持证人变更", headings=_HEADINGS,
        ),
        Queue(
            code="merges-confirm", words="同一持证人，等我确认", rows=_to_confirm, item=_item,
            capabilities=_CONFIRM, doers=_CONFIRM, contents="待认定的同一持证人",
            empty="没有等您确认的认定", headings=_HEADINGS,
        ),
        Queue(
            code="merges-proposed", words="同一持证人，等别人确认", rows=_proposed, item=_item,
            capabilities=_PROPOSE, empty="没有提出了还没确认的认定", headings=_HEADINGS,
        ),
    ),
)  # fmt: skip
