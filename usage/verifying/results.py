"""What came of a verification: a result for each licence, kept for good (M.19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seals.documents.questions import Answered
from usage.models import Mode, Presentation, PurposeCopy, Verification
from usage.verifying.answers import as_rows
from usage.verifying.disclosure import Disclosure, disclose
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.version_facts import VersionFacts
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind

# Nothing of the licence goes out: its holder closed it, who shows it had no right to, or the
# copy that led to it counts no more.
HIDING = frozenset({Outcome.SWITCHED_OFF, Outcome.MANDATE_ENDED, Outcome.COPY_EXPIRED})
MOST_PURPOSE = 120


@dataclass(frozen=True)
class LicenceResult:
    """One licence: the verification that is kept, and what the reader may see.

    `facts` are those of the moment, where a licence was led to; nothing of them goes out.
    """

    verification: Verification
    outcome: Outcome
    disclosure: Disclosure | None
    facts: VersionFacts | None = None


@dataclass(frozen=True)
class VerificationResult:
    """What a code or a paper led to: an outcome and its licences, or that the holder is asked.

    `reader_key` is for the reader alone: with it they ask again while they wait. `copy` is the
    purpose-marked copy that led here.
    """

    outcome: Outcome | None
    licences: tuple[LicenceResult, ...] = ()
    presentation: Presentation | None = None
    reader_key: str = ""
    copy: PurposeCopy | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the holder's word is waited for."""
        return self.outcome is None


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The gravest of several outcomes: failed before not known before passed."""
    order = ("failed", "indeterminate", "passed")
    return min(outcomes, key=lambda outcome: order.index(outcome.verdict.value))


def reader_name(actor: Actor) -> str:
    """Who read, as the holder is told: the department of an official, else that it was anybody."""
    return actor.department_name if actor.kind is ActorKind.OFFICIAL else "没有登录的人"


def keep(
    actor: Actor,
    mode: Mode,
    answers: Sequence[Answered],
    outcome: Outcome,
    *,
    purpose: str = "",
    presentation: Presentation | None = None,
    facts: VersionFacts | None = None,
    items: Sequence[str] = (),
    on_day: date | None = None,
) -> Verification:
    """Writes one verification: who asked, by what, every answer; in the act's transaction."""
    return Verification.objects.create(
        mode=mode,
        presentation=presentation,
        licence=facts.licence if facts else None,
        version=facts.version if facts else None,
        account_id=actor.account_id,
        department_id=actor.department_id,
        reader_name=reader_name(actor),
        on_day=on_day,
        outcome=outcome.key,
        verdict=outcome.verdict.value,
        answers=as_rows(answers),
        items=list(items),
        # a holder reads it: the words of whoever nobody knows do not stand in their history
        purpose=purpose.strip()[:MOST_PURPOSE] if actor.kind is ActorKind.OFFICIAL else "",
        at=clock.now(),
    )


def again(
    verification: Verification, facts: VersionFacts | None, *, is_verifier: bool
) -> LicenceResult:
    """A verification that was made, for its reader's second look: nothing is asked or kept anew.

    What was not given out then is not given out now.
    """
    outcome = BY_KEY[verification.outcome]
    disclosure = None
    if facts is not None and outcome not in HIDING:
        disclosure = disclose(facts, verification.items, is_verifier=is_verifier)
    return LicenceResult(verification, outcome, disclosure, facts)
