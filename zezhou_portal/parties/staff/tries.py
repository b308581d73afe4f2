"""From where a log-in is tried, and the counts that are not the account's own (M.25).

Five failures from anywhere lock an account for anywhere: so anybody could keep anybody out. A
browser in which the person has logged in before therefore has a count of its own, and accounts
that unlock others are counted by network, never locked for all. All networks are counted too.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core import signing
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from zezhou_portal.kernel import clock, counters, vault
from zezhou_portal.kernel.network import address_of, network_of
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.postings import live_postings_on
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import LOGIN_FAILURES_BEFORE_LOCK, LOGIN_LOCK

log = structlog.get_logger(__name__)

COOKIE = "known_device"
_SALT = "parties.staff.known-device"
# How long a browser stays known, and of how many people (ours): a window's machine is shared.
KNOWN_FOR, MOST_PEOPLE = timedelta(days=180), 12
# Failures of one network: a whole office may be one (ours).
NETWORK_FAILURES, NETWORK_WINDOW = 30, timedelta(minutes=10)
TOO_MANY = "从您这里连续登录失败的次数太多，10 分钟以后再试；急用请找安全管理员。"


class TooMany(RuleBroken):
    """A network's failures are used up: nothing is judged, whoever knocks."""

    def __init__(self) -> None:
        super().__init__("M.25", TOO_MANY)


@dataclass(frozen=True)
class Origin:
    """From where somebody tries: the network, and whose known device the browser is."""

    network: str = ""
    devices: frozenset[str] = frozenset()

    def lane(self, account: Account) -> str:
        """The count that a try of an account has of its own; empty where it is the account's."""
        if str(account.uuid) in self.devices:
            return _of_devices(account)
        is_unlocker = live_postings_on(clock.today()).filter(
            account=account, role=Role.SECURITY_ADMINISTRATOR.value
        )
        return f"network:{self.network}" if is_unlocker.exists() else ""


def origin_of(request: HttpRequest) -> Origin:
    """From where a request comes."""
    return Origin(network_of(address_of(request)), frozenset(_known(request)))


def remember(request: HttpRequest, answer: HttpResponse, account: Account) -> None:
    """Makes the browser a known device of somebody who has given both factors in it."""
    people = [one for one in _known(request) if one != str(account.uuid)]
    told = [*people, str(account.uuid)][-MOST_PEOPLE:]
    answer.set_cookie(
        COOKIE,
        signing.dumps(told, salt=_SALT),
        max_age=KNOWN_FOR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> list[str]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return []
    return [str(one) for one in told] if isinstance(told, list) else []


def spend_network(origin: Origin) -> None:
    """Counts a try of a network. Raises TooMany; one that was right is given back."""
    if not origin.network:
        return
    try:
        seconds = int(NETWORK_WINDOW.total_seconds())
        if counters.add(_network(origin), 1, seconds) > NETWORK_FAILURES:
            raise TooMany
    except RedisError as error:
        # The account's own count stands in the database.
        log.warning("networks_not_counted", error=type(error).__name__)


def give_back_network(origin: Origin) -> None:
    """Takes a try that was right out of its network's count."""
    if not origin.network:
        return
    try:
        counters.take_back(_network(origin), 1)
    except RedisError as error:
        log.warning("networks_not_counted", error=type(error).__name__)


def spend_lane(account: Account, lane: str) -> tuple[int, datetime]:
    """Counts a try of a lane; gives how many there were, and until when they count.

    Raises RedisError where nobody can count.
    """
    tries = counters.add(_lane(account, lane), 1, int(LOGIN_LOCK.total_seconds()))
    return tries, clock.now() + LOGIN_LOCK


def give_back_lane(account: Account, lane: str, count: int = 1) -> None:
    """Takes tries that were right out of a lane's count."""
    counters.take_back(_lane(account, lane), count)


def clear_lane(account: Account, lane: str) -> None:
    """Forgets what a lane counted: both factors were right."""
    give_back_lane(account, lane, counters.present(_lane(account, lane)))


def is_device_shut(account: Account) -> bool:
    """Whether the tries of the account's known devices are used up."""
    try:
        return is_spent(counters.present(_lane(account, _of_devices(account))))
    except RedisError:
        return False


def open_devices(account: Account) -> None:
    """Forgets what known devices failed: somebody has looked into it."""
    with suppress(RedisError):
        clear_lane(account, _of_devices(account))


def is_spent(tries: int) -> bool:
    """Whether a try was the last one that is judged."""
    return tries >= LOGIN_FAILURES_BEFORE_LOCK


def _of_devices(account: Account) -> str:
    return f"device:{account.uuid}"


def _network(origin: Origin) -> str:
    return f"log-in:network:{vault.blind(origin.network)}"


def _lane(account: Account, lane: str) -> str:
    return f"log-in:{account.uuid}:{vault.blind(lane)}"
