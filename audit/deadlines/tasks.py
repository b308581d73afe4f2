"""Timers of the clocks."""

from celery import shared_task

from audit.deadlines.services import clocks


@shared_task(name="deadlines.sweep")
def sweep() -> int:
    """Breaches what fell due; gives how many."""
    return clocks.sweep()
