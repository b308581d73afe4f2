"""Texts to phones: written in the act that tells, sent by a worker, never twice (P.2.3.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings

from audit.trail.recording import acting
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.fields import opened
from zezhou_portal.kernel.locks import again, claim
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.kernel.rows import one_by_one, reason_of
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.models import TextMessage
from zezhou_portal.parties.notices.gateway.http import HttpGateway
from zezhou_portal.parties.notices.gateway.port import Again, MessageGateway, Never
from zezhou_portal.parties.notices.gateway.spool import Spool
from zezhou_portal.parties.notices.queues import TEXTS
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

SEND = "parties.send_texts"
_INTERVALS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3),
)  # fmt: skip
_MOST = 50


@dataclass(frozen=True)
class Text:
    """One text: `key` names the happening and whom it tells."""

    key: str
    phone: str
    words: str


def write(texts: Sequence[Text]) -> None:
    """Writes texts in the caller's transaction; one that was written before stays as it is.

    Article: P.2.3.5.
    """
    TextMessage.objects.bulk_create(
        (
            TextMessage(key=one.key, phone=one.phone, words=without_people(one.words)[:300])
            for one in texts
            if one.phone
        ),
        ignore_conflicts=True,
    )
    wake(SEND)


def send_due(gateway: MessageGateway | None = None) -> int:
    """Sends what is due, outside any transaction; gives how many were tried. Article: P.2.3.5."""
    through = gateway or configured()
    rows = claim(TEXTS.rows().defer("phone"), most=_MOST)
    phones = opened(TextMessage.objects.filter(pk__in=[row.pk for row in rows]), "phone")
    failed = one_by_one(rows, lambda row: _send(through, row, phones[row.pk]))
    for one in failed:
        log.error("text_not_sent", text=one.row.pk, exc_info=one.error)
        _put_off(one.row, reason_of(one.error))
    return len(rows)


def _send(through: MessageGateway, row: TextMessage, phone: str | vault.Unreadable) -> None:
    if isinstance(phone, vault.Unreadable):
        raise phone
    try:
        through.deliver(key=row.key, phone=phone, words=row.words)
    except Again as fault:
        _put_off(row, str(fault))
    except Never as fault:
        _close(row, TextMessage.State.GIVEN_UP, Action.TEXT_GIVEN_UP, str(fault))
    else:
        _close(row, TextMessage.State.SENT, Action.TEXT_SENT, "")


def configured() -> MessageGateway:
    """The gateway that this machine is set up with; without one texts lie in the spool."""
    if settings.PORTAL_TEXTS_ADDRESS:
        return HttpGateway(settings.PORTAL_TEXTS_ADDRESS, settings.PORTAL_TEXTS_SECRET)
    return Spool(settings.VAR_DIR / "texts")


def _put_off(row: TextMessage, reason: str) -> None:
    if row.tries > len(_INTERVALS):
        _close(row, TextMessage.State.GIVEN_UP, Action.TEXT_GIVEN_UP, reason)
        return
    again(row, at=clock.now() + _INTERVALS[row.tries - 1], error=reason)


def _close(row: TextMessage, state: str, action: Action, reason: str) -> None:
    with acting(machine(SEND), action, Subject("text", str(row.uuid))) as act:
        row.state, row.leased_until, row.last_error = state, None, reason[:500]
        row.sent_at = clock.now() if state == TextMessage.State.SENT else None
        row.save(update_fields=["state", "leased_until", "last_error", "sent_at"])
        act.note("tries", row.tries)
        if reason:
            act.note("reason", reason)
