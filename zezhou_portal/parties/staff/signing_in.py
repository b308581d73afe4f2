"""Logging in with two factors, the lock-out, logging out (M.25).

Every try is reserved before it is judged, by one conditional UPDATE: however many tries run at
once, no more than `LOGIN_FAILURES_BEFORE_LOCK` are judged before the account locks.
"""

from contextlib import suppress
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.auth.hashers import check_password as fits
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db.models import F
from django.urls import reverse
from redis.exceptions import RedisError

from audit.trail.recording import record, record_refusal
from zezhou_portal.kernel import clock, vault
from zezhou_portal.kernel.actors import Actor, Channel, public
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import LOGIN_FAILURES_BEFORE_LOCK, LOGIN_LOCK

log = structlog.get_logger(__name__)

WRONG = "账号或密码不对。请再输一遍；连错 5 次会锁 15 分钟。"
WRONG_OWN = "密码不对。请再输一遍；连错 5 次会锁 15 分钟。"
WRONG_CODE = "口令不对或已经用过。等手机上换一组新的，再输一遍；连错 5 次会锁 15 分钟。"


class Locked(RuleBroken):
    """Too many failures: shut until a moment, whoever knocks."""

    def __init__(self, until: datetime) -> None:
        local = until.astimezone(clock.BEIJING)
        super().__init__(
            "M.25",
            f"连错 {LOGIN_FAILURES_BEFORE_LOCK} 次，账号已锁。{local:%H:%M} 以后可以再试；"
            "急用请找安全管理员解锁。",
        )
        self.until = until


def check_password(
    *, username: str, password: str, request_id: str = "", channel: Channel = Channel.PAGE
) -> Account:
    """The account that a user name and a password open: the first factor.

    A name that nobody has takes as long, is counted and locks as one that somebody has. Raises
    RuleBroken, or Locked with the moment it opens; both are on the trail. Article: M.25.
    """
    actor = public(request_id, channel=channel)
    username = username.strip().lower()
    account = Account.objects.filter(username=username).first()
    if account is None:
        make_password(password)  # as long as a check, or a stopwatch would tell names apart
        _count_stranger(actor, username)
        raise _refused(actor, None, WRONG)
    _reserve(actor, account)
    if not fits(password, account.password) or not account.is_active:
        _lock_if_spent(actor, account)
        raise _refused(actor, account, WRONG)
    # Right, but failures of the second factor still stand: only this try is given back.
    Account.objects.filter(pk=account.pk).update(failed_logins=F("failed_logins") - 1)
    if settings.PORTAL_SECOND_FACTOR and second_factor.device_of(account) is None:
        second_factor.begin(account)
    if not settings.PORTAL_SECOND_FACTOR:
        _let_in(actor_of(account, request_id=request_id, channel=channel), account)
    return account


def check_code(*, account: Account, code: str, request_id: str = "") -> Account:
    """Lets a member of staff in whose password was right: the second factor.

    Raises RuleBroken or Locked; both are on the trail. Article: M.25.
    """
    actor = actor_of(account, request_id=request_id)
    _reserve(actor, account)
    device = second_factor.device_of(account)
    if device is None or not account.is_active or not second_factor.accept(device, code):
        _lock_if_spent(actor, account)
        raise _refused(actor, account, WRONG_CODE, field="code")
    _let_in(actor, account)
    return account


def prove_again(*, actor: Actor, account: Account, proof: str) -> None:
    """Asks somebody who is signed in for a factor again: the code, or the password without one.

    Tries are counted as those of a log-in are. Raises RuleBroken at the field `proof`, or Locked.
    Article: M.25.
    """
    _reserve(actor, account)
    if settings.PORTAL_SECOND_FACTOR:
        device = second_factor.device_of(account)
        right, sentence = device is not None and second_factor.accept(device, proof), WRONG_CODE
    else:
        right, sentence = fits(proof, account.password), WRONG_OWN
    _judge_own(actor, account, Action.PROVED_AGAIN, right=right, at=("proof", sentence))
    record(actor, Action.PROVED_AGAIN, account.subject, {})


def check_own_password(*, actor: Actor, account: Account, password: str, field: str) -> None:
    """Asks somebody who is signed in for the password that they have now, and counts the tries.

    Whoever sits down at an open desk guesses no longer here than at the log-in. Raises RuleBroken
    at the field, or Locked. Article: M.25.
    """
    _reserve(actor, account)
    account.refresh_from_db(fields=["password"])
    right = fits(password, account.password)
    _judge_own(actor, account, Action.PASSWORD_CHANGED, right=right, at=(field, WRONG_OWN))


def _judge_own(
    actor: Actor, account: Account, action: Action, *, right: bool, at: tuple[str, str]
) -> None:
    field, sentence = at
    if not right:
        _lock_if_spent(actor, account)
        raise _refused(actor, account, sentence, field=field, action=action)
    Account.objects.filter(pk=account.pk).update(failed_logins=0)


def let_in_after_set_up(*, account: Account, request_id: str = "") -> None:
    """Records the log-in that ended with setting the second factor up. Article: M.25."""
    _let_in(actor_of(account, request_id=request_id), account)


def choose_posting(*, actor: Actor, account: Account, chosen: Actor) -> None:
    """Records for which department a member of staff acts from now on. Article: M.25."""
    facts = {"department": [actor.department_code, chosen.department_code]}
    record(chosen, Action.POSTING_CHOSEN, account.subject, facts)


def actor_of(account: Account, *, request_id: str = "", channel: Channel = Channel.PAGE) -> Actor:
    """The member of staff acting for the first of their departments, their own before others."""
    postings = live_postings(account, clock.today())
    here = [row.department for row in postings]
    own = [row for row in here if row.pk == account.department_id]
    department = (own or here or [account.department])[0]
    return official(account, department, postings, request_id=request_id, channel=channel)


def _let_in(actor: Actor, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(
        failed_logins=0, locked_until=None, last_login=clock.now()
    )
    record(actor, Action.LOGGED_IN, account.subject, {})


def _reserve(actor: Actor, account: Account) -> None:
    """Takes one of the tries, or raises Locked."""
    now = clock.now()
    Account.objects.filter(pk=account.pk, locked_until__lte=now).update(
        failed_logins=0, locked_until=None
    )
    taken = Account.objects.filter(
        pk=account.pk, failed_logins__lt=LOGIN_FAILURES_BEFORE_LOCK, locked_until__isnull=True
    ).update(failed_logins=F("failed_logins") + 1)
    if taken:
        return
    _lock(account, now)
    account.refresh_from_db(fields=["locked_until"])
    until = account.locked_until or now + LOGIN_LOCK
    error = Locked(until)
    record_refusal(actor, Action.LOGIN_REFUSED, account.subject, error.reason)
    raise error


def _lock_if_spent(actor: Actor, account: Account) -> None:
    account.refresh_from_db(fields=["failed_logins"])
    if account.failed_logins < LOGIN_FAILURES_BEFORE_LOCK:
        return
    now = clock.now()
    if not _lock(account, now):
        return
    tell(
        action=Action.LOGIN_REFUSED,
        role=Role.SECURITY_ADMINISTRATOR,
        title=f"账号 {account.username} 已锁",
        body=f"连续 {LOGIN_FAILURES_BEFORE_LOCK} 次登录失败，锁 15 分钟。请问本人是不是他在试。",
        link=reverse("parties:accounts"),
    )
    error = Locked(now + LOGIN_LOCK)
    record_refusal(actor, Action.LOGIN_REFUSED, account.subject, error.reason)
    raise error


def _lock(account: Account, now: datetime) -> bool:
    """Locks an account whose tries are spent; False where it is locked already."""
    return bool(
        Account.objects.filter(
            pk=account.pk,
            failed_logins__gte=LOGIN_FAILURES_BEFORE_LOCK,
            locked_until__isnull=True,
        ).update(locked_until=now + LOGIN_LOCK)
    )


def _refused(
    actor: Actor,
    account: Account | None,
    sentence: str,
    *,
    field: str = "",
    action: Action = Action.LOGIN_REFUSED,
) -> RuleBroken:
    subject = account.subject if account else Subject("account", "unknown")
    record_refusal(actor, action, subject, sentence)
    return RuleBroken("M.25", sentence, fields={field: sentence} if field else None)


def _count_stranger(actor: Actor, username: str) -> None:
    """Locks a name that nobody has, so that a lock does not say whose name exists."""
    key = f"stranger:{vault.blind(username)}"
    now = clock.now()
    try:
        tries, until = cache.get(key, (0, None))
    except RedisError as trouble:
        # Nobody is let in by this count: without it the name is refused as any other.
        log.warning("strangers_not_counted", error=type(trouble).__name__)
        return
    if until is not None and until <= now:
        tries, until = 0, None
    tries += 1
    if until is None and tries >= LOGIN_FAILURES_BEFORE_LOCK:
        until = now + LOGIN_LOCK
    with suppress(RedisError):
        cache.set(key, (tries, until), timeout=int(LOGIN_LOCK.total_seconds()))
    if until is not None:
        locked = Locked(until)
        record_refusal(actor, Action.LOGIN_REFUSED, Subject("account", "unknown"), locked.reason)
        raise locked
