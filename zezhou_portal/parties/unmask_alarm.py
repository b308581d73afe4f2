"""Whoever opens personal values in mass is noticed within the hour (M.25, M.26)."""

from datetime import timedelta

from audit.trail.recording import record
from audit.trail.watching import times_done
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import account_of
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff.selectors import named_persons_of
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import UNMASKINGS_IN_AN_HOUR

_OPENINGS = (Action.VALUE_UNMASKED.code, Action.FACE_UNMASKED.code)


def watch_unmasking(actor: Actor) -> None:
    """Counts what a person has opened in the last hour, and raises the alarm at the limit.

    Told are the auditors and the named persons of the person's department; nothing is refused,
    since there are days of much work. Belongs after the act that opened. Article: M.26 (ours).
    """
    since = clock.now() - timedelta(hours=1)
    if times_done(actor, _OPENINGS, since) != UNMASKINGS_IN_AN_HOUR:
        return
    account = Account.objects.select_related("department").get(pk=account_of(actor))
    record(actor, Action.UNMASKING_WATCHED, account.subject, {"count": UNMASKINGS_IN_AN_HOUR})
    title = f"{account.username} 一小时内查看未遮蔽的个人信息满 {UNMASKINGS_IN_AN_HOUR} 次"
    body = f"{account.department.name}。请核实是不是办件需要；逐条见操作记录。"
    told = {"action": Action.UNMASKING_WATCHED, "title": title, "body": body, "urgent": True}
    tell(role=Role.AUDITOR, **told)  # type: ignore[arg-type]
    for person in named_persons_of(account.department):
        if person.pk != account.pk:
            tell(account=person, **told)  # type: ignore[arg-type]
