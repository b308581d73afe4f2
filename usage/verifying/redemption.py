"""The code of a presentation is redeemed: read once, by one reader (P.2.3.3, M.19).

Taken, judged and written in one transaction. One conditional UPDATE decides who reads: whoever
comes second waits for the first and is told that the code is used. Every question is asked after
that, so what changed while one waited counts. A reading locks its presentation and no other row,
so readings never wait for each other in a circle.
"""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.trail.recording import Act, acting
from seals.documents.questions import Answer, Answered, Question
from usage.lifecycle import PRESENTATION
from usage.models import Mode, Presentation, PresentationCode
from usage.verifying.answers import answers_on, none_asked
from usage.verifying.codes import Kind, Understood, number_index, reader_index, secret_index
from usage.verifying.disclosure import disclose, may_see_items
from usage.verifying.outcomes import Outcome, outcome_of
from usage.verifying.results import (
    HIDING,
    LicenceResult,
    VerificationResult,
    again,
    keep,
    reader_name,
    worst,
)
from usage.verifying.version_facts import PresentedVersion, presented_in
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import CONSENT_WAITS, READING_STAYS_OPEN

_BY_STATE = {
    "REDEEMED": Outcome.CODE_USED,
    "ASKED": Outcome.CODE_USED,
    "AGREED": Outcome.CODE_USED,
    "DECLINED": Outcome.DECLINED,
    "WITHDRAWN": Outcome.WITHDRAWN,
    "LAPSED": Outcome.CODE_EXPIRED,
}
_FRESH = Answered(Question.CODE_FRESH, Answer.YES)


@dataclass(frozen=True)
class ResolvedCode:
    """Where a code leads: its presentation, and until when the code is good."""

    presentation: Presentation
    expires_at: datetime


def read_code(*, actor: Actor, understood: Understood, purpose: str = "") -> VerificationResult:
    """Reads the code of a presentation, by its secret or its short number.

    Never raises for what was scanned: each way of not leading anywhere is an outcome of its own,
    and kept. Article: P.2.3.3, M.19.
    """
    with acting(actor, Action.CODE_READ) as act:
        now = clock.now()
        resolved = resolve_code(understood)
        row = resolved.presentation if resolved else None
        fault = _fault(understood, resolved, now)
        if row is None or fault is not None:
            return _refused(act, fault or Outcome.NOT_FOUND, row, purpose)
        reader_key = secrets.token_urlsafe(24) if row.asks_consent else ""
        if not redeem(row, actor, now, reader_key):
            return _refused(act, _outcome_of_state(row, now), row, purpose)
        if row.asks_consent:
            act.set_subject(row.subject)
            act.note("asked", True)  # noqa: FBT003
            return VerificationResult(None, presentation=row, reader_key=reader_key)
        return _verified(act, row, purpose)


def fetch_agreed(
    *, actor: Actor, presentation: Presentation, reader_key: str, purpose: str = ""
) -> VerificationResult:
    """What a reader gets who waits for the holder's word: nothing yet, a no, or the licences.

    `reader_key` is what `read_code` gave them; another one, or another person or department than
    the holder was asked about, is answered as a code that was used.
    Article: P.2.3.3.
    """
    now = clock.now()
    if not _is_reader(actor, presentation, reader_key):
        return VerificationResult(Outcome.CODE_USED)
    if presentation.state == "ASKED" and now < presentation.ends_at:
        return VerificationResult(None, presentation=presentation, reader_key=reader_key)
    if presentation.state == "REDEEMED":
        return _collected(actor, presentation)
    with acting(actor, Action.CODE_READ, presentation.subject) as act:
        held = {"state": PRESENTATION.move("AGREED", "redeem"), "closed_at": now, "read_at": now}
        is_taken = _take(presentation, "AGREED", now, held)
        if not is_taken and presentation.state == "REDEEMED":
            act.note("again", True)  # noqa: FBT003
            return _collected(actor, presentation)
        if not is_taken:
            return _refused(act, _outcome_of_state(presentation, now), presentation, purpose)
        return _verified(act, presentation, purpose)


def resolve_code(understood: Understood) -> ResolvedCode | None:
    """Where a secret or a short number leads."""
    if understood.kind is Kind.PRESENTATION:
        index = {"secret_index": secret_index(understood.first)}
    elif understood.kind is Kind.NUMBER:
        index = {"number_index": number_index(understood.first)}
    else:
        return None
    codes = PresentationCode.objects.select_related("presentation__mandate")
    code = codes.filter(**index).first()
    return ResolvedCode(code.presentation, code.expires_at) if code else None


def redeem(row: Presentation, actor: Actor, now: datetime, reader_key: str = "") -> bool:
    """Takes an open presentation for this reader, if nobody was quicker; waits for who may be.

    Where the holder is to be asked first it waits for their word: `reader_key` is the secret with
    which the reader asks again. The row says afterwards what stands, whoever took it.
    """
    held: dict[str, Any] = {
        "reader_account_id": actor.account_id,
        "reader_department_id": actor.department_id,
        "reader_name": reader_name(actor),
    }
    if row.asks_consent:
        held |= {
            "state": PRESENTATION.move("OPEN", "ask"),
            "reader_key": reader_index(reader_key),
            "ends_at": max(row.ends_at, now + CONSENT_WAITS),
        }
    else:
        state = PRESENTATION.move("OPEN", "redeem")
        held |= {"state": state, "read_at": now, "closed_at": now}
    return _take(row, "OPEN", now, held)


def _take(row: Presentation, state: str, now: datetime, held: dict[str, Any]) -> bool:
    """The one statement that decides between readers; then the row is read as it stands."""
    rows = Presentation.objects.filter(pk=row.pk, state=state, ends_at__gt=now)
    is_taken = bool(rows.update(**held))
    row.refresh_from_db(from_queryset=Presentation.objects.select_related("mandate"))
    return is_taken


def _collected(actor: Actor, presentation: Presentation) -> VerificationResult:
    """What the same reader got a moment ago: two of their requests may come at once.

    For as long as a reading stays open; then the fields are gone.
    """
    if presentation.read_at is None or clock.now() >= presentation.read_at + READING_STAYS_OPEN:
        return VerificationResult(Outcome.CODE_USED)
    rows = presentation.verifications.filter(licence__isnull=False).order_by("pk")
    kept = {row.version_id: row for row in rows}
    is_verifier = may_see_items(actor)
    results = tuple(
        again(kept[shown.facts.version.pk], shown.facts, is_verifier=is_verifier)
        for shown in presented_in(presentation)
        if shown.facts.version.pk in kept
    )
    if not results:
        return VerificationResult(Outcome.CODE_USED)
    outcome = worst([result.outcome for result in results])
    return VerificationResult(outcome, results, presentation)


def _is_reader(actor: Actor, row: Presentation, reader_key: str) -> bool:
    """Whether this is who the holder was asked about: by their secret, and as whom they act."""
    same = (row.reader_account_id, row.reader_department_id) == (
        actor.account_id,
        actor.department_id,
    )
    return same and hmac.compare_digest(row.reader_key, reader_index(reader_key))


def _fault(understood: Understood, resolved: ResolvedCode | None, now: datetime) -> Outcome | None:
    """Why a code leads nowhere, before anybody tries to take it."""
    if understood.kind is Kind.FOREIGN:
        return Outcome.WRONG
    if resolved is None:
        return Outcome.NOT_FOUND
    row = resolved.presentation
    if row.state != "OPEN":
        return _outcome_of_state(row, now)
    if now >= resolved.expires_at or now >= row.ends_at:
        return Outcome.CODE_EXPIRED
    if not row.is_backed(clock.beijing_day(now)):
        return Outcome.MANDATE_ENDED
    return None


def _outcome_of_state(row: Presentation, now: datetime) -> Outcome:
    if row.state in {"ASKED", "AGREED"} and now >= row.ends_at:
        return Outcome.CODE_EXPIRED
    return _BY_STATE.get(row.state, Outcome.CODE_EXPIRED)


def _refused(
    act: Act, outcome: Outcome, row: Presentation | None, purpose: str
) -> VerificationResult:
    """Keeps a reading that led nowhere, with its answers."""
    if row is not None:
        act.set_subject(row.subject)
    act.note("outcome", outcome.key)
    denied = Answered(Question.CODE_FRESH, Answer.NO, outcome.key, outcome.sentence)
    answers = none_asked(
        Answered(Question.PRESENTED_BY_HOLDER, Answer.NOT_ASKED, "not_reached", "没有再问"), denied
    )
    if outcome is Outcome.MANDATE_ENDED:
        answers = none_asked(_denied_to(outcome), _FRESH)
    kept = keep(act.actor, Mode.PRESENTATION, answers, outcome, purpose=purpose, presentation=row)
    return VerificationResult(outcome, (LicenceResult(kept, outcome, None),), row)


def _verified(act: Act, row: Presentation, purpose: str) -> VerificationResult:
    """Asks every question of every licence shown, keeps the answers, gives out what may be seen."""
    is_backed = row.is_backed(clock.today())
    results = tuple(
        _judged(act.actor, row, shown, purpose, is_backed=is_backed) for shown in presented_in(row)
    )
    _record(act, row, results)
    return VerificationResult(worst([result.outcome for result in results]), results, row)


def _judged(
    actor: Actor, row: Presentation, shown: PresentedVersion, purpose: str, *, is_backed: bool
) -> LicenceResult:
    presented = _presented(row, shown, is_backed=is_backed)
    answers = answers_on(shown.facts, presented=presented, fresh=_FRESH)
    outcome, disclosure, given = outcome_of(answers), None, set()
    if outcome not in HIDING:
        disclosure = disclose(shown.facts, shown.items, is_verifier=may_see_items(actor))
        given = {field.key for field in disclosure.fields}
    kept = keep(
        actor, Mode.PRESENTATION, answers, outcome, purpose=purpose, presentation=row,
        facts=shown.facts, items=[key for key in shown.items if key in given],
    )  # fmt: skip
    return LicenceResult(kept, outcome, disclosure, shown.facts)


def _record(act: Act, row: Presentation, results: Sequence[LicenceResult]) -> None:
    """One record a licence, so that each holder finds who looked; the first is the act's own."""
    for place, result in enumerate(results):
        verification = result.verification
        if verification.licence is None:
            continue
        facts = {
            "outcome": result.outcome.key,
            "verification": verification.number,
            "presentation": str(row.uuid),
            "items": verification.items,
            "purpose": verification.purpose,
        }
        if place == 0:
            act.set_subject(verification.licence.subject)
            act.note_all(facts)
        else:
            act.add_record(verification.licence.subject, facts)


def _presented(row: Presentation, shown: PresentedVersion, *, is_backed: bool) -> Answered:
    question = Question.PRESENTED_BY_HOLDER
    if not is_backed:  # ended while the holder was being asked
        return _denied_to(Outcome.MANDATE_ENDED)
    if shown.is_switched_off:
        return _denied_to(Outcome.SWITCHED_OFF)
    if row.mandate is None:
        return Answered(question, Answer.YES, "", "持证人实名认证后出示")
    return Answered(question, Answer.YES, "mandate", f"{row.mandate.footing}代为出示")


def _denied_to(outcome: Outcome) -> Answered:
    return Answered(Question.PRESENTED_BY_HOLDER, Answer.NO, outcome.key, outcome.sentence)
