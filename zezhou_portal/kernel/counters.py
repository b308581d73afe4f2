"""Counters that forget themselves: how often something was done within a stretch of time.

They stand in Redis, one trip a count. Whatever Redis says of its own trouble goes on to the
caller as `redis.RedisError`: whether uncounted things may happen is for the caller to say.
"""

import hashlib
import os
from threading import local
from typing import Any

import redis
from django.conf import settings


def add(name: str, count: int, seconds: int) -> int:
    """The counter with `count` more; it is gone `seconds` after its first count."""
    asked = 1, _key(name), count, seconds
    try:
        total: int = _told("EVALSHA", _ADD_NAME, *asked)
    except redis.exceptions.NoScriptError:  # a Redis that has just begun
        total = _told("EVAL", _ADD, *asked)
    return total


def take_back(name: str, count: int) -> None:
    """Counts `count` less."""
    _told("DECRBY", _key(name), count)


def present(name: str) -> int:
    """What the counter stands at; 0 where nothing was counted."""
    return int(_told("GET", _key(name)) or 0)


def _key(name: str) -> str:
    return f"{settings.PORTAL_COUNTERS}:{name}"


# Both steps or none: a counter without an end would lie there for ever.
_ADD = """
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2], 'NX')
return total
"""
_ADD_NAME = hashlib.sha1(_ADD.encode(), usedforsecurity=False).hexdigest()


def _told(*words: str | int) -> Any:
    """What Redis answers to a command.

    A connection that has died since it was last used is made anew, once: a count that was taken
    and not answered is counted twice then, never too seldom.
    """
    line = _line()
    try:
        return _asked(line, words)
    except (redis.ConnectionError, redis.TimeoutError):
        line.disconnect()
        return _asked(line, words)


def _asked(line: Any, words: tuple[str | int, ...]) -> Any:
    line.send_command(*words)
    return line.read_response()


_held = local()


def _line() -> Any:
    """This thread's own connection, so that none is fetched from a pool and looked over each time.

    A process that was split off never speaks on its parent's.
    """
    owner = settings.REDIS_URL, os.getpid()
    if getattr(_held, "owner", None) != owner:
        pool = redis.ConnectionPool.from_url(settings.REDIS_URL)
        _held.line, _held.owner = pool.make_connection(), owner
    return _held.line
