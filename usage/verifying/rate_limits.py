"""How often one address may look: said as a sentence with the time, and counted.

The address itself is never stored: the counter's name is a keyed digest of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
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
NUMBERS = Limit("number", 20, timedelta(minutes=10), "次短码")
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

    def __init__(self, limit: Limit, until: datetime) -> None:
        self.until = until
        minutes = int(limit.window.total_seconds()) // 60
        again = until.astimezone(clock.BEIJING)
        super().__init__(
            "M.26",
            f"{minutes} 分钟里最多查 {limit.most} {limit.unit}，已经查满了。"
            f"请在 {again:%H:%M} 以后再查。",
        )


class CannotCount(TooOften):
    """Nobody can be counted now: what cannot be limited is not answered (fails closed)."""

    status = 503

    def __init__(self) -> None:
        RuleBroken.__init__(self, "M.26", "系统正忙，现在不能查。请 1 分钟以后再试。")


@contextmanager
def _counter() -> Iterator[None]:
    """Turns the counters' own trouble into the sentence of the page."""
    try:
        yield
    except RedisError as error:
        log.warning("limits_not_counted", error=type(error).__name__)
        raise CannotCount from error


def spend(limit: Limit, who: str, count: int = 1) -> None:
    """Counts `count` looks of `who`. Raises TooOften before the limit would be passed.

    What is refused is not counted, so that a refusal never lengthens the wait.
    """
    key, until = _place(limit, who)
    with _counter():
        if counters.add(key, count, int(limit.window.total_seconds())) > limit.most:
            counters.take_back(key, count)
            raise TooOften(limit, until)


def refuse_if_spent(limit: Limit, who: str) -> None:
    """Raises TooOften if nothing is left: asked before an upload is even read."""
    key, until = _place(limit, who)
    with _counter():
        if counters.present(key) >= limit.most:
            raise TooOften(limit, until)


def _place(limit: Limit, who: str) -> tuple[str, datetime]:
    """The counter's name and when its window ends."""
    seconds = int(limit.window.total_seconds())
    window = int(clock.now().timestamp()) // seconds
    until = datetime.fromtimestamp((window + 1) * seconds, tz=UTC)
    return f"looks:{limit.name}:{window}:{vault.blind(who)}", until
