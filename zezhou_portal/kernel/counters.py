"""Counters that forget themselves: how often something was done within a stretch of time.

They stand in Redis, one trip a count. Whatever Redis says of its own trouble goes on to the
caller as `redis.RedisError`: whether uncounted things may happen is for the caller to say.
"""

import hashlib
import os
import secrets
from threading import local
from typing import Any

import redis
from django.conf import settings


def add(name: str, count: int, seconds: int) -> int:
    """The counter with `count` more; it is gone `seconds` after its first count."""
    total: int = _scripted(_ADD, _ADD_NAME, name, count, seconds)
    return total


def add_under(name: str, field: str, count: int, seconds: int) -> int:
    """One of several counters under a name, with `count` more; all end with the first of them."""
    total: int = _scripted(_ADD_UNDER, _ADD_UNDER_NAME, name, field, count, seconds)
    return total


def take_all(name: str) -> dict[str, int]:
    """The counters under a name, which are gone by this."""
    told: list[Any] = _scripted(_TAKE_ALL, _TAKE_ALL_NAME, name)
    words = [one.decode() if isinstance(one, bytes) else str(one) for one in told]
    return {field: int(count) for field, count in zip(words[::2], words[1::2], strict=True)}


def add_sliding(
    name: str, count: int, most: int, seconds: int, moment: float, *, token: str = ""
) -> float:
    """Counts `count` at a moment unless more than `most` would lie within the seconds before it.

    0 where it was counted; else the moment from which there is room again. `token` names the
    count, so that it can be taken back.
    """
    named = token or secrets.token_hex(8)
    told = _scripted(_SLIDE, _SLIDE_NAME, name, count, most, seconds, f"{moment:.6f}", named)
    return float(told)


def take_back_sliding(name: str, token: str) -> None:
    """Takes the one count of a token back."""
    _told("ZREM", _key(name), f"{token}:1")


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
_ADD_UNDER = """
local total = redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3], 'NX')
return total
"""
_TAKE_ALL = """
local all = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
return all
"""
# A set of what was counted, by its moment: what is older than the window is left out of it.
_SLIDE = """
local count, most, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.6f', now - window))
local held = redis.call('ZCARD', KEYS[1])
if held + count > most then
  if count > most then return string.format('%.6f', now + window) end
  local place = held + count - most - 1
  local last = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')
  return string.format('%.6f', tonumber(last[2]) + window)
end
for number = 1, count do
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[5] .. ':' .. number)
end
redis.call('EXPIRE', KEYS[1], math.ceil(window) + 1)
return '0'
"""


def _digest(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


_ADD_NAME, _ADD_UNDER_NAME = _digest(_ADD), _digest(_ADD_UNDER)
_TAKE_ALL_NAME, _SLIDE_NAME = _digest(_TAKE_ALL), _digest(_SLIDE)


def _scripted(script: str, digest: str, name: str, *values: str | int) -> Any:
    """What a script says of the counter of a name."""
    asked = 1, _key(name), *values
    try:
        return _told("EVALSHA", digest, *asked)
    except redis.exceptions.NoScriptError:  # a Redis that has just begun
        return _told("EVAL", script, *asked)


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
        pool = redis.ConnectionPool.from_url(settings.REDIS_URL, **settings.REDIS_TIMES)
        _held.line, _held.owner = pool.make_connection(), owner
    return _held.line
