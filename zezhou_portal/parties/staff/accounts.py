"""Accounts of staff: open, close, unlock (M.25)."""

import secrets
from dataclasses import dataclass

from django.urls import reverse

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff.rules import check_not_oneself
from zezhou_portal.parties.staff.tries import is_device_shut, open_devices
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken

# Without characters that are mistaken for each other when read aloud or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_USERNAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")


@dataclass(frozen=True)
class Opened:
    """An account and the first password, which is shown once and kept nowhere in the clear."""

    account: Account
    first_password: str


def open_account(
    *, actor: Actor, username: str, name: str, department: Department, phone: str = ""
) -> Opened:
    """Opens an account with a first password that must be changed at the first log-in.

    It gives no right by itself: a posting does. Article: M.25.
    """
    with acting(actor, Action.ACCOUNT_OPENED) as act:
        permit(actor, Capability.OPEN_ACCOUNTS)
        username, name = username.strip().lower(), name.strip()
        _check_new(username, name, department)
        account = Account(username=username, name=name, department=department, phone=phone)
        password = first_password()
        account.set_password(password)
        account.save()
        act.set_subject(account.subject)
        act.note("username", username)
        act.note("department", department.credit_code)
    return Opened(account, password)


def close_account(*, actor: Actor, account: Account) -> Account:
    """Closes an account at once: its sessions end, its postings end, its work waits.

    Work that stands in the leaver's name is told to those who hand it on. Article: M.24, M.25.
    """
    with acting(actor, Action.ACCOUNT_CLOSED, account.subject) as act:
        permit(actor, Capability.OPEN_ACCOUNTS)
        row = lock(Account.objects.all(), pk=account.pk)
        if not row.is_active:
            raise RuleBroken("M.25", f"{row.username} 已经停用，不用再停。")
        if row.pk == actor.account_id:
            raise RuleBroken("M.25", "不能停用自己的账号。请另一位系统管理员办理。")
        row.is_active = False
        row.save(update_fields=["is_active"])
        ended = row.postings.filter(ended_at__isnull=True).update(
            ended_at=clock.now(), is_named_person=False
        )
        act.fact("is_active", True, False)  # noqa: FBT003
        act.note("postings_ended", ended)
        waiting = rooms.of_account(row.pk)
        if waiting:
            act.note("open_work", {work.words: work.count for work in waiting})
            tell_of_leaver(row)
    return row


def unlock_account(*, actor: Actor, account: Account) -> Account:
    """Opens a locked account before its time. Article: M.25."""
    with acting(actor, Action.ACCOUNT_UNLOCKED, account.subject) as act:
        permit(actor, Capability.UNLOCK_ACCOUNTS)
        row = lock(Account.objects.all(), pk=account.pk)
        if not row.is_locked(clock.now()) and not is_device_shut(row):
            raise RuleBroken("M.25", f"{row.username} 没有锁定，可以直接登录。")
        check_not_oneself(actor.account_id, row.pk)
        row.failed_logins, row.locked_until = 0, None
        row.save(update_fields=["failed_logins", "locked_until"])
        open_devices(row)
        act.fact("locked", True, False)  # noqa: FBT003
    return row


def tell_of_leaver(account: Account) -> None:
    """Tells those who hand work on that a leaver's work waits (M.24)."""
    tell(
        action=Action.WORK_HANDED_ON,
        capability=Capability.HAND_ON_WORK,
        title=f"{account.name}离岗，名下有未办结的件",
        body=f"{account.department.name} {account.name}已离岗，未办结的件还在名下，时限在走。"
        "请移交。",
        link=reverse("parties:hand-on", args=[account.uuid]),
        urgent=True,
    )


def first_password() -> str:
    """A password of 14 characters in groups that one can read out."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
    return "-".join(groups)


def _check_new(username: str, name: str, department: Department) -> None:
    """What was typed of a new account. A name that is taken is a refusal, not a slip of the pen."""
    fields, taken = {}, {}
    if not 3 <= len(username) <= 40 or not set(username) <= _USERNAME:
        fields["username"] = "账号用 3 到 40 个小写字母、数字、点、横线或下划线。"
    elif Account.objects.filter(username=username).exists():
        taken["username"] = f"已经有账号 {username}。一个人只用一个账号；重名的请加数字。"
    if not name:
        fields["name"] = "还没有填姓名。"
    if not department.is_open:
        taken["department"] = f"{department.name}已停用，不能在那里开账号。"
    sentence = "账号没有开通，请改好标出的地方。"
    if taken:
        raise RuleBroken("M.25", sentence, fields=fields | taken)
    if fields:
        raise FormFault("M.25", sentence, fields=fields)
