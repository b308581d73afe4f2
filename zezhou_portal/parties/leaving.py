"""Leaving: a member of staff logs out, a holder signs out (M.20, M.25).

Both kinds may be signed in in one browser in turn, so each sign-in ends the other; that is why
this lies below both.
"""

from audit.trail.recording import acting, record
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Account, RealNameCheck
from zezhou_portal.regulation.actions import Action


def log_out(*, actor: Actor, account: Account) -> None:
    """Records that a member of staff left; the page ends the session. Article: M.25."""
    record(actor, Action.LOGGED_OUT, account.subject, {})


def sign_out(*, actor: Actor, check: RealNameCheck) -> None:
    """Ends a real-name check: whatever session carries it opens nothing more. Article: M.20."""
    with acting(actor, Action.HOLDER_SIGNED_OUT, check.holder.subject):
        RealNameCheck.objects.filter(pk=check.pk, ended_at__isnull=True).update(
            ended_at=clock.now()
        )
