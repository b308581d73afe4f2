"""Send a stuck message again, asked for by a person."""

from uuid import UUID

from audit.trail.recording import acting
from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services.posting import DISPATCH
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action


def resend(*, actor: Actor, message_uuid: UUID) -> Outbound:
    """Puts a refused, given-up or unanswered message back in the queue, due now.

    Raises Outbound.DoesNotExist for a neighbour's message as for none at all.
    Article: M.8.
    """
    found = selectors.visible_to(actor).get(uuid=message_uuid)
    subject = Subject(found.subject_kind, found.subject_key, found.subject_label)
    with acting(actor, Action.MESSAGE_RESENT, subject) as act:
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
