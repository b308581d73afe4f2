"""Postings: appoint, end, name, cover an absence (M.24)."""

from datetime import date

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability, Role
from zezhou_portal.parties.models import Account, Department, Posting
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff.accounts import tell_of_leaver
from zezhou_portal.parties.staff.rules import (
    check_administrators_apart,
    check_cover_term,
    check_named_person_is_own,
    check_role_fits,
    check_term,
)
from zezhou_portal.parties.staff.selectors import roles_of
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


def appoint(
    *,
    actor: Actor,
    account: Account,
    department: Department,
    role: Role,
    from_on: date,
    until_on: date | None = None,
    is_named_person: bool = False,
) -> Posting:
    """Gives a person a role in a department, from a day to a day or without an end.

    Article: M.24.
    """
    with acting(actor, Action.PERSON_POSTED) as act:
        permit(actor, Capability.APPOINT_PEOPLE, department.pk)
        person = lock(Account.objects.all(), pk=account.pk)
        _check_person(actor, person)
        check_term(from_on, until_on)
        if not department.is_open:
            raise RuleBroken("M.24", f"{department.name}已停用，不能任用。")
        check_role_fits(role.value, department.functions)
        check_administrators_apart(roles_of(person, clock.today()), role.value)
        if is_named_person:
            check_named_person_is_own(person.department_id, department.pk)
        _end_what_ran_out(person, department, role)
        if _held(person, department, role):
            raise RuleBroken("M.24", f"{person.name}在{department.name}已经是{role.label}。")
        row = Posting.objects.create(
            account=person,
            department=department,
            role=role.value,
            from_on=from_on,
            until_on=until_on,
            is_named_person=is_named_person,
        )
        act.set_subject(row.subject)
        act.note("account", person.username)
        act.note("role", role.value)
        act.note("term", [str(from_on), str(until_on or "")])
        act.note("is_named_person", is_named_person)
        _tell(person, department, f"您任{department.name}{role.label}", from_on, until_on)
    return row


def end_posting(*, actor: Actor, posting: Posting) -> Posting:
    """Ends a posting, and the covers of it, now; what stands in the person's name waits.

    Article: M.24.
    """
    with acting(actor, Action.POSTING_ENDED, posting.subject) as act:
        permit(actor, Capability.APPOINT_PEOPLE, posting.department_id)
        row = lock(Posting.objects.select_related("account", "department"), pk=posting.pk)
        _check_not_ended(row)
        if row.account_id == actor.account_id:
            raise RuleBroken("M.24", "不能免去自己的岗位。请另一位岗位管理员办理。")
        now = clock.now()
        row.ended_at, was_named, row.is_named_person = now, row.is_named_person, False
        row.save(update_fields=["ended_at", "is_named_person"])
        covers = row.covered_by.filter(ended_at__isnull=True).update(ended_at=now)
        act.note("account", row.account.username)
        act.fact("is_named_person", was_named, False)  # noqa: FBT003
        act.note("covers_ended", covers)
        still_there = Posting.objects.filter(
            account_id=row.account_id, department_id=row.department_id, ended_at__isnull=True
        )
        waiting = rooms.of_account(row.account_id, row.department_id)
        if waiting and not still_there.exists():
            act.note("open_work", {work.words: work.count for work in waiting})
            tell_of_leaver(row.account)
        tell(
            action=Action.POSTING_ENDED,
            account=row.account,
            title=f"您不再任{row.department.name}{row.get_role_display()}",
            body="从现在起这个岗位的权限停止。名下未办结的件由接手的人办。",
        )
    return row


def name_person(*, actor: Actor, posting: Posting, named: bool = True) -> Posting:
    """Makes a posted person the named person of the department, or no longer. Article: M.24."""
    with acting(actor, Action.PERSON_NAMED, posting.subject) as act:
        permit(actor, Capability.APPOINT_PEOPLE, posting.department_id)
        row = lock(Posting.objects.select_related("account", "department"), pk=posting.pk)
        if named:
            _check_live(row)
            if row.covers_id is not None:
                raise RuleBroken("M.24", "顶岗的人不能作指定专人。请从有岗位的人里指定。")
            check_named_person_is_own(row.account.department_id, row.department_id)
        if row.is_named_person == named:
            words = "已经是指定专人" if named else "本来就不是指定专人"
            raise RuleBroken("M.24", f"{row.account.name}{words}。")
        act.note("account", row.account.username)
        act.fact("is_named_person", row.is_named_person, named)
        row.is_named_person = named
        row.save(update_fields=["is_named_person"])
        if named:
            tell(
                action=Action.PERSON_NAMED,
                account=row.account,
                title=f"您是{row.department.name}的指定专人",
                body="电子证照管理工作由您负责联系（办法第二十四条）。",
            )
    return row


def cover_absence(
    *, actor: Actor, posting: Posting, by: Account, from_on: date, until_on: date | None
) -> Posting:
    """Lets another person do what an absent person's posting allows, until a day.

    The cover gives nothing beyond that posting and ends with it; two hands stay two people.
    Article: M.24.
    """
    with acting(actor, Action.ABSENCE_COVERED, posting.subject) as act:
        permit(actor, Capability.APPOINT_PEOPLE, posting.department_id)
        person = lock(Account.objects.all(), pk=by.pk)
        row = lock(Posting.objects.select_related("account", "department"), pk=posting.pk)
        _check_person(actor, person)
        _check_not_ended(row)
        if row.covers_id is not None:
            raise RuleBroken("M.24", "这已经是顶岗，不能再让人顶。请给原来的岗位另安排。")
        if row.account_id == person.pk:
            raise RuleBroken("M.24", "不能自己顶自己的岗。请换一个人。")
        today = clock.today()
        check_cover_term(from_on, until_on, posting_until=row.until_on, today=today)
        role = Role(row.role)
        check_administrators_apart(roles_of(person, today), role.value)
        if _held(person, row.department, role):
            raise RuleBroken(
                "M.24", f"{person.name}在{row.department.name}已经是{role.label}，不用顶岗。"
            )
        if row.covered_by.filter(
            account=person, ended_at__isnull=True, until_on__gte=from_on, from_on__lte=until_on
        ).exists():
            raise RuleBroken("M.24", f"{person.name}这些天已经在顶这个岗。")
        cover = Posting.objects.create(
            account=person,
            department=row.department,
            role=row.role,
            from_on=from_on,
            until_on=until_on,
            covers=row,
        )
        act.note("account", row.account.username)
        act.note("covered_by", person.username)
        act.note("term", [str(from_on), str(until_on)])
        words = f"您顶{row.account.name}的岗：{row.department.name}{role.label}"
        _tell(person, row.department, words, from_on, until_on)
    return cover


def _tell(
    person: Account, department: Department, words: str, from_on: date, until_on: date | None
) -> None:
    until = f"到 {until_on}" if until_on else "没有截止日期"
    tell(
        action=Action.PERSON_POSTED,
        account=person,
        department=department,
        title=words,
        body=f"从 {from_on} 起，{until}。岗位在右上角换。",
    )


def _check_person(actor: Actor, person: Account) -> None:
    if not person.is_active:
        raise RuleBroken("M.24", f"{person.name}的账号已停用，不能任用。请换一个人。")
    if person.pk == actor.account_id:
        raise RuleBroken("M.24", "不能给自己安排岗位。请另一位岗位管理员办理。")


def _check_not_ended(row: Posting) -> None:
    if row.ended_at is not None or (row.until_on is not None and row.until_on < clock.today()):
        raise RuleBroken("M.24", f"{row.account.name}的这个岗位已经结束。")


def _check_live(row: Posting) -> None:
    _check_not_ended(row)
    if not row.is_live(clock.today()):
        raise RuleBroken("M.24", f"{row.account.name}的这个岗位从 {row.from_on} 才开始。")


def _held(person: Account, department: Department, role: Role) -> bool:
    return person.postings.filter(
        department=department, role=role.value, ended_at__isnull=True, covers__isnull=True
    ).exists()


def _end_what_ran_out(person: Account, department: Department, role: Role) -> None:
    """Writes the end of a term that has passed, so that the person can be appointed again."""
    person.postings.filter(
        department=department,
        role=role.value,
        ended_at__isnull=True,
        until_on__lt=clock.today(),
    ).update(ended_at=clock.now(), is_named_person=False)
