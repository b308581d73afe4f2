"""Counters that forget themselves: how often something was done within a stretch of time.

They stand in Redis, one trip a count. Whatever Redis says of its own trouble goes on to the
caller as `redis.RedisError`: whether uncounted things may happen is for the caller to say.
"""

from functools import lru_cache

import redis
from django.conf import settings


def add(name: str, count: int, seconds: int) -> int:
    """The counter with `count` more; it is gone `seconds` after its first count."""
    key = _key(name)
    with _line(settings.REDIS_URL).pipeline() as pipe:
        pipe.incrby(key, count)
        pipe.expire(key, seconds, nx=True)
        total: int = pipe.execute()[0]
    return total


def take_back(name: str, count: int) -> None:
    """Counts `count` less."""
    _line(settings.REDIS_URL).decrby(_key(name), count)


def present(name: str) -> int:
    """What the counter stands at; 0 where nothing was counted."""
    return int(_line(settings.REDIS_URL).get(_key(name)) or 0)


def _key(name: str) -> str:
    return f"{settings.PORTAL_COUNTERS}:{name}"


@lru_cache(maxsize=2)
def _line(address: str) -> redis.Redis:
    """The connections of this process: made once, used by all its threads."""
    return redis.Redis.from_url(address)
