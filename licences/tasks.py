"""Ring to verb: produce waiting files, expire licences, convert permit sheets."""

from celery import shared_task

from licences.register import expiring, producing
from licences.stock import converting
from licences.stock import files as sheet_files
from zezhou_portal.parties.notices.watching import time_is_right


@shared_task(name="licences.produce_waiting")
def produce_waiting() -> int:
    """Makes waiting files until none is left."""
    count = 0
    while time_is_right() and (done := producing.produce_waiting()):
        count += done
    return count


@shared_task(name="licences.convert_batches")
def convert_batches() -> int:
    """Converts signed-off permit sheets, chunk by chunk."""
    return converting.convert_waiting()


@shared_task(name="licences.expire")
def expire() -> int:
    """Records the expiry of licences whose last day has passed."""
    return expiring.expire_due() if time_is_right() else 0


@shared_task(name="licences.erase_old_sheets")
def erase_old_sheets() -> int:
    """Erases the files of sheets that were converted long ago."""
    return sheet_files.erase_old()
