"""The Celery app, its queues and the timetable: every timer of the portal in one table.

What is to be done stands in rows; a message only rings the task that looks for them. So
messages carry no arguments worth keeping, may be lost, and may come twice.
"""

import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.schedules import crontab
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    worker_init,
    worker_ready,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zezhou_portal.settings.development")

PRODUCE, EXCHANGE, CLOCKS = "produce", "exchange", "clocks"
QUEUES = (PRODUCE, EXCHANGE, CLOCKS)

_SIGN_EVERY = 20.0  # seconds

SOFT_LIMIT = timedelta(minutes=9)
HARD_LIMIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Timer:
    """One line of the timetable: which task, in which queue, how often (or when each day)."""

    task: str
    queue: str
    every: timedelta | None = None
    daily_at: tuple[int, int] | None = None  # hour, minute in Beijing
    # Until which hour it is rung again every hour: what was cut short goes on by itself.
    again_until: int | None = None

    @property
    def schedule(self) -> timedelta | crontab:
        """The line as Celery beat reads it."""
        if self.daily_at is not None:
            hour, minute = self.daily_at
            hours: int | str = hour
            if self.again_until is not None:
                hours = f"{hour}-{self.again_until}"
            return crontab(hour=hours, minute=minute)
        if self.every is None:
            raise ValueError(f"{self.task} has no time on the timetable")
        return self.every

    @property
    def expires(self) -> float:
        """Seconds after which a ring that nobody heard is stale: the next one comes anyway."""
        return self.every.total_seconds() if self.every else timedelta(hours=12).total_seconds()


TIMETABLE = (
    Timer("licences.produce_waiting", PRODUCE, every=timedelta(seconds=10)),
    Timer("licences.convert_batches", PRODUCE, every=timedelta(seconds=10)),
    Timer("exchange.dispatch", EXCHANGE, every=timedelta(seconds=15)),
    Timer("exchange.ask_unanswered", EXCHANGE, every=timedelta(seconds=60)),
    Timer("deadlines.sweep", CLOCKS, every=timedelta(seconds=60)),
    Timer("deadlines.recompute", CLOCKS, every=timedelta(minutes=10)),
    Timer("licences.expire", CLOCKS, daily_at=(0, 5), again_until=23),
    # In the morning, when people read what they are told (ours).
    Timer("usage.remind", CLOCKS, daily_at=(9, 0), again_until=18),
    Timer("parties.send_texts", EXCHANGE, every=timedelta(seconds=60)),
    Timer("licences.erase_old_sheets", CLOCKS, daily_at=(2, 30)),
    Timer("parties.watch", CLOCKS, every=timedelta(seconds=60)),
    Timer("usage.lapse", CLOCKS, every=timedelta(seconds=60)),
    Timer("usage.erase_codes", CLOCKS, daily_at=(2, 45)),
    Timer("parties.lapse_mandates", CLOCKS, daily_at=(0, 15)),
    Timer("usage.end_groundless_mandates", CLOCKS, every=timedelta(hours=1)),
    Timer("trail.clear_origins", CLOCKS, daily_at=(3, 15)),
    Timer("trail.make_partitions", CLOCKS, daily_at=(1, 15)),
    Timer("trail.sum_refusals", CLOCKS, every=timedelta(seconds=60)),
    Timer("portal.erase_old_uploads", CLOCKS, every=timedelta(hours=1)),
    Timer("portal.clear_sessions", CLOCKS, daily_at=(3, 15)),
)


def broker_address(address: str) -> str:
    """REDIS_URL as the broker's driver writes it: a socket has a scheme of its own there."""
    parts = urlsplit(address)
    if parts.scheme != "unix":
        return address
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


# A worker waits for work with an open question, so that its time-out is longer than a page's.
_WORKERS_TIMES = {"socket_connect_timeout": 3, "socket_timeout": 10}


def _configuration() -> dict[str, Any]:
    """Read when the app is first used: settings need this package, so not at import."""
    from django.conf import settings

    return {
        "broker_url": broker_address(settings.REDIS_URL),
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            # A message taken by a worker that died rings again; never while one still works.
            "visibility_timeout": HARD_LIMIT.total_seconds() + 120,
            **(_WORKERS_TIMES if "worker" in sys.argv else settings.REDIS_TIMES),
            # Whoever rings does not wait for a broker that is away: without this a verb would
            # try for ever. Worker and beat have a patience of their own (broker_connection_*).
            "max_retries": 0,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
        "timezone": settings.TIME_ZONE,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "result_backend": None,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_max_memory_per_child": 700_000,  # kB: fonts and faces leave their mark
        "worker_hijack_root_logger": False,
        "task_soft_time_limit": SOFT_LIMIT.total_seconds(),
        "task_time_limit": HARD_LIMIT.total_seconds(),
        "task_default_queue": CLOCKS,
        "task_create_missing_queues": True,
        "task_routes": {timer.task: {"queue": timer.queue} for timer in TIMETABLE},
        "beat_schedule": {
            timer.task: {
                "task": timer.task,
                "schedule": timer.schedule,
                "options": {"queue": timer.queue, "expires": timer.expires},
            }
            for timer in TIMETABLE
        },
    }


app = Celery("zezhou_portal")
app.add_defaults(_configuration)
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _stop_if_unsafe(**_: Any) -> None:
    """As the web server: what is missing stops the start. Celery lets only SystemExit through."""
    from django.core.management.base import SystemCheckError

    from zezhou_portal.checks import stop_if_unsafe

    try:
        stop_if_unsafe()
    except SystemCheckError as error:
        raise SystemExit(str(error)) from error


@worker_ready.connect
def _ring_everything(**_: Any) -> None:
    """A worker that was started, or started again, looks at once for what waits."""
    for timer in TIMETABLE:
        if timer.every is not None:
            app.send_task(timer.task, queue=timer.queue, expires=timer.expires)


@worker_ready.connect
def _show_life(sender: Any = None, **_: Any) -> None:
    """A worker says every 20 seconds that it is there, for each queue that it works off."""
    from zezhou_portal.kernel import signs

    names = [signs.worker(queue) for queue in app.amqp.queues.consume_from]
    _give_signs(*names)
    sender.timer.call_repeatedly(_SIGN_EVERY, _give_signs, names)


@beat_init.connect
def _beat_begins(**_: Any) -> None:
    before_task_publish.connect(_beat_rings, weak=False, dispatch_uid="portal.beat_rings")


_last_ring = {"at": float("-inf")}


def _beat_rings(**_: Any) -> None:
    """Beat is alive while it rings: no thread beside it says so in its place."""
    from zezhou_portal.kernel import signs

    if time.monotonic() - _last_ring["at"] >= _SIGN_EVERY:
        _last_ring["at"] = time.monotonic()
        _give_signs(signs.BEAT)


def _give_signs(*names: str) -> None:
    import redis

    from zezhou_portal.kernel import signs

    with suppress(redis.RedisError):  # whoever looks for the sign will miss it
        signs.give(*names)


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Worker and beat log as the web server does; a receiver here keeps Celery's own away."""
    from django.conf import settings

    from zezhou_portal import logs

    logs.configure(settings.LOGGING)
