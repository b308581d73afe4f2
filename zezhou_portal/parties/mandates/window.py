"""What a window records of who acts for whom: proposed by one clerk with the signed consent, and
nothing until another clerk or the principal confirms it (M.20).

One person's word opens nobody's wallet: a proposal shows nothing and gives nothing, the principal
is told of it by message, text and letter, a clerk can propose so many a day, and whatever nobody
confirms ends by itself. The numbers are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from django.conf import settings
from django.urls import reverse

from audit.trail.recording import Act, acting
from audit.trail.selectors import was_noted
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor, machine
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.redaction import without_people
from zezhou_portal.kernel.rows import one_by_one, reason_of
from zezhou_portal.parties.access import account_of, on_duty, people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.mandates.ending import close
from zezhou_portal.parties.mandates.giving import (
    AtWindow,
    Named,
    Terms,
    adult,
    check_may_have_helper,
    chosen_terms,
    entered,
    grant,
)
from zezhou_portal.parties.mandates.notices import tell_confirmed, tell_confirmers
from zezhou_portal.parties.mandates.queues import LAPSE_MANDATES
from zezhou_portal.parties.mandates.rules import (
    PARENTAL,
    Ending,
    guardian_until,
    is_of_age,
)
from zezhou_portal.parties.mandates.selectors import recorded_on
from zezhou_portal.parties.models import Account, Basis, Holder, Mandate, MandateKind
from zezhou_portal.parties.notices import stalled
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.identifiers import born_on
from zezhou_portal.regulation.limits import ATTACHMENT_BYTES, OF_AGE_YEARS

EVIDENCE_CHARACTERS = 120
REMARKS_CHARACTERS = 200
OWN_PROPOSAL = "这是您自己登记的，要由本单位另一位核验员确认，或者由持证人本人登录后同意。"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Consent:
    """The signed consent as it was sent: a PDF, JPEG or PNG."""

    file_name: str
    data: bytes


class TooMany(RuleBroken):
    """A clerk has recorded as many mandates today as anybody may."""


def record_at_window(
    *,
    actor: Actor,
    kind: str,
    principal: Named,
    agent: Named,
    powers: Sequence[str],
    until_on: date | None,
    evidence: str,
    consent: Consent | None,
) -> Mandate:
    """Proposes what a clerk saw at a window: a child's guardian by household register or court
    paper, or a helper whom somebody without a phone agreed to in writing.

    A guardian's mandate has the powers of a parent and ends by the child's age; a helper's are
    chosen. It gives nothing until it is confirmed; the principal is told. Beyond the day's number
    it is refused, and supervision told. Article: M.20.
    """
    try:
        with acting(actor, Action.MANDATE_RECORDED) as act:
            permit(actor, Capability.RECORD_MANDATES)
            _check_day(actor)
            papers = _papers(evidence)
            paper, media_type = _checked(consent)
            chosen = chosen_terms(powers, until_on) if kind == MandateKind.HELPER else None
            holder = entered(act, principal, ("principal_name", "principal_citizen_id")).holder
            found, terms = _agent_and_terms(act, kind, holder, agent, chosen)
            row = grant(
                act,
                kind=MandateKind(kind),
                principal=lock(Holder.objects.all(), pk=holder.pk),
                agent=found,
                terms=terms,
                basis=Basis.WINDOW,
                evidence=papers,
                given_by_id=holder.pk if kind == MandateKind.HELPER else None,
                at_window=_kept(actor, paper, media_type),
            )
            act.note("file", row.consent_digest)
            tell_confirmers(row)
    except TooMany:
        _tell_supervision(actor)
        raise
    return row


def confirm_at_window(*, actor: Actor, mandate: Mandate) -> Mandate:
    """Confirms what a colleague proposed, having looked at the signed consent.

    Another person of the department that recorded it. From here on it counts. Article: M.20.
    """
    with acting(actor, Action.MANDATE_CONFIRMED, mandate.subject) as act:
        row = _others_proposal(actor, mandate)
        if not has_read_consent(actor, row):
            raise RuleBroken("M.20", "请先打开同意书，看过签名和内容，再确认。")
        row.decided_by_id = account_of(actor)
        _confirm(act, row)
    return row


def decline_at_window(*, actor: Actor, mandate: Mandate, remarks: str) -> Mandate:
    """Does not confirm what a colleague proposed, and says why; it never counts. Article: M.20."""
    with acting(actor, Action.MANDATE_DECLINED, mandate.subject) as act:
        row = _others_proposal(actor, mandate)
        said = " ".join(remarks.split())[:REMARKS_CHARACTERS]
        if not said:
            sentence = "还没有写为什么不予确认。"
            raise FormFault("M.20", sentence, fields={"remarks": sentence})
        row.decided_by_id, row.decided_at = account_of(actor), clock.now()
        act.secret("reason", said)
        close(act, row, Ending.DECLINED)
    return row


def agree_to_mandate(*, actor: Actor, mandate: Mandate) -> Mandate:
    """The principal, signed in by their own real-name check, agrees to what a window proposed.

    A helper's alone: a child does not say who its parent is. Article: M.20.
    """
    with acting(actor, Action.MANDATE_AGREED, mandate.subject) as act:
        permit(actor, Capability.GIVE_MANDATES)
        person_id, principal_id = people_of(actor)
        row = _proposal(mandate)
        if person_id != principal_id or principal_id not in {
            row.principal_id, row.principal.same_as_id,
        }:  # fmt: skip
            raise NotPermitted("", "没有找到这份代办。")
        if row.kind != MandateKind.HELPER:
            sentence = "父母（监护人）的登记由窗口核对材料后确认，不用孩子同意。"
            raise RuleBroken("M.20", sentence)
        row.decided_by_id = None
        _confirm(act, row)
    return row


def lapse_unconfirmed() -> int:
    """Ends what nobody has confirmed by its last day; gives how many. Article: M.20."""
    waiting = Mandate.objects.filter(state=MANDATE.initial, ended_at__isnull=True)
    held = stalled.held_back(LAPSE_MANDATES)
    late = list(waiting.filter(confirm_by__lt=clock.today()).exclude(pk__in=held).order_by("pk"))
    ended: list[int] = []
    failed = one_by_one(late, lambda one: ended.append(_lapse(one)))
    for one in failed:
        log.error("mandate_not_lapsed", mandate=one.row.pk, exc_info=one.error)
        about = stalled.About(one.row.subject)
        stalled.put_off(LAPSE_MANDATES, one.row.pk, about, reason_of(one.error))
    stalled.went_on(LAPSE_MANDATES, {one.pk for one in late} - {one.row.pk for one in failed})
    return sum(ended)


def open_consent(*, actor: Actor, mandate: Mandate) -> bytes:
    """The signed consent, checked against its digest; each opening is recorded.

    For the department that recorded it and for supervision. Article: M.25.
    """
    with acting(actor, Action.CONSENT_OPENED, mandate.subject) as act:
        if not actor.has(Capability.SUPERVISE.value):
            permit(actor, Capability.RECORD_MANDATES, mandate.recording_department_id or 0)
        act.note("file", mandate.consent_digest)
        act.add_record(mandate.principal.subject, {"mandate": str(mandate.uuid)})
        return files.read(mandate.consent_digest)


def print_letter(*, actor: Actor, mandate: Mandate) -> None:
    """Notes that the letter to the principal was opened to be printed and posted.

    Article: M.20.
    """
    with acting(actor, Action.MANDATE_LETTER_PRINTED, mandate.subject) as act:
        permit(actor, Capability.RECORD_MANDATES, mandate.recording_department_id or 0)
        act.note("mandate_state", mandate.state)
        act.add_record(mandate.principal.subject, {"mandate": str(mandate.uuid)})


def has_read_consent(actor: Actor, mandate: Mandate) -> bool:
    """Whether somebody has opened the signed consent of a mandate."""
    code = Action.CONSENT_OPENED.code
    return was_noted(mandate.subject, code, actor.key, mandate.recorded_at - timedelta(seconds=1))


def _agent_and_terms(
    act: Act, kind: str, holder: Holder, agent: Named, chosen: Terms | None
) -> tuple[Holder, Terms]:
    fields = ("agent_name", "agent_citizen_id")
    if chosen is not None:
        check_may_have_helper(holder, "principal_citizen_id")
        return adult(act, agent, fields, who="帮办的家人").holder, chosen
    if kind == MandateKind.GUARDIAN:
        found = entered(act, agent, fields)
        return found.holder, _of_guardian(holder)
    sentence = (
        "窗口只登记父母（监护人）和帮办的成年家人。"
        "企业、个体工商户的经办人由法定代表人、经营者自己委托。"
    )
    raise RuleBroken("M.20", sentence, fields={"kind": sentence})


def _of_guardian(child: Holder) -> Terms:
    """What a guardian may do, until the day before the child is of age."""
    born = born_on(child.identity_number)
    if is_of_age(born, clock.today()):
        sentence = f"这位持证人已经年满 {OF_AGE_YEARS} 周岁，不再由父母代办。可以登记为家人帮办。"
        raise RuleBroken("M.20", sentence, fields={"principal_citizen_id": sentence})
    return Terms(powers=[one.value for one in PARENTAL], until_on=guardian_until(born))


def _papers(evidence: str) -> str:
    """What was seen, without anybody's number in it (M.26)."""
    papers = " ".join(str(without_people(evidence)).split())
    if len(papers) < 4:
        sentence = "请写明看了哪些材料，例如：户口簿原件、父亲身份证原件。"
        raise FormFault("M.20", sentence, fields={"evidence": sentence})
    if len(papers) > EVIDENCE_CHARACTERS:
        sentence = f"材料最多写 {EVIDENCE_CHARACTERS} 个字，现在是 {len(papers)} 个。"
        raise FormFault("M.20", sentence, fields={"evidence": sentence})
    return papers


def _checked(consent: Consent | None) -> tuple[Consent, str]:
    """The signed consent and its media type, read from its bytes."""
    sentence = ""
    if consent is None or not consent.data:
        sentence = "还没有传同意书。请把签了名的同意书（或者监护文书）拍照或扫描后上传。"
    elif len(consent.data) > ATTACHMENT_BYTES:
        sentence = f"同意书超过 {ATTACHMENT_BYTES // 1024 // 1024} MB。请压缩后再传。"
    elif not files.document_type(consent.data):
        sentence = "同意书不是 PDF、JPG 或 PNG。请转成其中一种再传。"
    if sentence or consent is None:
        raise FormFault("M.20", sentence, fields={"consent": sentence})
    return consent, files.document_type(consent.data)


def _kept(actor: Actor, consent: Consent, media_type: str) -> AtWindow:
    """Keeps the signed consent under its digest; until when its mandate is to be confirmed."""
    return AtWindow(
        clerk=actor,
        consent_digest=files.store(consent.data),
        consent_name=consent.file_name[:200],
        consent_type=media_type,
        confirm_by=clock.today() + timedelta(days=settings.PORTAL_MANDATE_CONFIRM_DAYS),
    )


def _check_day(actor: Actor) -> None:
    """Counts what a clerk recorded today; one at a time, so that two at once are two."""
    account, _ = on_duty(actor)
    lock(Account.objects.all(), pk=account)
    today, most = clock.today(), settings.PORTAL_WINDOW_MANDATES_A_DAY
    if recorded_on([account], [today]).get((account, today), 0) >= most:
        sentence = f"一个人一天最多登记 {most} 份代办，今天已经登记满了。请明天再办，或者请同事办。"
        raise TooMany("M.20", sentence)


def _tell_supervision(actor: Actor) -> None:
    """Tells supervision, once a clerk and day, that the number was reached."""
    account, today = account_of(actor), clock.today()
    subject = Account.objects.get(pk=account).subject
    with acting(machine("parties.count_mandates"), Action.MANDATE_CEILING_REACHED, subject) as act:
        act.note("count", recorded_on([account], [today]).get((account, today), 0))
        tell(
            capability=Capability.SUPERVISE,
            action=Action.MANDATE_CEILING_REACHED,
            title=f"{actor.name} {today:%m-%d} 登记的代办到了当天上限",
            body=f"{actor.department_name}的这位核验员还在登记，没有让他再登记。请看一看。",
            link=reverse("usage:county-mandates"),
            urgent=True,
            subject=subject,
        )


def _proposal(mandate: Mandate) -> Mandate:
    """The mandate, locked after its principal, where it waits to be confirmed."""
    lock(Holder.objects.all(), pk=mandate.principal_id)
    related = ("principal", "agent", "recorded_by", "recording_department")
    row = lock(Mandate.objects.select_related(*related), pk=mandate.pk)
    if not row.is_proposed:
        raise RuleBroken("M.20", f"现在是“{row.get_state_display()}”，不用再确认。")
    return row


def _others_proposal(actor: Actor, mandate: Mandate) -> Mandate:
    """A colleague's proposal, for whoever may judge it."""
    permit(actor, Capability.RECORD_MANDATES, mandate.recording_department_id or 0)
    row = _proposal(mandate)
    if row.recorded_by_id == account_of(actor):
        raise RuleBroken("M.20", OWN_PROPOSAL)
    return row


def _confirm(act: Act, row: Mandate) -> None:
    """Makes a proposal count from today, on its principal's record too, and tells both sides."""
    today = clock.today()
    over = row.until_on is not None and row.until_on < today
    if over or (row.confirm_by is not None and row.confirm_by < today):
        raise RuleBroken("M.20", "已经过了确认的期限，没有生效。还要办的，请到窗口重新登记。")
    row.state = MANDATE.move(row.state, "confirm")
    row.from_on, row.decided_at = today, clock.now()
    row.save(update_fields=["state", "from_on", "decided_by", "decided_at"])
    act.note("kind", row.kind)
    act.add_record(row.principal.subject, {"kind": row.kind, "mandate": str(row.uuid)})
    tell_confirmed(row)


def _lapse(found: Mandate) -> int:
    with acting(machine(LAPSE_MANDATES.task), Action.MANDATE_LAPSED, found.subject) as act:
        lock(Holder.objects.all(), pk=found.principal_id)
        row = lock(Mandate.objects.select_related("principal", "agent"), pk=found.pk)
        if not row.is_proposed:
            return 0
        close(act, row, Ending.UNCONFIRMED)
    return 1
