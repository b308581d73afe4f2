"""After commit, ring a task by its name; a lost ring costs a minute, not a licence."""

from collections.abc import Callable

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


def _ring(task: str) -> None:
    try:
        current_app.send_task(task, retry=False)
    except Exception as error:  # any transport error: the sweep will come round
        log.warning("wake_lost", task=task, error=type(error).__name__)
