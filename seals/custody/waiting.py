"""The seals that a custodian has to see to: ended or blocked, or ending soon (S.8, S.16)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from seals.custody.selectors import seals_visible_to
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import OVERDUE
from zezhou_portal.parties.capabilities import Capability
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
from zezhou_portal.regulation.numbers import limits_on

_KEEP = (Capability.KEEP_SEALS,)
_HEADINGS = Headings("印章、编号", "种类", "要做什么", "变为现状")


def _unusable(actor: Actor) -> Rows:
    over = Q(state__in=("ACTIVE", "RENEWING"), valid_until__lte=clock.now())
    rows = seals_visible_to(actor).filter(over | Q(state="BLOCKED"))
    return by_urgency(rows, since="state_since", due="valid_until")


def _ending(actor: Actor) -> Rows:
    now = clock.now()
    soon = now + limits_on(clock.beijing_day(now)).seal_renewal_window
    rows = seals_visible_to(actor).filter(
        state="ACTIVE", valid_until__gt=now, valid_until__lte=soon
    )
    return by_urgency(rows, since="state_since", due="valid_until")


def _item(seal: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    is_over = seal.rank == OVERDUE
    blocked = seal.state == "BLOCKED"
    todo = "续期或另行申请" if is_over else "申请续期"
    return WaitingItem(
        name=seal.name,
        url=reverse("seals:seals"),
        number=seal.number,
        kind=seal.get_kind_display(),
        step="已过期" if is_over else seal.get_state_display(),
        voice="back" if is_over or blocked else "open",
        detail="查明后恢复或注销" if blocked else todo,
        since=seal.since,
        due=None if blocked else seal.valid_until,
        age="停用中" if blocked else None,
        is_overdue=is_over,
    )


ROOM = Room(
    queues=(
        Queue(
            code="seals-unusable", words="印章过期或停用", rows=_unusable, item=_item,
            capabilities=_KEEP, doers=_KEEP, place="seals:seals", voice="no",
            figure=Figure.ALWAYS, contents="过期、停用的印章", empty="印章都能用",
            headings=_HEADINGS, search=text_in("name", "number"),
        ),
        Queue(
            code="seals-ending", words="印章快到期", rows=_ending, item=_item,
            capabilities=_KEEP, doers=_KEEP, place="seals:seals", voice="heed",
            figure=Figure.ALWAYS, contents="快到期的印章", empty="没有快到期的印章",
            headings=_HEADINGS, search=text_in("name", "number"),
        ),
    ),
)  # fmt: skip
