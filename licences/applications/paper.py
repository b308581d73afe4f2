"""The paper licence beside the e-licence: its blank's number and its handing-over (M.9)."""

from audit.trail.recording import acting
from licences.applications.common import applications
from licences.models import Application
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken


def record_blank(*, actor: Actor, application: Application, blank_number: str) -> Application:
    """Records the printing number of the paper blank of a concluded application. Article: M.9."""
    with acting(actor, Action.BLANK_RECORDED, application.subject) as act:
        permit(actor, Capability.RECORD_PAPER, application.issuing_department_id)
        row = _with_paper(application)
        number = blank_number.strip()
        if not number:
            sentence = "还没有填印刷号"
            raise FormFault("M.9", f"{sentence}。", fields={"paper_blank_number": sentence})
        if len(number) > 60:
            sentence = "印刷号最多 60 个字"
            raise FormFault("M.9", f"{sentence}。", fields={"paper_blank_number": sentence})
        act.fact("blank", row.paper_blank_number, number)
        row.paper_blank_number = number
        row.save(update_fields=["paper_blank_number"])
    return row


def record_handing_over(*, actor: Actor, application: Application, taken_by: str) -> Application:
    """Records that the paper licence was handed over; moves no state. Article: M.9."""
    with acting(actor, Action.PAPER_HANDED_OVER, application.subject) as act:
        permit(actor, Capability.RECORD_PAPER, application.issuing_department_id)
        row = _with_paper(application)
        if row.paper_handed_over_at is not None:
            raise RuleBroken("M.9", "纸质证照已经登记过发放，不用再登记。")
        if not row.paper_blank_number:
            raise RuleBroken("M.9", "先登记印刷号，再登记发放。")
        taker = taken_by.strip()[:60]
        if not taker:
            raise FormFault("M.9", "还没有填领取人。", fields={"paper_taken_by": "还没有填领取人"})
        row.paper_handed_over_at = clock.now()
        row.paper_taken_by = taker
        act.secret("taken_by", taker)
        row.save(update_fields=["paper_handed_over_at", "paper_taken_by"])
    return row


def _with_paper(application: Application) -> Application:
    row = lock(applications(), pk=application.pk)
    if row.state != "CONCLUDED":
        raise RuleBroken("M.9", "这一件还没有签发，不能登记纸质证照。")
    if not row.has_paper:
        raise RuleBroken("M.9", "这一件收件时说明不发纸质证照。")
    return row
