"""A database that is away, a full disk, a question that takes too long: said, never a blank 500."""

import time

import psycopg2
import pytest
import redis
from celery import current_app
from django.conf import settings as portal
from django.db import InterfaceError, OperationalError, connections
from django.test import Client, RequestFactory

from zezhou_portal.kernel import counters, wake
from zezhou_portal.settings import env
from zezhou_portal.site import outages
from zezhou_portal.site.outages import AWAY, FULL, SLOW, answer_of, outage_of


class Told(psycopg2.OperationalError):
    """What the driver raises, with PostgreSQL's own code."""

    def __init__(self, code: str | None) -> None:
        super().__init__("refused")
        self.code = code

    @property
    def pgcode(self) -> str | None:
        return self.code


def caused(code: str | None) -> OperationalError:
    error = OperationalError("refused")
    error.__cause__ = Told(code)
    return error


@pytest.mark.parametrize(("error", "expected"), [
    (caused(None), AWAY), (caused("57P01"), AWAY), (caused("53300"), AWAY), (caused("08006"), AWAY),
    (caused("53100"), FULL), (caused("57014"), SLOW), (caused("40P01"), None),
    (InterfaceError("connection already closed"), AWAY), (ValueError(), None), (None, None),
])  # fmt: skip
def test_outage_when_an_error_is_read_then_told_from_our_own(error, expected) -> None:
    assert outage_of(error) is expected


@pytest.mark.parametrize("outage", [AWAY, FULL, SLOW])
def test_page_of_an_outage_is_drawn_without_a_question(
    outage, django_assert_num_queries, db
) -> None:
    with django_assert_num_queries(0):
        page = answer_of(RequestFactory().get("/desk/"), outage)
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert f"<h1>{outage.title}</h1>" in page.content.decode()
    told = answer_of(RequestFactory().get("/api/v1/x/"), outage)
    assert outage.title in told.content.decode()
    assert told["Content-Type"] == "application/problem+json"


def test_a_page_without_a_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise caused(None)

    monkeypatch.setattr(type(connections["default"]), "cursor", away)
    client = Client(raise_request_exception=False)
    for address in ("/catalogue/", "/log-in/", "/"):
        page = client.get(address)
        if page.status_code != 200:  # the first page asks nothing
            assert page.status_code == 503, address
            assert AWAY.title in page.content.decode()
    assert client.get("/catalogue/").status_code == 503


def test_the_failure_of_the_portal_itself_is_no_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "outage_of", lambda _error: None)
    assert outages.failed(RequestFactory().get("/")).status_code == 500


def test_a_statement_has_an_end_where_the_process_says_so() -> None:
    told = env.within(env.database("postgresql://u@h/n?options=-c%20a%3Db"), 30)
    assert told["OPTIONS"] == {
        "options": "-c a=b -c statement_timeout=30s", "connect_timeout": "5",
    }  # fmt: skip
    assert env.within(env.database("postgresql://u@h/n"), 0)["OPTIONS"] == {"connect_timeout": "5"}


def test_a_redis_that_hangs_costs_a_page_a_second(silent: str, settings, monkeypatch) -> None:
    settings.REDIS_URL = silent
    begun = time.monotonic()
    with pytest.raises(redis.TimeoutError):
        counters.present("x")
    assert time.monotonic() - begun < 3.5
    assert portal.REDIS_TIMES.items() <= portal.CACHES["default"]["OPTIONS"].items()
    assert current_app.conf.broker_transport_options["socket_timeout"] <= 3


def test_a_broker_that_is_silent_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def silent(task: str, **_: object) -> None:
        asked.append(task)
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", silent)
    monkeypatch.setattr(wake._silent, "until", 0.0, raising=False)
    for _ in range(3):
        wake._ring("a.task")
    assert asked == ["a.task"]


@pytest.fixture
def silent():
    """The address of a server that takes connections and never says a word."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
