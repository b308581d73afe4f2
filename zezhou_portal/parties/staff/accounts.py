"""Accounts of staff: open, close, unlock, password, second factor (M.25)."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password as fits
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken

# Without characters that are mistaken for each other when read aloud or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# What Django's validators find, in the portal's words.
_FAULTS = {
    "password_too_short": "新密码至少 10 位。",
    "password_too_common": "这个密码太常见，容易被猜到。",
    "password_too_similar": "新密码和您的账号或姓名太像。",
    "password_entirely_numeric": "新密码不能全是数字。",
}
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
        if not row.is_locked(clock.now()):
            raise RuleBroken("M.25", f"{row.username} 没有锁定，可以直接登录。")
        _check_other_person(actor, row)
        row.failed_logins, row.locked_until = 0, None
        row.save(update_fields=["failed_logins", "locked_until"])
        act.fact("locked", True, False)  # noqa: FBT003
    return row


def reset_password(*, actor: Actor, account: Account) -> Opened:
    """Gives a forgotten password a successor that must be changed at the next log-in.

    Article: M.25.
    """
    with acting(actor, Action.PASSWORD_RESET, account.subject) as act:
        permit(actor, Capability.UNLOCK_ACCOUNTS)
        row = lock(Account.objects.all(), pk=account.pk)
        _check_active(row)
        _check_other_person(actor, row)
        password = first_password()
        row.set_password(password)
        row.must_change_password = True
        row.failed_logins, row.locked_until = 0, None
        row.save(
            update_fields=["password", "must_change_password", "failed_logins", "locked_until"]
        )
        act.note("password", "reset")
    return Opened(row, password)


def reset_second_factor(*, actor: Actor, account: Account) -> Account:
    """Forgets the phone of a member of staff, who sets a new one up at the next log-in.

    Article: M.25.
    """
    with acting(actor, Action.SECOND_FACTOR_RESET, account.subject) as act:
        permit(actor, Capability.RESET_SECOND_FACTOR)
        row = lock(Account.objects.all(), pk=account.pk)
        _check_active(row)
        _check_other_person(actor, row)
        had = second_factor.device_of(row) is not None
        second_factor.forget(row)
        act.fact("second_factor", had, False)  # noqa: FBT003
        tell(
            action=Action.SECOND_FACTOR_RESET,
            account=row,
            title="您的动态口令已重置",
            body=f"{actor.name}（{actor.role}）重置了您的动态口令。如果不是您要求的，马上告诉他。",
            urgent=True,
        )
    return row


def change_password(*, actor: Actor, account: Account, old: str, new: str) -> Account:
    """Replaces one's own password by another that meets the rules. Article: M.25."""
    with acting(actor, Action.PASSWORD_CHANGED, account.subject) as act:
        _check_own(actor, account)
        row = lock(Account.objects.all(), pk=account.pk)
        _check_good(new, row)
        if not fits(old, row.password):
            raise RuleBroken(
                "M.25", "现在的密码不对。", fields={"old": "现在的密码不对，请再输一遍。"}
            )
        if fits(new, row.password):
            raise FormFault(
                "M.25",
                "新密码和现在的一样。",
                fields={"new": "新密码和现在的一样，请换一个。"},
            )
        row.set_password(new)
        row.must_change_password = False
        row.save(update_fields=["password", "must_change_password"])
        act.note("password", "changed")
    return row


def set_second_factor(*, actor: Actor, account: Account, code: str) -> Account:
    """Binds the phone that shows the right code of the secret under set-up. Article: M.25."""
    with acting(actor, Action.SECOND_FACTOR_SET, account.subject) as act:
        _check_own(actor, account)
        row = lock(Account.objects.all(), pk=account.pk)
        if second_factor.device_of(row):
            raise RuleBroken("M.25", "动态口令已经绑定。换手机请找安全管理员重置。")
        device = second_factor.begin(row)
        if not second_factor.accept(device, code):
            sentence = "口令不对。请看手机上现在这一组 6 位数字，再输一遍。"
            raise RuleBroken("M.25", sentence, fields={"code": sentence})
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        act.fact("second_factor", False, True)  # noqa: FBT003
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


def _check_good(new: str, account: Account) -> None:
    """The rules of a password; asked before the old one is, so that they tell nothing of it."""
    try:
        validate_password(new, account)
    except ValidationError as error:
        said = "".join(_FAULTS.get(one.code or "", "新密码不合要求。") for one in error.error_list)
        raise FormFault("M.25", "新密码不合要求。", fields={"new": said}) from error


def _check_active(account: Account) -> None:
    if not account.is_active:
        raise RuleBroken("M.25", f"{account.username} 已停用。要再用，请系统管理员另开账号。")


def _check_other_person(actor: Actor, account: Account) -> None:
    if account.pk == actor.account_id:
        raise RuleBroken("M.25", "不能给自己办理。请另一位安全管理员办理。")


def _check_own(actor: Actor, account: Account) -> None:
    if actor.account_id != account.pk:
        raise RuleBroken("M.25", "只能改自己的。")
