"""Asked for by a person: a stuck message sent again, another in the place of a refused one."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from audit.trail.recording import acting
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services.posting import DISPATCH, post
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action

Composer = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


def resend(*, actor: Actor, message_uuid: UUID) -> Outbound:
    """Puts a given-up or unanswered message back in the queue, due now.

    Raises Outbound.DoesNotExist for a neighbour's message as for none at all.
    Article: M.8.
    """
    found = selectors.visible_to(actor).get(uuid=message_uuid)
    with acting(actor, Action.MESSAGE_RESENT, _subject(found)) as act:
        permit(actor, Capability.RESEND_MESSAGES, found.department_id)
        row = lock(selectors.visible_to(actor), uuid=message_uuid)
        before, row.state = row.state, OUTBOUND.move(row.state, "resend")
        row.due_at, row.tries, row.leased_until = clock.now(), 0, None
        row.city_number, row.city_reason, row.last_error = "", "", ""
        row.answered_at = None
        row.save(
            update_fields=[
                "state", "due_at", "tries", "leased_until", "city_number", "city_reason",
                "last_error", "answered_at",
            ]
        )  # fmt: skip
        act.fact("message_state", before, row.state)
        act.note("message", str(row.uuid))
        wake(DISPATCH)
    return row


def mend(*, actor: Actor, message_uuid: UUID) -> Outbound:
    """Posts a new message in the place of a refused one, with what is known now.

    The refused one stays as it was sent, with the city's answer; gives the new one. Raises
    Outbound.DoesNotExist for a neighbour's message as for none at all. Article: M.8.
    """
    found = selectors.visible_to(actor).select_related("department").get(uuid=message_uuid)
    with acting(actor, Action.MESSAGE_MENDED, _subject(found)) as act:
        permit(actor, Capability.RESEND_MESSAGES, found.department_id)
        content = _content_now(found)
        row = lock(selectors.visible_to(actor), uuid=message_uuid)
        before, row.state = row.state, OUTBOUND.move(row.state, "mend")
        row.save(update_fields=["state"])
        subject = _subject(row)
        new = post(
            row.topic, found.department, subject, selectors.next_version(subject), content,
            row.file_digest,
        )  # fmt: skip
        new.mends = row
        new.save(update_fields=["mends"])
        act.fact("message_state", before, row.state)
        act.note("message", str(row.uuid))
        act.note("mended_by", str(new.uuid))
    return new


def _content_now(message: Outbound) -> Mapping[str, Any]:
    """What the message would say today; its subject's row is locked, so that its place is ours."""
    said: Mapping[str, Any] = json.loads(message.content)
    name = settings.PORTAL_MESSAGE_COMPOSERS.get(message.subject_kind)
    if name is None:
        return said
    compose: Composer = import_string(name)
    return compose(message.subject_key, said)


def _subject(message: Outbound) -> Subject:
    return Subject(message.subject_kind, message.subject_key, message.subject_label)
