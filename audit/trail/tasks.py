"""Timers of the trail."""

from celery import shared_task

from audit.trail import origins, partitions, recording
from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation.actions import Action


@shared_task(name="trail.make_partitions")
def make_partitions() -> list[str]:
    """Makes the coming months' partitions, so that no record ever lacks a place."""
    return partitions.make_ahead(clock.today())


@shared_task(name="trail.sum_refusals")
def sum_refusals() -> int:
    """Records how often strangers were refused, minute by minute."""
    return recording.record_sums()


@shared_task(name="trail.clear_origins")
def clear_origins() -> int:
    """Clears where acts came from, once that was kept long enough; on the record.

    Article: M.26.
    """
    subject = Subject("trail", "origins", "操作来源")
    with acting(machine("trail.clear_origins"), Action.ORIGINS_CLEARED, subject) as act:
        count = origins.clear_old()
        act.note("count", count)
    return count
