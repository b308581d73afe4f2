"""What somebody has in hand is verified: a text of any kind, a face, its words, a marked copy.

For anybody and for verifiers alike; every look is kept and stands in the holder's history. What
leads nowhere has one answer, so that nothing says which numbers exist. Article: M.18, M.19, S.10.
"""

import hmac
from datetime import date

from django.conf import settings

from audit.trail.recording import acting
from seals.documents.questions import Answer, Answered, Question
from usage.models import Mode, PurposeCopy
from usage.verifying.answers import NO_CODE, NOT_SHOWN, answers_on, none_asked
from usage.verifying.codes import (
    Kind,
    letters_of,
    normalise_check_code,
    normalise_serial,
    understand,
)
from usage.verifying.disclosure import disclose, may_see_items
from usage.verifying.outcomes import Outcome, outcome_of
from usage.verifying.redemption import read_code
from usage.verifying.results import HIDING, LicenceResult, VerificationResult, keep
from usage.verifying.selectors import copy_by_code, facts_by_code, facts_by_number
from usage.verifying.version_facts import VersionFacts, facts_of_version
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action

_NOBODYS = Subject("check_code", "")


def verify_text(*, actor: Actor, text: str, purpose: str = "") -> VerificationResult:
    """What a text leads to: the code of a presentation, of a face, of a copy, or nothing of ours.

    Never raises for what was typed. Article: P.2.3.3, M.19, S.10.
    """
    understood = understand(text, settings.PORTAL_ADDRESS)
    if understood.kind is Kind.PRINTED:
        serial, code = understood.first, understood.second
        return check_printed(actor=actor, serial=serial, code=code, purpose=purpose)
    if understood.kind is Kind.COPY:
        return check_copy(actor=actor, code=understood.first, purpose=purpose)
    return read_code(actor=actor, understood=understood, purpose=purpose)


def check_printed(*, actor: Actor, serial: str, code: str, purpose: str = "") -> VerificationResult:
    """What the code on a face leads to: serial part and check code, however they were typed.

    Article: M.18, M.19.
    """
    facts = facts_by_code(normalise_serial(serial), normalise_check_code(code))
    return _checked(actor, Mode.PRINTED, facts, purpose)


def check_typed(
    *, actor: Actor, number: str, code: str, issued_on: date, holder: str, purpose: str = ""
) -> VerificationResult:
    """What stands on the paper, typed: number, check code and two more; all must agree.

    `number` is the licence number or the whole identifier. Article: M.18.
    """
    facts = facts_typed(number=number, code=code, issued_on=issued_on, holder=holder)
    return _checked(actor, Mode.TYPED, facts, purpose)


def check_copy(*, actor: Actor, code: str, purpose: str = "") -> VerificationResult:
    """What the code on a purpose-marked copy leads to: is its term running, and the licence's
    present state. Article: S.10.
    """
    copy = copy_by_code(code)
    facts = facts_of_version(copy.version_id) if copy is not None else None
    return _checked(actor, Mode.COPY, facts, purpose, copy=copy)


def facts_typed(*, number: str, code: str, issued_on: date, holder: str) -> VersionFacts | None:
    """The version of which all four are true, if there is one.

    The check code alone does the finding: what else was typed is compared with what it found,
    so that no number is ever looked for and none can be told to exist.
    """
    matching = None
    for facts in facts_by_number(number, normalise_check_code(code)):
        frozen = facts.version.frozen
        names = "".join(holder["name"] for holder in frozen["holders"])
        is_day = hmac.compare_digest(frozen["issued_on"], issued_on.isoformat())
        is_name = hmac.compare_digest(letters_of(names), letters_of(holder))
        matching = facts if is_day and is_name else matching
    return matching


def _checked(
    actor: Actor,
    mode: Mode,
    facts: VersionFacts | None,
    purpose: str,
    *,
    copy: PurposeCopy | None = None,
) -> VerificationResult:
    """Asks every question, keeps the answers and records the look."""
    is_verifier, disclosure = may_see_items(actor), None
    action = Action.LICENCE_VERIFIED if is_verifier else Action.LICENCE_LOOKED_UP
    with acting(actor, action, facts.licence.subject if facts else _NOBODYS) as act:
        answers = _answers(facts, is_verifier=is_verifier, copy=copy)
        outcome = outcome_of(answers)
        kept = keep(actor, mode, answers, outcome, purpose=purpose, facts=facts)
        act.note("outcome", outcome.key)
        act.note("mode", mode.value)
        if facts is not None:
            act.note("verification", kept.number)
            act.note("purpose", kept.purpose)
        if facts is not None and outcome not in HIDING:
            disclosure = disclose(facts, (), is_verifier=is_verifier)
        if copy is not None:
            act.note("copy", str(copy.uuid))
    result = LicenceResult(kept, outcome, disclosure, facts)
    return VerificationResult(outcome, (result,), copy=copy)


def _answers(
    facts: VersionFacts | None, *, is_verifier: bool, copy: PurposeCopy | None
) -> tuple[Answered, ...]:
    if facts is None:
        return none_asked(NOT_SHOWN, _no(Question.CODE_FRESH, Outcome.NOT_FOUND))
    if copy is not None and (copy.ended_at is not None or copy.expires_on < clock.today()):
        return none_asked(NOT_SHOWN, _no(Question.CODE_FRESH, Outcome.COPY_EXPIRED))
    presented = NOT_SHOWN
    if not is_verifier and facts.is_off_for_all:
        presented = _no(Question.PRESENTED_BY_HOLDER, Outcome.SWITCHED_OFF)
    return answers_on(facts, presented=presented, fresh=NO_CODE)


def _no(question: Question, outcome: Outcome) -> Answered:
    return Answered(question, Answer.NO, outcome.key, outcome.sentence)
