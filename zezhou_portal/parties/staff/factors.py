"""The two factors of a member of staff: changed by themselves, reset by administrators (M.25).

Nobody becomes somebody else by one hand: resetting the second of the two factors within a week
takes another administrator, the named person of the department and the person's own phone hear of
every reset, and a phone that was just bound signs nothing off for a day unless the named person
vouches for it.
"""

from django.contrib.auth.hashers import check_password as fits
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.trail.recording import acting, record_refusal
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.notices import texts
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff import second_factor, signing_in
from zezhou_portal.parties.staff.accounts import Opened, first_password
from zezhou_portal.parties.staff.rules import check_not_oneself, check_resets_apart
from zezhou_portal.parties.staff.selectors import is_named_person_of, named_persons_of
from zezhou_portal.parties.staff.tries import open_devices
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import FRESH_FACTOR, PASSWORDS_REMEMBERED

# What Django's validators find, in the portal's words.
NOT_YOUR_OWN = "只能改自己的。"
_FAULTS = {
    "password_too_short": "新密码至少 10 位。",
    "password_too_common": "这个密码太常见，容易被猜到。",
    "password_too_similar": "新密码和您的账号或姓名太像。",
    "password_entirely_numeric": "新密码不能全是数字。",
}


def change_password(*, actor: Actor, account: Account, old: str, new: str) -> Account:
    """Replaces one's own password by another that meets the rules.

    Not by one of the last few either. Raises RuleBroken with a sentence at its field, or Locked
    where the old one was wrong too often. Article: M.25.
    """
    if actor.account_id != account.pk:
        record_refusal(actor, Action.PASSWORD_CHANGED, account.subject, NOT_YOUR_OWN)
    _check_own(actor, account)
    # before the act: a wrong one is counted, which an act that fails would undo
    signing_in.check_own_password(actor=actor, account=account, password=old, field="old")
    with acting(actor, Action.PASSWORD_CHANGED, account.subject) as act:
        row = lock(Account.objects.all(), pk=account.pk)
        _check_new_password(new, row)
        _put_password(row, new)
        row.must_change_password = False
        row.save(update_fields=["password", "former_passwords", "must_change_password"])
        act.note("password", "changed")
    return row


def reset_password(*, actor: Actor, account: Account) -> Opened:
    """Gives a forgotten password a successor that must be changed at the next log-in.

    Raises RuleBroken where the same administrator reset the second factor within a week.
    Article: M.25.
    """
    with acting(actor, Action.PASSWORD_RESET, account.subject) as act:
        permit(actor, Capability.UNLOCK_ACCOUNTS)
        row = lock(Account.objects.all(), pk=account.pk)
        _check_active(row)
        check_not_oneself(actor.account_id, row.pk)
        check_resets_apart(
            actor.account_id,
            other="动态口令",
            reset_at=row.second_factor_reset_at,
            reset_by_id=row.second_factor_reset_by_id,
            now=clock.now(),
        )
        password = first_password()
        _put_password(row, password)
        row.must_change_password = True
        row.failed_logins, row.locked_until = 0, None
        row.password_reset_at, row.password_reset_by_id = clock.now(), actor.account_id
        row.save()
        open_devices(row)
        act.note("password", "reset")
        _tell_of_reset(actor, row, Action.PASSWORD_RESET, "密码")
    return Opened(row, password)


def reset_second_factor(*, actor: Actor, account: Account) -> Account:
    """Forgets the phone of a member of staff, who sets a new one up at the next log-in.

    Raises RuleBroken where the same administrator reset the password within a week.
    Article: M.25.
    """
    with acting(actor, Action.SECOND_FACTOR_RESET, account.subject) as act:
        permit(actor, Capability.RESET_SECOND_FACTOR)
        row = lock(Account.objects.all(), pk=account.pk)
        _check_active(row)
        check_not_oneself(actor.account_id, row.pk)
        check_resets_apart(
            actor.account_id,
            other="密码",
            reset_at=row.password_reset_at,
            reset_by_id=row.password_reset_by_id,
            now=clock.now(),
        )
        had = second_factor.device_of(row) is not None
        second_factor.forget(row)
        row.second_factor_reset_at, row.second_factor_reset_by_id = clock.now(), actor.account_id
        row.save(update_fields=["second_factor_reset_at", "second_factor_reset_by"])
        act.fact("second_factor", had, False)  # noqa: FBT003
        _tell_of_reset(actor, row, Action.SECOND_FACTOR_RESET, "动态口令")
    return row


def set_second_factor(*, actor: Actor, account: Account, code: str) -> Account:
    """Binds the phone that shows the right code of the secret under set-up.

    It signs nothing off for a day unless the department's named person vouches for it.
    Article: M.25.
    """
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
        row.signs_from = clock.now() + FRESH_FACTOR
        row.save(update_fields=["signs_from"])
        act.fact("second_factor", False, True)  # noqa: FBT003
        for person in named_persons_of(row.department):
            if person.pk != row.pk:
                _ask_to_vouch(row, person)
    return row


def vouch_second_factor(*, actor: Actor, account: Account) -> Account:
    """The department's named person says that the phone just bound is the person's own.

    From then on the person signs off again. Nobody vouches for themselves. Article: M.24, M.25.
    """
    with acting(actor, Action.SECOND_FACTOR_VOUCHED, account.subject) as act:
        row = lock(Account.objects.all(), pk=account.pk)
        if not is_named_person_of(actor.account_id, row.department_id):
            raise NotPermitted("", "由这个人所在单位的指定专人核实。")
        if row.pk == actor.account_id:
            raise RuleBroken("M.25", "不能核实自己的。请等到时间，或者请本单位另一位指定专人核实。")
        if row.signs_from is None or row.signs_from <= clock.now():
            raise RuleBroken("M.25", f"{row.name}的动态口令不用核实，已经可以签发。")
        row.signs_from = None
        row.save(update_fields=["signs_from"])
        act.fact("second_factor_vouched", False, True)  # noqa: FBT003
        tell(
            action=Action.SECOND_FACTOR_VOUCHED,
            account=row,
            title="您的动态口令已核实",
            body=f"本单位指定专人{actor.name}核实过了，现在可以签发。不是您绑定的，马上告诉他。",
        )
    return row


def _check_new_password(new: str, row: Account) -> None:
    """What was typed as a new one; one that is not right yet is no act."""
    if fits(new, row.password):
        raise _at("new", "新密码和现在的一样，请换一个。")
    if any(fits(new, former) for former in row.former_passwords):
        raise _at("new", "这个密码以前用过。请换一个没有用过的。")
    try:
        validate_password(new, row)
    except ValidationError as error:
        said = "".join(_FAULTS.get(one.code or "", "新密码不合要求。") for one in error.error_list)
        raise _at("new", said) from error


def _put_password(row: Account, new: str) -> None:
    row.former_passwords = [row.password, *row.former_passwords][:PASSWORDS_REMEMBERED]
    row.set_password(new)


def _tell_of_reset(actor: Actor, row: Account, action: Action, what: str) -> None:
    """The person by inbox and text, their department's named persons by inbox (M.24)."""
    title = f"您的{what}已重置"
    body = f"{actor.name}（{actor.role}）重置了您的{what}。如果不是您要求的，马上告诉他。"
    tell(action=action, account=row, title=title, body=body, urgent=True)
    now = clock.now()
    words = (
        f"您在泽州县电子证照门户的{what}于 {now.astimezone(clock.BEIJING):%m月%d日 %H:%M} 被重置。"
        "不是您要求的，请马上联系本单位指定专人和县行政审批服务管理局。"
    )
    texts.write([texts.Text(f"{action.code}:{row.uuid}:{now.timestamp()}", row.phone, words)])
    for person in named_persons_of(row.department):
        if person.pk in (row.pk, actor.account_id):
            continue
        tell(
            action=action,
            account=person,
            title=f"{row.name}的{what}被重置",
            body=f"{actor.name}（{actor.role}）重置了{row.name}（{row.username}）的{what}。"
            "请当面问本人是不是要求过；不是的，马上告诉县行政审批服务管理局。",
            urgent=True,
        )


def _ask_to_vouch(row: Account, person: Account) -> None:
    hours = int(FRESH_FACTOR.total_seconds() // 3600)
    tell(
        action=Action.SECOND_FACTOR_SET,
        account=person,
        title=f"{row.name}绑定了新的动态口令",
        body=f"{hours} 小时内不能签发。急用的，当面核对本人后，在这里核实；"
        "本人说没有绑定的，马上告诉县行政审批服务管理局。",
        link=reverse("parties:vouch", args=[row.uuid]),
        urgent=True,
    )


def _check_active(account: Account) -> None:
    if not account.is_active:
        raise RuleBroken("M.25", f"{account.username} 已停用。要再用，请系统管理员另开账号。")


def _check_own(actor: Actor, account: Account) -> None:
    if actor.account_id != account.pk:
        raise RuleBroken("M.25", NOT_YOUR_OWN)


def _at(field: str, sentence: str) -> FormFault:
    return FormFault("M.25", sentence, fields={field: sentence})
