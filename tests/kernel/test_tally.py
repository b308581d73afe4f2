"""Counters: up, down, gone after their time."""

import uuid
from typing import Any

import pytest
import redis

from zezhou_portal.kernel import tally


@pytest.fixture(autouse=True)
def _own_names(settings: Any) -> None:
    settings.PORTAL_COUNTERS = f"test-{uuid.uuid4().hex}"


def test_counter_when_counted_then_stands_until_its_time_is_over(settings: Any) -> None:
    assert tally.present("a") == 0
    assert [tally.add("a", 1, 100), tally.add("a", 3, 500)] == [1, 4]
    tally.take_back("a", 2)
    assert (tally.present("a"), tally.present("b")) == (2, 0)
    # the first count sets the end: later ones never lengthen the wait
    left = redis.Redis.from_url(settings.REDIS_URL).ttl(f"{settings.PORTAL_COUNTERS}:a")
    assert 90 <= left <= 100  # type: ignore[operator]


def test_counter_when_two_portals_share_a_redis_then_each_has_its_own(settings: Any) -> None:
    tally.add("a", 1, 100)
    settings.PORTAL_COUNTERS += "-other"
    assert tally.present("a") == 0


def test_counter_when_nobody_answers_then_said(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(redis.RedisError):
        tally.add("a", 1, 100)
