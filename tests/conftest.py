"""What every test may ask for: the database, a fixed Wednesday, another role's eyes."""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import coverage
import hypothesis
import psycopg2
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from tests.cast import Cast
from tests.template_database import template_database
from zezhou_portal.kernel import vault
from zezhou_portal.management.commands.grant_roles import APPEND_ONLY, ORIGINS, ROLES, TRAIL

# A Wednesday without a holiday near it, ten in the morning.
WEDNESDAY = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_ROLES_LOCK = 905_25
# The gate gives one answer about one tree; `scripts/prove properties` draws anew.
hypothesis.settings.register_profile("gate", derandomize=True)
if os.environ.get("PORTAL_PROOF") != "whole":
    hypothesis.settings.load_profile("gate")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Every test may use both connections; after the shuffle the long ones come to the front.

    Of two processes the one that is done first takes work over from the other: a long test begun
    last would leave nothing to take.
    """
    _both_connections(items)
    yield
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """What was read to know the tests stays for good: searching it for garbage takes a tenth of a run.

    What they leave is searched for less often than a long-lived server would have it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _both_connections(items: list[pytest.Item]) -> None:
    """Refusals go to the second connection."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is None:
            names = getattr(item, "fixturenames", ())
            if "transactional_db" in names or "live_server" in names:
                item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"))
            elif "db" in names:
                item.add_marker(pytest.mark.django_db(databases="__all__"))
        elif "databases" not in mark.kwargs:
            widened = pytest.mark.django_db(*mark.args, **{**mark.kwargs, "databases": "__all__"})
            item.add_marker(widened, append=False)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of a split run has ten seconds to end in: what it measured is written before."""
    measuring = coverage.Coverage.current()
    if measuring is not None and hasattr(session.config, "workerinput"):
        measuring.stop()
        measuring.save()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Each process copies the one migrated database instead of running the migrations."""
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    connection.settings_dict["TEST"]["TEMPLATE"] = template_database(owner)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Roles and grants as in production; the trail made empty-able and given its month."""
    _prepare(django_db_blocker)
    yield
    with django_db_blocker.unblock():
        connections.close_all()  # the second connection would keep the database from going


def _prepare(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        with _alone_at_the_server():
            call_command("grant_roles", verbosity=0)
            for role in ROLES:
                cursor.execute(f"GRANT {role} TO CURRENT_USER")  # so that as_role may ask as each
        cursor.execute("SELECT audit_trail_make_partition(%s)", [WEDNESDAY.date()])
        # Per instance: only this thread's connection empties tables.
        connection.ops.sql_flush = _emptying


@contextmanager
def _alone_at_the_server() -> Iterator[None]:
    """Roles are the server's, not a database's: two that grant one at once disturb each other.

    So is this lock only where everybody takes it in the same database.
    """
    line = psycopg2.connect(**{**_address(), "dbname": "postgres"})
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ROLES_LOCK])
            yield
    finally:
        line.close()  # gives the lock back


def _address() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    wanted = ("dbname", "host", "port", "user", "password")
    return {key: parameters[key] for key in wanted if key in parameters}


def _emptying(_style: Any, tables: Iterable[str], **_how: Any) -> list[str]:
    """What empties the database after a test without an outer transaction: rows where there are any.

    Django would truncate every table, which takes longer than most such tests.
    """
    with connection.cursor() as cursor:
        _disarm(cursor)
        asked = [f"SELECT '{name}' WHERE EXISTS (TABLE {name})" for name in sorted(tables)]
        cursor.execute(" UNION ALL ".join(asked))
        full = {name for (name,) in cursor.fetchall()}
        # The trail is not managed by Django.
        cursor.execute(f"SELECT DISTINCT tableoid::regclass::text FROM {TRAIL}")  # noqa: S608
        once = [*(name for (name,) in cursor.fetchall()), *sorted(full & {*APPEND_ONLY, ORIGINS})]
    truncated = [f"TRUNCATE {', '.join(once)} CASCADE"] if once else []
    rest = sorted(full - {*APPEND_ONLY, ORIGINS})
    return truncated + [f"DELETE FROM {name}" for name in rest]  # noqa: S608


def _disarm(cursor: Any) -> None:
    """Drop the triggers that refuse TRUNCATE, also those of partitions a test has made.

    That the trail refuses it is proved where the trail is tested, on a table with its triggers on.
    """
    cursor.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_truncate'"
    )
    for (table,) in cursor.fetchall():
        cursor.execute(f"DROP TRIGGER refuse_truncate ON {table}")


@pytest.fixture(scope="session", autouse=True)
def _scratch() -> Iterator[None]:
    """The run's own keys and files, gone with it."""
    vault.make_keys(Path(settings.PORTAL_KEYS) / "data")
    yield
    shutil.rmtree(Path(settings.PORTAL_KEYS).parent, ignore_errors=True)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two issuing departments, the bureau and their people."""
    return Cast()


@pytest.fixture
def wednesday() -> Iterator[time_machine.Traveller]:
    """The clock stands at a Wednesday, 10:00 in Beijing; `.shift()` and `.move_to()` move it."""
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_role(transactional_db: None) -> Callable[[str], AbstractContextManager[Any]]:
    """`with as_role("portal_app") as cursor:` asks the test database as one of its roles."""

    @contextmanager
    def ask(role: str) -> Iterator[Any]:
        line = psycopg2.connect(**_address())
        line.autocommit = True
        try:
            with line.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, false)", [role])
                yield cursor
        finally:
            line.close()

    return ask
