"""How often one address may look: said as a sentence with the time, and counted.

The address itself is never stored: the counter's name is a keyed digest of it.
"""

import math
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from zezhou_portal.kernel import clock, counters, vault
from zezhou_portal.regulation.errors import RuleBroken

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """At most `most` looks of one kind in a window, and how people count them."""

    name: str
    most: int
    window: timedelta
    unit: str


# Eight digits can be guessed where a code cannot: fewer of them (ours).
NUMBERS = Limit("number", settings.PORTAL_SHORT_NUMBERS, timedelta(minutes=10), "次短码")
# What all strangers together may guess wrong: many networks are one guesser (ours).
COUNTY_NUMBERS = Limit(
    "county-number", settings.PORTAL_SHORT_NUMBERS_OF_ALL, timedelta(minutes=10), "次短码"
)
_COUNTY = "county"
FILES = Limit("file", 30, timedelta(minutes=10), "个文件")
CODES = Limit("code", 60, timedelta(minutes=10), "次")
# A verifier at a busy window; more in so short a time is guessing (ours).
CHECKS = Limit("check", 200, timedelta(minutes=10), "次")
# Whom a clerk at a window looks for: sixty people an hour are a queue without a pause (ours).
WINDOW = Limit("window", 60, timedelta(minutes=60), "次")
# Of one person who is signed in, whatever address they come from.
CHILDREN = Limit("child", 5, timedelta(minutes=60), "份出生医学证明")
PEOPLE = Limit("people", 10, timedelta(minutes=60), "个人")


class TooOften(RuleBroken):
    """The limit is used up until `until`; `status` is how the page answers it."""

    status = 429

    @property
    def wait(self) -> int:
        """In how many seconds one may come again."""
        return math.ceil((self.until - clock.now()).total_seconds())

    def __init__(self, limit: Limit, until: datetime) -> None:
        self.until = until
        minutes = int(limit.window.total_seconds()) // 60
        again = _whole_minute(until)
        super().__init__(
            "M.26",
            f"{minutes} 分钟里最多查 {limit.most} {limit.unit}，已经查满了。"
            f"请在 {again:%H:%M} 以后再查。",
        )


class CountyBrake(TooOften):
    """So many wrong short numbers came from everywhere that none is taken of strangers."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        RuleBroken.__init__(
            self,
            "M.26",
            "现在有人在成批试短码，短码先停用。请扫对方亮证页面上的二维码；"
            f"{_whole_minute(until):%H:%M} 以后可以再用短码。",
        )


def _whole_minute(moment: datetime) -> datetime:
    """The minute that people are told, never one that is too early."""
    local = moment.astimezone(clock.BEIJING)
    return local if not (local.second or local.microsecond) else local + timedelta(minutes=1)


class CannotCount(TooOften):
    """Nobody can be counted now: what cannot be limited is not answered (fails closed)."""

    status = 503

    def __init__(self) -> None:
        self.until = clock.now() + timedelta(minutes=1)
        RuleBroken.__init__(self, "M.26", "系统正忙，现在不能查。请 1 分钟以后再试。")


@contextmanager
def _counter() -> Iterator[None]:
    """Turns the counters' own trouble into the sentence of the page."""
    try:
        yield
    except RedisError as error:
        log.warning("limits_not_counted", error=type(error).__name__)
        raise CannotCount from error


def spend(limit: Limit, who: str, count: int = 1, *, token: str = "") -> None:
    """Counts `count` looks of `who`. Raises TooOften before the limit would be passed.

    The window slides: whoever looked often a moment ago does not begin anew with a full hour.
    What is refused is not counted, so that a refusal never lengthens the wait.
    """
    _demand_room(limit, who, count, limit.most, token=token)


def refuse_if_spent(limit: Limit, who: str) -> None:
    """Raises TooOften if nothing is left: asked before an upload is even read."""
    _demand_room(limit, who, 0, limit.most - 1)


@dataclass(frozen=True)
class TriedNumber:
    """A short number that was counted, and what becomes of the count where it led somewhere."""

    who: str
    token: str
    is_official: bool

    def was_right(self) -> None:
        """Takes it out of the county's count, which is of guesses; out of an official's own too."""
        limits = [(NUMBERS, self.who)] if self.is_official else [(COUNTY_NUMBERS, _COUNTY)]
        with suppress(RedisError):
            for limit, who in limits:
                counters.take_back_sliding(_name(limit, who), self.token)


def spend_number(who: str, *, is_official: bool) -> TriedNumber:
    """Counts a short number before it is looked for, whichever way it came.

    Anybody has so many; a verifier so many that lead nowhere, for a window reads right ones all
    day. The brake of the county is for those whom nobody knows. Raises TooOften.
    """
    tried = TriedNumber(who, secrets.token_hex(8), is_official)
    spend(NUMBERS, who, token=tried.token)
    if not is_official:
        try:
            spend(COUNTY_NUMBERS, _COUNTY, token=tried.token)
        except TooOften as refusal:
            raise CountyBrake(refusal.until) from refusal
    return tried


def _demand_room(limit: Limit, who: str, count: int, most: int, *, token: str = "") -> None:
    seconds = int(limit.window.total_seconds())
    now = clock.now().timestamp()
    with _counter():
        room = counters.add_sliding(_name(limit, who), count, most, seconds, now, token=token)
    if room:
        raise TooOften(limit, datetime.fromtimestamp(room, tz=UTC))


def _name(limit: Limit, who: str) -> str:
    return f"looks:{limit.name}:{vault.blind(who)}"
