"""Ring to verb: texts that wait to go out, mandates that nobody confirmed."""

from celery import shared_task

from zezhou_portal.parties.mandates import window
from zezhou_portal.parties.notices import texts, watching


@shared_task(name="parties.watch")
def watch() -> int:
    """Looks whether everybody is there and nothing waits too long; gives how many alarms."""
    return len(watching.look())


@shared_task(name="parties.send_texts")
def send_texts() -> int:
    """Sends what is due until nothing is left."""
    count = 0
    while done := texts.send_due():
        count += done
    return count


@shared_task(name="parties.lapse_mandates")
def lapse_mandates() -> int:
    """Ends what a window proposed and nobody confirmed by its last day."""
    return window.lapse_unconfirmed()
