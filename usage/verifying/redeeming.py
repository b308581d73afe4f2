"""A code is read: once, in one atomic step, and every answer is kept (P.2.3.3, M.19).

Whoever reads first wins, by one conditional UPDATE; everybody else is told that the code is
used. What the reader may see depends on who they are: a verifier gets the items that the holder
chose, anybody else what the public may see.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.trail.recording import Act, acting
from licences.models import LicenceVersion
from seals.documents.questions import Answer, Answered, Question
from usage.lifecycle import PRESENTATION
from usage.models import Mode, Presentation, PurposeCopy, Verification
from usage.verifying.answers import answers_on, as_rows, none_asked
from usage.verifying.codes import Kind, Understood, reader_index
from usage.verifying.disclosure import Seen, seen_by
from usage.verifying.outcomes import BY_KEY, Outcome, outcome_of
from usage.verifying.redemption import (
    TAKEN_AT_ONCE,
    Led,
    hold,
    led_by,
    reader_name,
    redeemed_by,
    take,
)
from usage.verifying.version_facts import Shown, shown_in
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import READING_STAYS_OPEN

_BY_STATE = {
    "REDEEMED": Outcome.CODE_USED,
    "ASKED": Outcome.CODE_USED,
    "AGREED": Outcome.CODE_USED,
    "DECLINED": Outcome.DECLINED,
    "WITHDRAWN": Outcome.WITHDRAWN,
    "LAPSED": Outcome.CODE_EXPIRED,
}
# Who shows it had no right to, or took it back: nothing of the licence goes out.
_HIDDEN = frozenset({Outcome.SWITCHED_OFF, Outcome.MANDATE_ENDED})
_YES_FRESH = Answered(Question.CODE_FRESH, Answer.YES)


@dataclass(frozen=True)
class Read:
    """One licence of a reading: the verification that is kept, and what the reader may see."""

    verification: Verification
    outcome: Outcome
    seen: Seen | None


@dataclass(frozen=True)
class Reading:
    """What came of a code: an outcome and its licences, or that the holder is being asked.

    `reader_key` is for the reader alone: with it they ask again while they wait. `copy` is the
    purpose-marked copy that led here.
    """

    outcome: Outcome | None
    read: tuple[Read, ...] = ()
    presentation: Presentation | None = None
    reader_key: str = ""
    copy: PurposeCopy | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the holder's word is waited for."""
        return self.outcome is None


def read_code(*, actor: Actor, understood: Understood, purpose: str = "") -> Reading:
    """Reads the code of a presentation, by its secret or its short number.

    Never raises for what was scanned: each way of not leading anywhere is an outcome of its own,
    and kept. Article: P.2.3.3, M.19.
    """
    now = clock.now()
    is_ours = understood.kind in {Kind.PRESENTATION, Kind.NUMBER}
    led = led_by(understood) if is_ours else None
    fault = _fault(understood, led, now)
    if led is None or fault is not None:
        row = led.presentation if led is not None else None
        with acting(actor, Action.CODE_READ, at_once=True) as act:
            return _refused(actor, act, fault or Outcome.NOT_FOUND, row, purpose)
    row = led.presentation
    if led.may_be_taken_at_once:
        held = redeemed_by(actor, now)
        with acting(actor, Action.CODE_READ, at_once=True) as act:
            reading = _verified(actor, act, row, led.shown, purpose)
            act.hang_on(TAKEN_AT_ONCE, row.pk, now, *held.values())
        if act.is_done:
            hold(row, held)
            return reading
    with acting(actor, Action.CODE_READ) as act:
        key = secrets.token_urlsafe(24) if row.asks_consent else ""
        if not take(row, actor, now, key):
            row.refresh_from_db()
            return _refused(actor, act, _of_state(row, now), row, purpose)
        if row.asks_consent:
            act.set_subject(row.subject)
            act.note("asked", True)  # noqa: FBT003
            return Reading(None, presentation=row, reader_key=key)
        return _verified(actor, act, row, shown_in(row), purpose)


def fetch_agreed(
    *, actor: Actor, presentation: Presentation, reader_key: str, purpose: str = ""
) -> Reading:
    """What a reader gets who waits for the holder's word: nothing yet, a no, or the licences.

    `reader_key` is what `read_code` gave them; another one, or another person or department than
    the holder was asked about, is answered as a code that was used.
    Article: P.2.3.3.
    """
    now = clock.now()
    if not _is_reader(actor, presentation, reader_key):
        return Reading(Outcome.CODE_USED)
    if presentation.state == "ASKED" and now < presentation.ends_at:
        return Reading(None, presentation=presentation, reader_key=reader_key)
    if presentation.state == "REDEEMED":
        return _collected(actor, presentation)
    with acting(actor, Action.CODE_READ, presentation.subject) as act:
        target = PRESENTATION.move("AGREED", "redeem")
        taken = Presentation.objects.filter(
            pk=presentation.pk, state="AGREED", ends_at__gt=now
        ).update(state=target, closed_at=now, read_at=now)
        presentation.refresh_from_db()
        if not taken and presentation.state == "REDEEMED":
            act.note("again", True)  # noqa: FBT003
            return _collected(actor, presentation)
        if not taken:
            return _refused(actor, act, _of_state(presentation, now), presentation, purpose)
        return _verified(actor, act, presentation, shown_in(presentation), purpose)


def _collected(actor: Actor, presentation: Presentation) -> Reading:
    """What the same reader got a moment ago: two of their requests may come at once.

    For as long as a reading stays open; then the fields are gone.
    """
    if presentation.read_at is None or clock.now() >= presentation.read_at + READING_STAYS_OPEN:
        return Reading(Outcome.CODE_USED)
    rows = presentation.verifications.filter(licence__isnull=False).order_by("pk")
    kept = {one.version_id: one for one in rows}
    is_verifier = may_see_items(actor)
    read = tuple(
        again(kept[shown.version.pk], shown, is_verifier=is_verifier)
        for shown in shown_in(presentation)
        if shown.version.pk in kept
    )
    if not read:
        return Reading(Outcome.CODE_USED)
    return Reading(worst([one.outcome for one in read]), read, presentation)


def again(verification: Verification, shown: Shown, *, is_verifier: bool) -> Read:
    """A reading that was made, for its reader's second look: nothing is asked or kept anew.

    What was not given out then is not given out now.
    """
    outcome = BY_KEY[verification.outcome]
    if outcome in _HIDDEN:
        return Read(verification, outcome, None)
    seen = seen_by(shown.version, verification.items, is_verifier=is_verifier)
    return Read(verification, outcome, seen)


def _is_reader(actor: Actor, row: Presentation, key: str) -> bool:
    """Whether this is who the holder was asked about: by their secret, and as whom they act."""
    same = (row.reader_account_id, row.reader_department_id) == (
        actor.account_id,
        actor.department_id,
    )
    return same and hmac.compare_digest(row.reader_key, reader_index(key))


def _fault(understood: Understood, led: Led | None, now: datetime) -> Outcome | None:
    """Why a code leads nowhere, before anybody tries to take it."""
    if understood.kind in {Kind.FOREIGN, Kind.UNCLEAR}:
        return Outcome.WRONG if understood.kind is Kind.FOREIGN else Outcome.NOT_FOUND
    if led is None:
        return Outcome.NOT_FOUND
    row = led.presentation
    if row.state != "OPEN":
        return _of_state(row, now)
    if now >= led.expires_at or now >= row.ends_at:
        return Outcome.CODE_EXPIRED
    if not row.is_backed(clock.beijing_day(now)):
        return Outcome.MANDATE_ENDED
    return None


def _of_state(row: Presentation, now: datetime) -> Outcome:
    if row.state in {"ASKED", "AGREED"} and now >= row.ends_at:
        return Outcome.CODE_EXPIRED
    return _BY_STATE.get(row.state, Outcome.CODE_EXPIRED)


def _refused(
    actor: Actor,
    act: Act,
    outcome: Outcome,
    row: Presentation | None,
    purpose: str,
) -> Reading:
    """Keeps a reading that led nowhere, with its answers."""
    if row is not None:
        act.set_subject(row.subject)
    act.note("outcome", outcome.key)
    is_code = outcome is not Outcome.MANDATE_ENDED
    fresh = Answered(Question.CODE_FRESH, Answer.NO, outcome.key, outcome.sentence)
    shown = Answered(Question.PRESENTED_BY_HOLDER, Answer.NOT_ASKED, "not_reached", "没有再问")
    if not is_code:
        fresh = _YES_FRESH
        shown = Answered(Question.PRESENTED_BY_HOLDER, Answer.NO, outcome.key, outcome.sentence)
    kept = _kept(actor, none_asked(shown, fresh), outcome, purpose, presentation=row)
    act.keep(kept)
    return Reading(outcome, (Read(kept, outcome, None),), row)


def _verified(
    actor: Actor, act: Act, row: Presentation, licences: Sequence[Shown], purpose: str
) -> Reading:
    """Asks every question of every licence shown, keeps the answers, gives out what may be seen."""
    is_verifier = may_see_items(actor)
    is_backed = row.is_backed(clock.today())
    read: list[Read] = []
    for shown in licences:
        presented = _presented(row, shown, is_backed=is_backed)
        answers = answers_on(shown.version, presented=presented, fresh=_YES_FRESH)
        outcome = outcome_of(answers)
        seen = (
            None
            if outcome in _HIDDEN
            else seen_by(shown.version, shown.items, is_verifier=is_verifier)
        )
        given = {field.key for field in seen.fields} if seen else set()
        kept = _kept(
            actor, answers, outcome, purpose, presentation=row, version=shown.version,
            items=[key for key in shown.items if key in given],
        )  # fmt: skip
        read.append(Read(kept, outcome, seen))
    for one in read:
        act.keep(one.verification)
    _record(act, row, read)
    return Reading(worst([one.outcome for one in read]), tuple(read), row)


def _record(act: Act, row: Presentation, read: Sequence[Read]) -> None:
    """One record a licence, so that each holder finds who looked; the first is the act's own."""
    for place, one in enumerate(read):
        version = one.verification.version
        if version is None:
            continue
        facts = {
            "outcome": one.outcome.key,
            "verification": one.verification.number,
            "presentation": str(row.uuid),
            "items": one.verification.items,
            "purpose": one.verification.purpose,
        }
        if place == 0:
            act.set_subject(version.licence.subject)
            act.note_all(facts)
        else:
            act.add_record(version.licence.subject, facts)


def _presented(row: Presentation, shown: Shown, *, is_backed: bool) -> Answered:
    question = Question.PRESENTED_BY_HOLDER
    if not is_backed:  # ended while the holder was being asked
        ended = Outcome.MANDATE_ENDED
        return Answered(question, Answer.NO, ended.key, ended.sentence)
    if shown.is_switched_off:
        off = Outcome.SWITCHED_OFF
        return Answered(question, Answer.NO, off.key, off.sentence)
    if row.mandate is None:
        return Answered(question, Answer.YES, "", "持证人实名认证后出示")
    return Answered(question, Answer.YES, "mandate", f"{row.mandate.get_kind_display()}代为出示")


def _kept(
    actor: Actor,
    answers: Sequence[Answered],
    outcome: Outcome,
    purpose: str,
    *,
    presentation: Presentation | None = None,
    version: LicenceVersion | None = None,
    items: Sequence[str] = (),
) -> Verification:
    return Verification(
        mode=Mode.PRESENTATION,
        presentation=presentation,
        licence=version.licence if version else None,
        version=version,
        account_id=actor.account_id,
        department_id=actor.department_id,
        reader_name=reader_name(actor),
        outcome=outcome.key,
        verdict=outcome.verdict.value,
        answers=as_rows(answers),
        items=list(items),
        purpose=purpose.strip()[:120],
        at=clock.now(),
    )


def may_see_items(actor: Actor) -> bool:
    """Whether the reader sees the items that the holder chose: a verifier on duty (ours)."""
    return actor.kind is ActorKind.OFFICIAL and actor.has(Capability.VERIFY_LICENCES.value)


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The gravest of several outcomes: failed before not known before passed."""
    order = ("failed", "indeterminate", "passed")
    return min(outcomes, key=lambda one: order.index(one.verdict.value))
