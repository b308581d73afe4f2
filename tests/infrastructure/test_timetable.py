"""Every timer rings a task that is there, in a queue that somebody listens to."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import settings

from scripts.lib import commands
from zezhou_portal.celery import QUEUES, TIMETABLE, Timer, app, broker_address

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("zezhou_portal", "audit", "seals", "licences", "usage", "sample_county")


@pytest.fixture(scope="module")
def registered() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith("celery.")}


def rung_by_name() -> set[str]:
    """The literal names that some module wakes."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", getattr(node.func, "attr", "")) == "wake"
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(str(node.args[0].value))
    return found


def test_every_entry_names_a_registered_task(registered: set[str]) -> None:
    assert {timer.task for timer in TIMETABLE} - registered == set()


def test_every_rung_name_is_a_registered_task(registered: set[str]) -> None:
    assert rung_by_name() - registered == set()


def test_every_task_is_on_the_timetable_or_rung_by_name(registered: set[str]) -> None:
    assert registered - {timer.task for timer in TIMETABLE} - rung_by_name() == set()


def test_the_worker_listens_to_every_queue() -> None:
    assert set(commands.WORKER_QUEUES) == set(QUEUES) == {timer.queue for timer in TIMETABLE}
    command = commands.worker("python")
    assert command[command.index("--queues") + 1] == "produce,exchange,clocks"


def test_a_rung_task_goes_to_the_queue_of_its_timer() -> None:
    router = app.amqp.router
    for timer in TIMETABLE:
        assert router.route({}, timer.task)["queue"].name == timer.queue


def test_messages_are_rung_late_and_stale_ones_are_dropped() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result is True
    limit = app.conf.task_time_limit
    assert app.conf.task_soft_time_limit < limit
    assert limit < app.conf.broker_transport_options["visibility_timeout"]
    expiries = {name: row["options"]["expires"] for name, row in app.conf.beat_schedule.items()}
    assert expiries["exchange.dispatch"] == 15
    assert expiries["licences.expire"] == 12 * 3600


def test_a_day_begins_in_beijing() -> None:
    assert app.conf.timezone == "Asia/Shanghai"
    # the whole day through: what a night's fault cut short goes on by itself
    nightly = app.conf.beat_schedule["licences.expire"]["schedule"]
    assert nightly == crontab(hour="0-23", minute=5)
    assert app.conf.beat_schedule["usage.remind"]["schedule"] == crontab(hour="9-18", minute=0)
    assert app.conf.beat_schedule["trail.make_partitions"]["schedule"] == crontab(hour=1, minute=15)
    assert app.conf.beat_schedule["deadlines.sweep"]["schedule"] == timedelta(seconds=60)


def test_a_timer_without_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time on the timetable"):
        _ = Timer("nothing.to_do", QUEUES[0]).schedule


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("unix:///run/x/redis.sock?db=1", "redis+socket:///run/x/redis.sock?virtual_host=1"),
        ("unix:///run/x/redis.sock", "redis+socket:///run/x/redis.sock?virtual_host=0"),
        ("redis://:pw@redis:6379/2", "redis://:pw@redis:6379/2"),
        ("rediss://redis:6379/0", "rediss://redis:6379/0"),
    ],
)
def test_the_broker_is_the_redis_that_was_given(address: str, expected: str) -> None:
    assert broker_address(address) == expected
