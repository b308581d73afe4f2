"""How much work waits for a person at each place of the rail: one query a place they see."""

from audit.deadlines import selectors as clocks
from licences.applications.selectors import ranked, steps_of
from licences.register.visibility import applications_visible_to, entries_visible_to
from licences.stock import selectors as stock
from zezhou_portal.exchange import selectors as exchange
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability


def _applications(actor: Actor, *steps: str) -> int:
    known = steps_of(actor)
    condition = known[steps[0]]
    for step in steps[1:]:
        condition |= known[step]
    return ranked(applications_visible_to(actor)).filter(condition).count()


def to_capture(actor: Actor) -> int:
    """Applications to capture or to mend."""
    return _applications(actor, "capture", "returned")


def to_review(actor: Actor) -> int:
    """Applications that this person may judge."""
    return _applications(actor, "review")


def to_sign_off(actor: Actor) -> int:
    """Applications that this person may sign off."""
    return _applications(actor, "sign-off") if actor.has(Capability.ISSUE_LICENCES.value) else 0


def sheets_to_sign_off(actor: Actor) -> int:
    """Permit sheets that wait for a signature, for those who may give it."""
    if not actor.has(Capability.SIGN_OFF_STOCK.value):
        return 0
    return stock.sheets_of(actor, "SUBMITTED").count()


def entries_to_publish(actor: Actor) -> int:
    """Catalogue entries that departments have submitted."""
    return entries_visible_to(actor).filter(state="SUBMITTED").count()


def messages_in_trouble(actor: Actor) -> int:
    """Messages that the city refused or that could not be delivered."""
    return exchange.visible_to(actor).filter(state__in=["REFUSED", "GIVEN_UP"]).count()


def clocks_breached(actor: Actor) -> int:
    """Clocks that ran out and are still open."""
    return clocks.visible_to(actor).filter(state="BREACHED").count()
