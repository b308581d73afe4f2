"""Timers of the trail."""

from celery import shared_task

from audit.trail import partitions, recording
from zezhou_portal.kernel import clock


@shared_task(name="trail.make_partitions")
def make_partitions() -> list[str]:
    """Makes the coming months' partitions, so that no record ever lacks a place."""
    return partitions.make_ahead(clock.today())


@shared_task(name="trail.sum_refusals")
def sum_refusals() -> int:
    """Records how often strangers were refused, minute by minute."""
    return recording.record_sums()
