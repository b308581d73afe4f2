"""Counters that forget themselves: how often something was done within a stretch of time.

They stand in Redis, one trip a count. Whatever Redis says of its own trouble goes on to the
caller as `redis.RedisError`: whether uncounted things may happen is for the caller to say.
"""

from functools import lru_cache
from typing import Any

import redis
from django.conf import settings


def add(name: str, count: int, seconds: int) -> int:
    """The counter with `count` more; it is gone `seconds` after its first count."""
    total: int = _adding(settings.REDIS_URL)([_key(name)], [count, seconds])
    return total


def take_back(name: str, count: int) -> None:
    """Counts `count` less."""
    _line(settings.REDIS_URL).decrby(_key(name), count)


def present(name: str) -> int:
    """What the counter stands at; 0 where nothing was counted."""
    return int(_line(settings.REDIS_URL).get(_key(name)) or 0)


def _key(name: str) -> str:
    return f"{settings.PORTAL_COUNTERS}:{name}"


# Both steps or none: a counter without an end would lie there for ever.
_ADD = """
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
return total
"""


@lru_cache(maxsize=2)
def _adding(address: str) -> Any:
    return _line(address).register_script(_ADD)


@lru_cache(maxsize=2)
def _line(address: str) -> redis.Redis:
    """The connections of this process: made once, used by all its threads."""
    return redis.Redis.from_url(address)
