"""Whatever is verified is counted first, by what it is and not by where it was asked (M.26)."""

from django.conf import settings

from usage.verifying.codes import Kind, understand
from usage.verifying.outcomes import Outcome
from usage.verifying.rate_limits import Limit, spend, spend_number
from usage.verifying.results import VerificationResult
from usage.verifying.services import verify_text
from zezhou_portal.kernel.actors import Actor, ActorKind


def verify_counted(
    *, actor: Actor, who: str, text: str, limit: Limit, purpose: str = ""
) -> VerificationResult:
    """What a text leads to, counted under `who`: a short number as such, anything else by `limit`.

    Raises TooOften before anything is looked for. Article: M.19, M.26.
    """
    is_official = actor.kind is ActorKind.OFFICIAL
    if understand(text, settings.PORTAL_ADDRESS).kind is not Kind.NUMBER:
        spend(limit, who)
        return verify_text(actor=actor, text=text, purpose=purpose)
    if is_official:
        spend(limit, who)
    tried = spend_number(who, is_official=is_official)
    result = verify_text(actor=actor, text=text, purpose=purpose)
    if result.outcome is not Outcome.NOT_FOUND:
        tried.was_right()
    return result
