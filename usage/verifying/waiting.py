"""The readings that wait for a holder's word (P.2.3.3)."""

from django.urls import reverse

from usage.models import Presentation
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
)

_VERIFY = (Capability.VERIFY_LICENCES,)


def _asked(actor: Actor) -> Rows:
    rows = Presentation.objects.filter(
        state="ASKED",
        ends_at__gt=clock.now(),
        reader_account_id=actor.account_id or 0,
        reader_department_id=actor.department_id or 0,
    )
    return by_urgency(rows, since="opened_at")


def _item(presentation: Presentation, actor: Actor) -> WaitingItem:  # noqa: ARG001
    until = presentation.ends_at.astimezone(clock.BEIJING)
    return WaitingItem(
        name="对方出示的证照",
        url=reverse("usage:check-waiting", args=[presentation.uuid]),
        kind="核验",
        step="等对方同意",
        detail=f"最晚 {until:%H:%M}",
        since=presentation.opened_at,
    )


ROOM = Room(
    queues=(
        Queue(
            code="consent", words="等对方同意出示", rows=_asked, item=_item,
            capabilities=_VERIFY, doers=_VERIFY, place="usage:check",
            contents="等对方同意出示的核验", empty="没有在等对方同意的核验",
            headings=Headings("核验", "什么事", "等到何时", "亮证"),
        ),
    ),
)  # fmt: skip
