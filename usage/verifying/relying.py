"""A verified licence is taken as the basis of an application: an act of its own (M.21, P.2.3.2)."""

from audit.trail.recording import acting
from licences.models import Licence
from seals.documents.questions import Answer, Verdict
from usage.models import Mode, UsageKind, UsageRecord, Verification
from usage.verifying.register_status import in_force_answer, marks_answer
from usage.verifying.results import MOST_PURPOSE
from usage.verifying.selectors import facts_behind
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import on_duty, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken

MOST_NUMBER = 60
# Where the holder stood there: on the street there may be no application to number.
_WITH_HOLDER = frozenset({Mode.PRESENTATION.value, Mode.WINDOW.value})


def rely(
    *, actor: Actor, verification: Verification, purpose: str, application_number: str = ""
) -> UsageRecord:
    """Takes a licence that passed as the basis of an application, once, on the day it was verified.

    The department that verified relies; the licence must still be in force. Where no holder
    presented it, the application has a number (M.12). Raises RuleBroken with the page's sentence.
    Article: M.21, P.2.3.2.
    """
    licence = verification.licence
    subject = licence.subject if licence is not None else None
    with acting(actor, Action.LICENCE_RELIED_ON, subject) as act:
        permit(actor, Capability.RELY_ON_LICENCES, verification.department_id)
        account, department = on_duty(actor)
        if department != verification.department_id:
            raise NotPermitted("", "这次核验是别的单位做的。")
        reason = refusal_of(verification)
        if reason or licence is None or verification.version_id is None:
            raise RuleBroken("M.21", reason)
        purpose, number = _typed(verification, purpose, application_number)
        # two presses of one button, or two windows: the second waits here and is told
        lock(Licence.objects.all(), pk=licence.pk)
        if verification.usage_records.filter(kind=UsageKind.RELIED).exists():
            raise RuleBroken("M.21", "这次核验已经作为依据记过了，不用再记。")
        _refuse_what_has_changed(verification)
        row = UsageRecord.objects.create(
            kind=UsageKind.RELIED,
            licence=licence,
            version_id=verification.version_id,
            verification=verification,
            using_department_id=department,
            account_id=account,
            purpose=purpose,
            application_number=number,
            at=clock.now(),
        )
        act.note("verification", verification.number)
        act.note("purpose", purpose)
        act.note("application_number", number)
    return row


def refusal_of(verification: Verification) -> str:
    """Why a verification can never be relied on, as a sentence; empty where it can."""
    if verification.licence_id is None or verification.verdict != Verdict.PASSED.value:
        return "这次核验没有通过，不能作为依据。"
    if verification.on_day is not None:
        return "这是按过去某一天查的，不能作为现在办事的依据。请按今天再查一次。"
    if clock.beijing_day(verification.at) != clock.today():
        return "核验已经过了当天，不能再作为依据。请再验一次。"
    return ""


def needs_number(verification: Verification) -> bool:
    """Whether the application's number must be given: no holder showed the licence (M.12)."""
    return verification.mode not in _WITH_HOLDER


def _typed(verification: Verification, purpose: str, application_number: str) -> tuple[str, str]:
    purpose, number = " ".join(purpose.split()), "".join(application_number.split())
    faults = {}
    if not purpose:
        faults["purpose"] = "还没有填办理事项"
    elif len(purpose) > MOST_PURPOSE:
        faults["purpose"] = f"办理事项最多 {MOST_PURPOSE} 个字，现在是 {len(purpose)} 个字"
    if not number and needs_number(verification):
        faults["application_number"] = "不是持证人亮证的，要填办件号"
    elif len(number) > MOST_NUMBER:
        faults["application_number"] = f"办件号最多 {MOST_NUMBER} 个字符，现在是 {len(number)} 个"
    if faults:
        raise FormFault("M.21", "改好下面这几处，再记一次。", fields=faults)
    return purpose, number


def _refuse_what_has_changed(verification: Verification) -> None:
    """Hours may lie between the look and the application: what ended meanwhile is no basis."""
    facts = facts_behind([verification])[verification.version_id or 0]
    for answer in (in_force_answer(facts), marks_answer(facts.marks)):
        if answer.answer is not Answer.YES:
            raise RuleBroken(
                "M.21", f"核验以后证照有了变化：{answer.reason}。不能作为依据，请再验一次。"
            )
