"""Where a member of staff is signed in; ended by themselves, and by itself after a day's work.

Level 3 practice (GB/T 22239) asks for an end of idle sessions; that a session also has an absolute
end, and that one sees and ends one's own, is ours (M.25).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Account, StaffSession
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import SESSION_LASTS

_MOST = 200
# What browsers and systems call themselves, the particular before the general.
_BROWSERS = {
    "MicroMessenger": "微信", "QQBrowser": "QQ 浏览器", "360": "360 浏览器", "Edg": "Edge",
    "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "HarmonyOS": "鸿蒙", "Android": "安卓手机", "iPhone": "iPhone", "iPad": "iPad",
    "Windows": "Windows 电脑", "Mac OS": "苹果电脑", "Linux": "Linux 电脑",
}  # fmt: skip


@dataclass(frozen=True)
class SignedIn:
    """A session as its own person sees it."""

    row: StaffSession
    device: str
    is_this: bool


def note_session(account: Account, session_key: str, *, address: str, device: str) -> None:
    """Notes where somebody signed in, and forgets what can open nothing any more.

    Belongs to the log-in. Article: M.25.
    """
    StaffSession.objects.filter(account=account, begun_at__lt=clock.now() - SESSION_LASTS).delete()
    StaffSession.objects.create(
        account=account,
        session_key=session_key,
        address=address[:_MOST],
        device=device[:_MOST],
        begun_at=clock.now(),
    )


def forget_sessions(account: Account) -> None:
    """Forgets every session of an account: a new password ended them. Article: M.25."""
    StaffSession.objects.filter(account=account).delete()


def sessions_of(account: Account, this: str) -> Sequence[SignedIn]:
    """Where somebody is signed in now, this session first; `this` is its key."""
    rows = list(_rows(account))
    keys = [row.session_key for row in rows]
    living = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    alive = set(living.values_list("session_key", flat=True))
    found = [
        SignedIn(row, words_of(row.device), is_this=row.session_key == this)
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda one: not one.is_this)


def end_session(*, actor: Actor, account: Account, key: str) -> None:
    """Ends one of one's own sessions: what it opens, it opens no more. Article: M.25."""
    with acting(actor, Action.SESSION_ENDED, account.subject) as act:
        _check_own(actor, account)
        row = _rows(account).filter(uuid=key).first()
        if row is None:
            raise RuleBroken("M.25", "这一处已经退出，不用再退。")
        _end([row])
        act.note("count", 1)


def end_others(*, actor: Actor, account: Account, this: str) -> int:
    """Ends all of one's own sessions but this one; gives how many. Article: M.25."""
    with acting(actor, Action.SESSION_ENDED, account.subject) as act:
        _check_own(actor, account)
        others = [row for row in _rows(account) if row.session_key != this]
        _end(others)
        act.note("count", len(others))
    return len(others)


def words_of(device: str) -> str:
    """What a browser says of itself, in two words."""
    browser = next((words for part, words in _BROWSERS.items() if part in device), "浏览器")
    system = next((words for part, words in _SYSTEMS.items() if part in device), "")
    return f"{system}，{browser}" if system else browser


def _rows(account: Account) -> "QuerySet[StaffSession]":
    since = clock.now() - SESSION_LASTS
    return account.sessions.filter(begun_at__gte=since).order_by("-begun_at")


def _end(rows: Sequence[StaffSession]) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    StaffSession.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _check_own(actor: Actor, account: Account) -> None:
    if actor.account_id != account.pk:
        raise RuleBroken("M.25", "只能退出自己的。")
