"""What happens to a licence after its issue: each happening its own verb, record and message.

The desk for these acts, with the two hands of a change request, comes with the issue on licence
life; the verbs stand already because verifications have to tell the states apart. A ground may
name people: it stands in the history of states, and its digest on the trail (M.26). Article: M.8.
"""

from audit.trail.recording import acting
from licences.lifecycle import LICENCE
from licences.models import Licence, LicenceStatus, LicenceVersion
from licences.register.collection import post_state
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault

MOST_REASON = 200


def detain(*, actor: Actor, licence: Licence, reason: str, document: str) -> Licence:
    """Detains a licence: it may not be used until it is released. Article: M.8."""
    return _change(actor, licence, "detain", Action.LICENCE_DETAINED, reason, document)


def release(*, actor: Actor, licence: Licence, reason: str, document: str) -> Licence:
    """Gives a detained licence back. Article: M.8."""
    return _change(actor, licence, "release", Action.LICENCE_RELEASED, reason, document)


def revoke(*, actor: Actor, licence: Licence, reason: str, document: str) -> Licence:
    """Revokes a licence as a sanction; there is no way back. Article: M.8."""
    return _change(actor, licence, "revoke", Action.LICENCE_REVOKED, reason, document)


def cancel(*, actor: Actor, licence: Licence, reason: str, document: str) -> Licence:
    """Cancels a licence at its holder's wish or because its ground is gone. Article: M.8."""
    return _change(actor, licence, "cancel", Action.LICENCE_CANCELLED, reason, document)


def annul(*, actor: Actor, licence: Licence, reason: str, document: str) -> Licence:
    """Annuls a licence that should not have been issued. Article: M.8."""
    return _change(actor, licence, "annul", Action.LICENCE_ANNULLED, reason, document)


def _change(
    actor: Actor, licence: Licence, verb: str, action: Action, reason: str, document: str
) -> Licence:
    """Moves a licence by the state table: record, history of states, message to the city."""
    with acting(actor, action, licence.subject) as act:
        permit(actor, Capability.CHANGE_LICENCES, licence.issuing_department_id)
        row = lock(Licence.objects.select_related("issuing_department", "entry"), pk=licence.pk)
        target = LICENCE.move(row.state, verb)
        _check_ground(reason, document)
        now = clock.now()
        told = row.state != "AWAITING_FILE"  # what the city was never sent needs no taking back
        act.fact("state", row.state, target)
        reason, document = reason.strip()[:MOST_REASON], document.strip()[:MOST_REASON]
        act.secret("reason", reason)
        act.secret("document", document)
        row.state = target
        row.save(update_fields=["state"])
        LicenceStatus.objects.filter(licence=row, until__isnull=True).update(until=now)
        LicenceStatus.objects.create(
            licence=row, state=target, since=now, act=action.code, reason=reason, document=document
        )
        version = LicenceVersion.objects.get(licence=row, no=row.version_no)
        if told:
            post_state(verb, [row], {row.pk: version})
        else:
            LicenceVersion.objects.filter(pk=version.pk).update(is_made=True, leased_until=None)
    return row


def _check_ground(reason: str, document: str) -> None:
    fields = {}
    if not reason.strip():
        fields["reason"] = "还没有写原因"
    if not document.strip():
        fields["document"] = "还没有填决定书文号"
    if fields:
        raise FormFault("M.8", "写明原因和决定书文号，才能改变证照状态。", fields=fields)
