"""Logging in with two factors, the lock-out, logging out (M.25).

Every try is reserved before it is judged, by one conditional UPDATE: however many tries run at
once, no more than `LOGIN_FAILURES_BEFORE_LOCK` are judged before the account locks.
"""

from contextlib import suppress
from dataclasses import dataclass
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
from zezhou_portal.parties.staff.tries import (
    Origin,
    TooMany,
    clear_lane,
    give_back_lane,
    give_back_network,
    is_spent,
    spend_lane,
    spend_network,
)
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import LOGIN_FAILURES_BEFORE_LOCK, LOGIN_LOCK

log = structlog.get_logger(__name__)

WRONG = "账号或密码不对。请再输一遍；连错 5 次会锁 15 分钟。"
WRONG_OWN = "密码不对。请再输一遍；连错 5 次会锁 15 分钟。"
WRONG_CODE = "口令不对或已经用过。等手机上换一组新的，再输一遍；连错 5 次会锁 15 分钟。"

# Where a command or a test tries from: no network is counted, no device is known.
NOWHERE = Origin()


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


@dataclass(frozen=True)
class _Reserved:
    """One try that was taken: of which lane, and how many that lane has had."""

    lane: str = ""
    tries: int = 0


def check_password(
    *,
    username: str,
    password: str,
    request_id: str = "",
    channel: Channel = Channel.PAGE,
    origin: Origin = NOWHERE,
) -> Account:
    """The account that a user name and a password open: the first factor.

    A name that nobody has takes as long, is counted and locks as one that somebody has: each try
    that is judged costs one hash, one that is not judged none. Raises RuleBroken, Locked with the
    moment it opens, or TooMany; all are on the trail. Article: M.25.
    """
    actor = public(request_id, channel=channel)
    _spend_network(actor, origin)
    username = username.strip().lower()
    account = Account.objects.filter(username=username).first()
    if account is None:
        is_last = _count_stranger(actor, username)
        make_password(password)  # as long as a check, or a stopwatch would tell names apart
        if is_last:
            raise _shut(actor, Subject("account", "unknown"), clock.now() + LOGIN_LOCK)
        raise _refused(actor, None, WRONG)
    reserved = _reserve(actor, account, origin)
    if not fits(password, account.password) or not account.is_active:
        _lock_if_spent(actor, account, reserved)
        raise _refused(actor, account, WRONG)
    # Right, but failures of the second factor still stand: only this try is given back.
    _give_back(account, reserved)
    give_back_network(origin)
    if settings.PORTAL_SECOND_FACTOR and second_factor.device_of(account) is None:
        second_factor.begin(account)
    if not settings.PORTAL_SECOND_FACTOR:
        _let_in(actor_of(account, request_id=request_id, channel=channel), account, origin)
    return account


def check_code(
    *, account: Account, code: str, request_id: str = "", origin: Origin = NOWHERE
) -> Account:
    """Lets a member of staff in whose password was right: the second factor.

    Raises RuleBroken, Locked or TooMany; all are on the trail. Article: M.25.
    """
    actor = actor_of(account, request_id=request_id)
    _spend_network(actor, origin)
    reserved = _reserve(actor, account, origin)
    device = second_factor.device_of(account)
    if device is None or not account.is_active or not second_factor.accept(device, code):
        _lock_if_spent(actor, account, reserved)
        raise _refused(actor, account, WRONG_CODE, field="code")
    give_back_network(origin)
    _let_in(actor, account, origin)
    return account


def prove_again(*, actor: Actor, account: Account, proof: str) -> None:
    """Asks somebody who is signed in for a factor again: the code, or the password without one.

    Tries are counted as those of a log-in are. Raises RuleBroken at the field `proof`, or Locked.
    Article: M.25.
    """
    reserved = _reserve(actor, account, _inside(account))
    if settings.PORTAL_SECOND_FACTOR:
        device = second_factor.device_of(account)
        right, sentence = device is not None and second_factor.accept(device, proof), WRONG_CODE
    else:
        right, sentence = fits(proof, account.password), WRONG_OWN
    _judge_own(actor, account, reserved, Action.PROVED_AGAIN, right=right, at=("proof", sentence))
    record(actor, Action.PROVED_AGAIN, account.subject, {})


def check_own_password(*, actor: Actor, account: Account, password: str, field: str) -> None:
    """Asks somebody who is signed in for the password that they have now, and counts the tries.

    Whoever sits down at an open desk guesses no longer here than at the log-in. Raises RuleBroken
    at the field, or Locked. Article: M.25.
    """
    reserved = _reserve(actor, account, _inside(account))
    account.refresh_from_db(fields=["password"])
    right = fits(password, account.password)
    _judge_own(
        actor, account, reserved, Action.PASSWORD_CHANGED, right=right, at=(field, WRONG_OWN)
    )


def _inside(account: Account) -> Origin:
    """Whoever is signed in tries as from a known device: nobody outside shuts them out."""
    return Origin(devices=frozenset({str(account.uuid)}))


def _judge_own(
    actor: Actor,
    account: Account,
    reserved: _Reserved,
    action: Action,
    *,
    right: bool,
    at: tuple[str, str],
) -> None:
    field, sentence = at
    if not right:
        _lock_if_spent(actor, account, reserved)
        raise _refused(actor, account, sentence, field=field, action=action)
    if reserved.lane:
        with suppress(RedisError):
            clear_lane(account, reserved.lane)
    else:
        Account.objects.filter(pk=account.pk).update(failed_logins=0)


def let_in_after_set_up(
    *, account: Account, request_id: str = "", origin: Origin = NOWHERE
) -> None:
    """Records the log-in that ended with setting the second factor up. Article: M.25."""
    _let_in(actor_of(account, request_id=request_id), account, origin)


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


def _let_in(actor: Actor, account: Account, origin: Origin) -> None:
    """Whoever is in has a clean count, of the lane by which they came: what others did stands."""
    rows = Account.objects.filter(pk=account.pk)
    lane = origin.lane(account)
    if lane:
        with suppress(RedisError):
            clear_lane(account, lane)
        rows.update(last_login=clock.now())
    else:
        rows.update(failed_logins=0, locked_until=None, last_login=clock.now())
    record(actor, Action.LOGGED_IN, account.subject, {})


def _spend_network(actor: Actor, origin: Origin) -> None:
    try:
        spend_network(origin)
    except TooMany as refusal:
        record_refusal(actor, Action.LOGIN_REFUSED, Subject("account", "unknown"), refusal.reason)
        raise


def _reserve(actor: Actor, account: Account, origin: Origin) -> _Reserved:
    """Takes one of the tries, or raises Locked."""
    lane = origin.lane(account)
    if lane:
        try:
            tries, until = spend_lane(account, lane)
        except RedisError as trouble:
            log.warning("lanes_not_counted", error=type(trouble).__name__)
        else:
            if tries > LOGIN_FAILURES_BEFORE_LOCK:
                raise _shut(actor, account.subject, until)
            return _Reserved(lane, tries)
    _reserve_of_account(actor, account)
    return _Reserved()


def _give_back(account: Account, reserved: _Reserved) -> None:
    if reserved.lane:
        with suppress(RedisError):
            give_back_lane(account, reserved.lane)
    else:
        Account.objects.filter(pk=account.pk).update(failed_logins=F("failed_logins") - 1)


def _reserve_of_account(actor: Actor, account: Account) -> None:
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
    raise _shut(actor, account.subject, account.locked_until or now + LOGIN_LOCK)


def _shut(actor: Actor, subject: Subject, until: datetime) -> Locked:
    """The lock as it is told, which is on the trail."""
    error = Locked(until)
    record_refusal(actor, Action.LOGIN_REFUSED, subject, error.reason)
    return error


def _lock_if_spent(actor: Actor, account: Account, reserved: _Reserved) -> None:
    if reserved.lane:
        if is_spent(reserved.tries):
            _tell_security(account)
            raise _shut(actor, account.subject, clock.now() + LOGIN_LOCK)
        return
    account.refresh_from_db(fields=["failed_logins"])
    if account.failed_logins < LOGIN_FAILURES_BEFORE_LOCK:
        return
    now = clock.now()
    if not _lock(account, now):
        return
    _tell_security(account)
    raise _shut(actor, account.subject, now + LOGIN_LOCK)


def _tell_security(account: Account) -> None:
    tell(
        action=Action.LOGIN_REFUSED,
        role=Role.SECURITY_ADMINISTRATOR,
        title=f"账号 {account.username} 已锁",
        body=f"连续 {LOGIN_FAILURES_BEFORE_LOCK} 次登录失败，锁 15 分钟。请问本人是不是他在试。",
        link=reverse("parties:accounts"),
    )


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


def _count_stranger(actor: Actor, username: str) -> bool:
    """Locks a name that nobody has, so that a lock does not say whose name exists.

    Tells whether this try was the last one. Raises Locked where it was locked already.
    """
    key = f"stranger:{vault.blind(username)}"
    now = clock.now()
    try:
        tries, shut = cache.get(key) or (0, None)
    except RedisError as trouble:
        # Nobody is let in by this count: without it the name is refused as any other.
        log.warning("strangers_not_counted", error=type(trouble).__name__)
        return False
    until = datetime.fromisoformat(shut) if shut else None
    if until is not None and until <= now:
        tries, until = 0, None
    if until is not None:
        raise _shut(actor, Subject("account", "unknown"), until)
    tries += 1
    if tries >= LOGIN_FAILURES_BEFORE_LOCK:
        until = now + LOGIN_LOCK
    with suppress(RedisError):
        shut = until.isoformat() if until else None
        cache.set(key, (tries, shut), timeout=int(LOGIN_LOCK.total_seconds()))
    return until is not None
