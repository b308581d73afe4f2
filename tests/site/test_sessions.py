"""A session that is used is prolonged, and written down once a minute at most (GB/T 22239)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast


def _writes(client: Client, path: str = "/inbox/") -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return sum(
        "django_session" in one["sql"] and not one["sql"].startswith("SELECT")
        for one in queries.captured_queries
    )


@pytest.mark.article("M.25")
def test_session_when_pages_follow_each_other_then_written_once_a_minute(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    client = cast.client("market.clerk")
    client.get("/inbox/")
    assert [_writes(client) for _ in range(3)] == [0, 0, 0]
    before = Session.objects.get(pk=client.session.session_key).expire_date
    wednesday.shift(timedelta(seconds=60))
    assert _writes(client) > 0
    assert _writes(client) == 0
    after = Session.objects.get(pk=client.session.session_key).expire_date
    assert after - before == timedelta(seconds=60)


@pytest.mark.article("M.25")
def test_session_when_used_then_lives_on_and_when_idle_then_over(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    client = cast.client("market.clerk")
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for _ in range(4):
        wednesday.shift(idle - timedelta(minutes=1, seconds=1))
        assert client.get("/inbox/").status_code == 200
    wednesday.shift(idle)
    assert client.get("/inbox/").status_code == 302


def test_session_when_nobody_has_one_then_none_is_made(client: Client, db: None) -> None:
    assert _writes(client, "/") == 0
    assert settings.SESSION_COOKIE_NAME not in client.cookies
