"""After commit, ring a task by its name; a lost ring costs a minute, not a licence."""

import time
from collections.abc import Callable
from threading import local

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)


def wake(task: str) -> None:
    """Rings `task` once the running transaction has committed.

    The timetable rings the same task before long, so a broker that does not answer is
    noted and otherwise forgotten.
    """
    transaction.on_commit(lambda: _ring(task))


def afterwards(do: Callable[[], None]) -> None:
    """Does what cannot be undone, such as erasing a file, once the transaction has committed."""
    transaction.on_commit(do)


# A broker that did not answer is left alone for so long (seconds): a page that rings five times
# waits for it once.
_LEFT_ALONE = 10.0
_silent = local()


def _ring(task: str) -> None:
    if time.monotonic() < getattr(_silent, "until", 0.0):
        log.warning("wake_lost", task=task, error="LeftAlone")
        return
    try:
        current_app.send_task(task, retry=False)
    except Exception as error:  # any transport error: the sweep will come round
        _silent.until = time.monotonic() + _LEFT_ALONE
        log.warning("wake_lost", task=task, error=type(error).__name__)
