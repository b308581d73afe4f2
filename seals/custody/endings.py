"""A seal that is lost or out of control: blocked at once, and given back (S.16).

Public notices and the list of what was sealed in the doubtful time come with the seals issue.
"""

from audit.trail.recording import acting
from seals.lifecycle import SEAL
from seals.models import Seal, SealChange
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault


def block(*, actor: Actor, seal: Seal, reason: str) -> Seal:
    """Stops a seal that is lost or out of control: nothing is sealed with it. Article: S.16."""
    return _move(actor, seal, "block", Action.SEAL_BLOCKED, reason)


def unblock(*, actor: Actor, seal: Seal, reason: str) -> Seal:
    """Lets a blocked seal be used again. Article: S.16."""
    return _move(actor, seal, "unblock", Action.SEAL_UNBLOCKED, reason)


def _move(actor: Actor, seal: Seal, verb: str, action: Action, reason: str) -> Seal:
    """Moves a seal by its state table, on the record."""
    with acting(actor, action, seal.subject) as act:
        permit(actor, Capability.KEEP_SEALS, seal.department_id)
        row = lock(Seal.objects.all(), pk=seal.pk)
        target = SEAL.move(row.state, verb)
        if not reason.strip():
            raise FormFault("S.16", "还没有写原因。", fields={"reason": "还没有写原因"})
        act.fact("state", row.state, target)
        reason = reason.strip()[:200]
        act.secret("reason", reason)  # it may name people: kept in the seal's history (M.26)
        row.state, row.state_since = target, clock.now()
        row.save(update_fields=["state", "state_since"])
        SealChange.objects.create(
            seal=row, state=target, at=row.state_since, act=action.code, reason=reason
        )
    return row
