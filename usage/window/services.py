"""Somebody without a phone: found by their document, printed for one purpose (P.2.3.2, S.10).

The clerk states how they made sure who stands there. Every look is recorded, also the one that
found nobody; what nobody may be told has one answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from audit.trail.recording import Act, acting, record_refusal
from licences.models import Licence
from seals.documents.questions import Answer, Answered, Question, Verdict
from usage.models import Mode, PurposeCopy, UsageKind, UsageRecord, Verification
from usage.verifying.answers import NO_CODE, answers_on
from usage.verifying.outcomes import outcome_of
from usage.verifying.purpose_copies import demand_printable, fresh_code, terms_of
from usage.verifying.rate_limits import WINDOW, TooOften, spend
from usage.verifying.results import keep
from usage.verifying.version_facts import VersionFacts
from usage.window.identity_checks import BY_CODE, IdentityCheck, stated
from usage.window.selectors import licences_in_force_of, present_facts
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import on_duty, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.identity_rules import identity_fault
from zezhou_portal.parties.holders.selectors import holder_with_identity
from zezhou_portal.parties.models import Holder, IdentityType
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code

MOST_AGENT = 30
TAIL = 4


@dataclass(frozen=True)
class Identity:
    """Whom the clerk looks for, as it stands on their document, and how it was checked."""

    identity_type: str
    number: str
    name: str
    check: str
    agent_name: str = ""
    agent_tail: str = ""


@dataclass(frozen=True)
class Found:
    """The holder, the clerk's statement, and the licences in force."""

    holder: Holder
    statement: str
    check: str
    licences: Sequence[Licence]


def find_holder(*, actor: Actor, identity: Identity) -> Found | None:
    """The holder of a document, if the name on it is theirs; None for everything else.

    Counted for each clerk and recorded each time, with a record at each licence that is listed.
    Raises FormFault with what is wrong at which field, TooOften where the hour is used up.
    Article: P.2.3.2, M.26.
    """
    try:
        spend(WINDOW, f"account:{actor.key}")
    except TooOften as refusal:
        record_refusal(actor, Action.WINDOW_LOOKED_UP, None, refusal.reason)
        raise
    with acting(actor, Action.WINDOW_LOOKED_UP, Subject("holder", "")) as act:
        permit(actor, Capability.SERVE_AT_WINDOW)
        given, check = _checked(identity)
        act.note("identity_type", given.identity_type)
        act.note("identity_check", check.code)
        holder = holder_with_identity(given.identity_type, given.number)
        if holder is None or normalise_name(holder.name) != normalise_name(given.name):
            act.note("found", False)  # noqa: FBT003
            return None
        licences = licences_in_force_of(holder.pk)
        act.set_subject(holder.subject)
        act.note("found", True)  # noqa: FBT003
        act.note("count", len(licences))
        for licence in licences:
            act.add_record(licence.subject, {"identity_check": check.code})
    return Found(holder, stated(check, given.agent_name, given.agent_tail), check.code, licences)


def print_copy(
    *,
    actor: Actor,
    holder: Holder,
    licence: Licence,
    statement: str,
    check: str,
    purpose: str,
    expires_on: date | None,
) -> PurposeCopy:
    """Makes the purpose-marked copy of a licence that passes, for who stands at the window.

    The verification, the use and the copy are kept together. `licence` is one that
    `find_holder` listed for `holder`. Article: P.2.3.2, S.10.
    """
    with acting(actor, Action.WINDOW_COPY_MADE, licence.subject) as act:
        permit(actor, Capability.SERVE_AT_WINDOW)
        account, department = on_duty(actor)
        purpose, last_day = terms_of(licence, purpose, expires_on)
        facts = present_facts(licence)
        verification = _verified(actor, facts, statement, purpose)
        copy = PurposeCopy.objects.create(
            code=fresh_code(),
            licence=licence,
            version=facts.version,
            holder=holder,
            made_by_account_id=account,
            using_department_id=department,
            identity_checked=statement[:120],
            purpose=purpose,
            expires_on=last_day,
            made_at=clock.now(),
        )
        UsageRecord.objects.create(
            kind=UsageKind.WINDOW_PRINT,
            licence=licence,
            version=facts.version,
            verification=verification,
            using_department_id=department,
            account_id=account,
            purpose=purpose,
            at=copy.made_at,
        )
        # what cannot be drawn is not made: the words of the purpose may have no glyph
        demand_printable(copy, facts.version)
        _note(act, copy, verification, check)
    return copy


def _checked(identity: Identity) -> tuple[Identity, IdentityCheck]:
    """The identity as it is compared. Raises FormFault with a sentence for each field."""
    number = normalise_code(identity.number)
    given = replace(
        identity,
        number=number,
        name=" ".join(identity.name.split()),
        agent_name=" ".join(identity.agent_name.split()),
        agent_tail=normalise_code(identity.agent_tail),
    )
    check = BY_CODE.get(given.check)
    faults = {}
    if given.identity_type not in IdentityType.values:
        faults["identity_type"] = "请选证件类型"
    elif fault := identity_fault(given.identity_type, number):
        faults["number"] = fault
    if not given.name:
        faults["name"] = "还没有填证件上的姓名或名称"
    if check is None:
        faults["check"] = "请选怎么核对的身份"
    elif check.is_agent:
        if not 1 <= len(given.agent_name) <= MOST_AGENT:
            faults["agent_name"] = f"填来办事的人的姓名，最多 {MOST_AGENT} 个字"
        if len(given.agent_tail) != TAIL:
            faults["agent_tail"] = f"填来办事的人证件号码的最后 {TAIL} 位"
    if faults or check is None:
        raise FormFault("P.2.3.2", "改好下面这几处，再查一次。", fields=faults)
    return given, check


def _verified(actor: Actor, facts: VersionFacts, statement: str, purpose: str) -> Verification:
    """The verification behind the print. Raises RuleBroken for a licence that does not pass."""
    presented = Answered(
        Question.PRESENTED_BY_HOLDER, Answer.YES, "window", f"窗口核对身份：{statement}"
    )
    answers = answers_on(facts, presented=presented, fresh=NO_CODE)
    outcome = outcome_of(answers)
    if outcome.verdict is not Verdict.PASSED:
        raise RuleBroken("S.10", f"不能打印：{outcome.sentence}{''.join(outcome.steps[:2])}")
    return keep(actor, Mode.WINDOW, answers, outcome, purpose=purpose, facts=facts)


def _note(act: Act, copy: PurposeCopy, verification: Verification, check: str) -> None:
    act.note("copy", str(copy.uuid))
    act.note("verification", verification.number)
    act.note("purpose", copy.purpose)
    act.note("expires_on", copy.expires_on.isoformat())
    act.note("identity_check", check)
