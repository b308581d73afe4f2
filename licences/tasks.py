"""Ring to verb: produce waiting files, expire licences, convert permit sheets."""

from celery import shared_task

from licences.services import producing


@shared_task(name="licences.produce_waiting")
def produce_waiting() -> int:
    """Makes waiting files until none is left."""
    count = 0
    while done := producing.produce_waiting():
        count += done
    return count
