"""Checking a licence by what stands on paper: the code on a face, its words, a marked copy.

For anybody and for verifiers alike; every look is kept and stands in the holder's history. What
leads nowhere has one answer, so that nothing says which numbers exist. Article: M.18, M.19, S.10.
"""

import hmac
from datetime import date

from audit.trail.recording import acting
from licences.models import LicenceVersion
from seals.documents.questions import Answer, Answered, Question
from usage.models import Mode, PurposeCopy, Verification
from usage.verifying.answers import NO_CODE, NOT_SHOWN, answers_on, as_rows, none_asked
from usage.verifying.code_selectors import version_by_code, versions_by_number
from usage.verifying.codes import letters_of
from usage.verifying.disclosure import seen_by
from usage.verifying.outcomes import Outcome, outcome_of
from usage.verifying.printed_codes import normalise_check_code, normalise_serial
from usage.verifying.redeeming import Read, Reading, may_see_items
from usage.verifying.redemption import reader_name
from usage.verifying.version_facts import is_off_for_all, whole
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

# What hides the licence from a reader: its holders' wish, a copy that counts no more.
_HIDING = frozenset({Outcome.SWITCHED_OFF, Outcome.COPY_EXPIRED})


def check_printed(*, actor: Actor, serial: str, code: str, purpose: str = "") -> Reading:
    """What the code on a face leads to: serial part and check code, however they were typed.

    Article: M.18, M.19.
    """
    version = version_by_code(normalise_serial(serial), normalise_check_code(code))
    return _checked(actor, Mode.PRINTED, version, purpose)


def check_typed(
    *, actor: Actor, number: str, code: str, issued_on: date, holder: str, purpose: str = ""
) -> Reading:
    """What stands on the paper, typed: number, check code and two more; all must agree.

    `number` is the licence number or the whole identifier. Article: M.18.
    """
    found = version_typed(number=number, code=code, issued_on=issued_on, holder=holder)
    return _checked(actor, Mode.TYPED, found, purpose)


def version_typed(*, number: str, code: str, issued_on: date, holder: str) -> LicenceVersion | None:
    """The version of which all four are true, if there is one.

    The check code alone does the finding: what else was typed is compared with what it found,
    so that no number is ever looked for and none can be told to exist.
    """
    found = None
    for version in versions_by_number(number, normalise_check_code(code)):
        frozen = version.frozen
        names = "".join(one["name"] for one in frozen["holders"])
        is_day = hmac.compare_digest(frozen["issued_on"], issued_on.isoformat())
        is_name = hmac.compare_digest(letters_of(names), letters_of(holder))
        found = version if is_day and is_name else found
    return found


def check_copy(*, actor: Actor, code: str, purpose: str = "") -> Reading:
    """What the code on a purpose-marked copy leads to: is its term running, and the licence's
    present state. Article: S.10.
    """
    copy = PurposeCopy.objects.filter(code=code).first()
    if copy is None:
        return _checked(actor, Mode.COPY, None, purpose)
    version = whole(LicenceVersion.objects.all()).get(pk=copy.version_id)
    return _checked(actor, Mode.COPY, version, purpose, copy=copy)


def _checked(
    actor: Actor,
    mode: Mode,
    version: LicenceVersion | None,
    purpose: str,
    *,
    copy: PurposeCopy | None = None,
) -> Reading:
    """Asks every question, keeps the answers and records the look."""
    is_verifier = may_see_items(actor)
    answers = _answers(version, is_verifier=is_verifier, copy=copy)
    outcome = outcome_of(answers)
    kept = Verification(
        mode=mode,
        licence=version.licence if version else None,
        version=version,
        account_id=actor.account_id,
        department_id=actor.department_id,
        reader_name=reader_name(actor),
        outcome=outcome.key,
        verdict=outcome.verdict.value,
        answers=as_rows(answers),
        purpose=purpose.strip()[:120],
        at=clock.now(),
    )
    action = Action.LICENCE_VERIFIED if is_verifier else Action.LICENCE_LOOKED_UP
    subject = version.licence.subject if version else Subject("check_code", "")
    with acting(actor, action, subject, at_once=True) as act:
        act.keep(kept)
        act.note("outcome", outcome.key)
        act.note("mode", mode.value)
        if version is not None:
            act.note("verification", kept.number)
            act.note("purpose", kept.purpose)
        if copy is not None:
            act.note("copy", str(copy.uuid))
    seen = None
    if version is not None and outcome not in _HIDING:
        seen = seen_by(version, (), is_verifier=is_verifier)
    return Reading(outcome, (Read(kept, outcome, seen),), copy=copy)


def _answers(
    version: LicenceVersion | None, *, is_verifier: bool, copy: PurposeCopy | None
) -> tuple[Answered, ...]:
    if version is None:
        return none_asked(NOT_SHOWN, _no(Question.CODE_FRESH, Outcome.NOT_FOUND))
    if copy is not None and (copy.ended_at is not None or copy.expires_on < clock.today()):
        return none_asked(NOT_SHOWN, _no(Question.CODE_FRESH, Outcome.COPY_EXPIRED))
    presented = NOT_SHOWN
    if not is_verifier and is_off_for_all(version):
        presented = _no(Question.PRESENTED_BY_HOLDER, Outcome.SWITCHED_OFF)
    return answers_on(version, presented=presented, fresh=NO_CODE)


def _no(question: Question, outcome: Outcome) -> Answered:
    return Answered(question, Answer.NO, outcome.key, outcome.sentence)
