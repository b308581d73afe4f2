"""Applications that stand in a person's name, handed on when that person leaves (M.24)."""

from collections.abc import Sequence

from audit.trail.recording import acting
from licences.applications.selectors import under_way
from licences.models import Application
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock_all
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff.officials import grants_of, live_postings
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

# What somebody must be able to do to take an application over, by the state it is in.
_NEEDED = {
    "RECEIVED": Capability.CAPTURE_VALUES,
    "CAPTURING": Capability.CAPTURE_VALUES,
    "RETURNED": Capability.CAPTURE_VALUES,
    "UNDER_REVIEW": Capability.REVIEW_APPLICATIONS,
    "APPROVED": Capability.ISSUE_LICENCES,
}


def hand_on_work(
    *, actor: Actor, leaver: Account, successor: Account, department: Department
) -> int:
    """Puts the leaver's open applications of a department into the name of a colleague there.

    The colleague takes those that the colleague's postings allow; the others stay and are
    counted in the leaver's name. Nobody is given an application to review that they captured (M.7).
    Article: M.24.
    """
    with acting(actor, Action.WORK_HANDED_ON, leaver.subject) as act:
        permit(actor, Capability.HAND_ON_WORK, department.pk)
        _check_successor(leaver, successor)
        rows = _what_may_go(leaver, successor, department)
        if not rows:
            raise RuleBroken(
                "M.24",
                f"{leaver.name}名下没有{successor.name}能接的件。请看每件到哪一步，再选有那个岗位的人。",
            )
        Application.objects.filter(pk__in=[row.pk for row in rows]).update(in_hand_of=successor)
        act.note("successor", successor.username)
        act.note("count", len(rows))
        for row in rows:
            act.add_record(
                Subject("application", str(row.uuid), row.number),
                {"in_hand_of": [leaver.username, successor.username]},
            )
        tell(
            action=Action.WORK_HANDED_ON,
            account=successor,
            department=department,
            title=f"{leaver.name}的 {len(rows)} 件已移交给您",
            body=f"{actor.name}把{leaver.name}名下未办结的 {len(rows)} 件移交给您，时限照旧。",
            urgent=True,
        )
    return len(rows)


def _what_may_go(
    leaver: Account, successor: Account, department: Department
) -> Sequence[Application]:
    """The leaver's open applications that the successor's postings there allow, locked."""
    here = [
        row for row in live_postings(successor, clock.today()) if row.department_id == department.pk
    ]
    if not here:
        raise RuleBroken(
            "M.24",
            f"{successor.name}在{department.name}没有岗位，不能接这些件。请先任用岗位，或换一个人。",
        )
    grants = grants_of(row.role for row in here)
    states = [state for state, needed in _NEEDED.items() if needed.value in grants]
    return lock_all(
        under_way()
        .filter(in_hand_of=leaver, issuing_department=department, state__in=states)
        .exclude(state="UNDER_REVIEW", capturers__contains=[successor.pk])
    )


def _check_successor(leaver: Account, successor: Account) -> None:
    if leaver.pk == successor.pk:
        raise RuleBroken("M.24", "移交要交给另一个人。")
    if not successor.is_active:
        raise RuleBroken("M.24", f"{successor.name}的账号已停用，请换一个人。")
