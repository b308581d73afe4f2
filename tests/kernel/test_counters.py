"""Counters: up, down, gone after their time."""

import os
import socket
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from zezhou_portal.kernel import counters


@pytest.fixture(autouse=True)
def _own_names(settings: Any) -> None:
    settings.PORTAL_COUNTERS = f"test-{uuid.uuid4().hex}"


def test_counter_when_counted_then_stands_until_its_time_is_over(settings: Any) -> None:
    assert counters.present("a") == 0
    assert [counters.add("a", 1, 100), counters.add("a", 3, 500)] == [1, 4]
    counters.take_back("a", 2)
    assert (counters.present("a"), counters.present("b")) == (2, 0)
    # the first count sets the end: later ones never lengthen the wait
    left = redis.Redis.from_url(settings.REDIS_URL).ttl(f"{settings.PORTAL_COUNTERS}:a")
    assert 90 <= left <= 100  # type: ignore[operator]


def test_counter_when_two_portals_share_a_redis_then_each_has_its_own(settings: Any) -> None:
    counters.add("a", 1, 100)
    settings.PORTAL_COUNTERS += "-other"
    assert counters.present("a") == 0


def test_counter_when_nobody_answers_then_said(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(redis.RedisError):
        counters.add("a", 1, 100)


def test_counter_when_its_connection_was_cut_then_counts_on_a_new_one(settings: Any) -> None:
    assert counters.add("a", 1, 100) == 1
    counters._line()._sock.shutdown(socket.SHUT_RDWR)
    assert counters.add("a", 1, 100) == 2


def test_counter_when_redis_has_forgotten_the_script_then_counts(settings: Any) -> None:
    redis.Redis.from_url(settings.REDIS_URL).script_flush()
    assert [counters.add("a", 1, 100), counters.add("a", 1, 100)] == [1, 2]


def test_counter_when_the_process_splits_then_each_speaks_on_a_line_of_its_own() -> None:
    counters.add("a", 1, 100)
    child = os.fork()
    if child == 0:
        os._exit(0 if counters.add("a", 1, 100) == 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert counters.add("a", 1, 100) == 3


def test_counter_when_counted_in_many_threads_then_none_is_lost() -> None:
    with ThreadPoolExecutor(4) as hands:
        got = list(hands.map(lambda _: counters.add("a", 1, 100), range(40)))
    assert sorted(got) == list(range(1, 41))
