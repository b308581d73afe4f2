"""Timers of the clocks."""

from celery import shared_task

from audit.deadlines.services import clocks, recomputing
from zezhou_portal.parties.notices.watching import time_is_right


@shared_task(name="deadlines.sweep")
def sweep() -> int:
    """Breaches what fell due; gives how many."""
    return clocks.sweep() if time_is_right() else 0


@shared_task(name="deadlines.recompute")
def recompute() -> int:
    """Counts clocks again by the calendar as it stands; gives how many moved."""
    return len(recomputing.recompute())
