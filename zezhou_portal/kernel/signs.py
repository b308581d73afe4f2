"""Signs of life: who was last heard of when, by a clock that everybody shares.

A sign stands in Redis and forgets itself; how old it is Redis itself says, so that no process's
clock comes into it.
"""

from collections.abc import Sequence

import redis
from django.conf import settings

# Everybody who has to be there, and after how many seconds of silence somebody should look.
BEAT = "beat"
SILENT_AFTER = 120.0
_KEPT = 86_400


def worker(queue: str) -> str:
    """The name of whoever works off a queue."""
    return f"worker.{queue}"


def give(*names: str) -> None:
    """Leaves a sign for each name. Raises redis.RedisError."""
    with _line() as line:
        for name in names:
            line.set(_key(name), "1", ex=_KEPT)


def ages(names: Sequence[str]) -> dict[str, float | None]:
    """How many seconds ago each was last heard of; None where never, or a day ago."""
    with _line() as line:
        left = {name: line.pttl(_key(name)) for name in names}
    return {name: _KEPT - one / 1000 if one and one > 0 else None for name, one in left.items()}


def is_silent(age: float | None) -> bool:
    """Whether somebody should look after whoever was last heard of so long ago."""
    return age is None or age > SILENT_AFTER


def _line() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMES)


def _key(name: str) -> str:
    return f"{settings.PORTAL_COUNTERS}:sign:{name}"
