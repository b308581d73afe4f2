"""Judging an application: approve, send back, refuse; never by whoever captured it (M.7)."""

from collections.abc import Sequence

from django.urls import reverse

from audit.trail.recording import acting
from licences.applications.clocks import drop_clock
from licences.applications.common import applications, keep_hands_apart
from licences.applications.completeness import faults_of
from licences.lifecycle import APPLICATION
from licences.models import Application, Review
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken

OWN_APPLICATION = "您是这件的采集人，不能审核自己的件。请交给其他审核员。"


def approve(*, actor: Actor, application: Application, revision: int) -> Application:
    """Passes an application on to sign-off. Article: M.7."""
    return _judge(
        actor, application, revision, "approve", "approved", Action.APPLICATION_APPROVED, "", ()
    )


def send_back(
    *,
    actor: Actor,
    application: Application,
    revision: int,
    reasons: str,
    fields: Sequence[str] = (),
) -> Application:
    """Gives an application back to be mended, with reasons. Article: M.7."""
    return _judge(
        actor,
        application,
        revision,
        "send_back",
        "returned",
        Action.APPLICATION_RETURNED,
        reasons,
        fields,
    )


def refuse(*, actor: Actor, application: Application, revision: int, reasons: str) -> Application:
    """Ends an application that may not become a licence, with reasons. Article: M.7."""
    return _judge(
        actor, application, revision, "refuse", "refused", Action.APPLICATION_REFUSED, reasons, ()
    )


def _judge(
    actor: Actor,
    application: Application,
    revision: int,
    verb: str,
    decision: str,
    action: Action,
    reasons: str,
    fields: Sequence[str],
) -> Application:
    with acting(actor, action, application.subject) as act:
        # what waits for sign-off is judged by the signatory, everything else by the reviewer;
        # should the state have changed meanwhile, the act is refused below
        at_sign_off = application.state == "APPROVED"
        needed = Capability.ISSUE_LICENCES if at_sign_off else Capability.REVIEW_APPLICATIONS
        permit(actor, needed, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        target = APPLICATION.move(row.state, verb)
        account_id = account_of(actor)
        keep_hands_apart(account_id, [row.received_by_id, *row.capturers], OWN_APPLICATION)
        if row.revision != revision or row.state != application.state:
            raise RuleBroken("M.7", "您打开这一页以后，这一件有变化。请刷新，看过再决定。")
        _check_reasons(decision, reasons)
        if decision == "approved" and faults_of(row):
            raise RuleBroken("M.7", "这一件还有缺项或错项，不能通过。请退回补正。")
        act.fact("state", row.state, target)
        act.note("fields", list(fields))
        now = clock.now()
        Review.objects.create(
            application=row, reviewer_id=account_id, decision=decision,
            reasons=reasons.strip()[:1000], fields=list(fields), at=now,
        )  # fmt: skip
        row.state = target
        row.revision += 1
        row.reviewed_by_id = account_id
        row.in_hand_of_id = row.captured_by_id if decision == "returned" else None
        row.closed_at = now if decision == "refused" else None
        row.save(update_fields=["state", "revision", "reviewed_by", "in_hand_of", "closed_at"])
        if decision == "refused":
            drop_clock(row)
        _tell_capturer(row, decision, reasons)
    return row


def _check_reasons(decision: str, reasons: str) -> None:
    if decision != "approved" and not reasons.strip():
        sentence = "还没有写理由。退回和不予通过都要写明理由"
        raise FormFault("M.7", f"{sentence}。", fields={"reasons": sentence})


def _tell_capturer(row: Application, decision: str, reasons: str) -> None:
    if decision == "approved" or row.captured_by is None:
        return
    words = "退回补正" if decision == "returned" else "不予通过"
    tell(
        account=row.captured_by,
        department=row.issuing_department,
        action=Action.APPLICATION_RETURNED
        if decision == "returned"
        else Action.APPLICATION_REFUSED,
        title=f"{row.number} {words}",
        body=f"{row.entry.name}：{reasons.strip()[:200]}",
        link=reverse("licences:application", args=[row.uuid]),
        subject=row.subject,
        urgent=decision == "returned",
    )
