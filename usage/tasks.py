"""Ring to verb: reminders, presentations that are over, old codes, uncertified mandates."""

from celery import shared_task

from usage.mandates import children
from usage.presenting import presentations
from usage.wallet import reminders
from zezhou_portal.parties.notices.watching import time_is_right


@shared_task(name="usage.remind")
def remind() -> int:
    """Reminds every holder whose stage has come."""
    return reminders.remind_due() if time_is_right() else 0


@shared_task(name="usage.lapse")
def lapse() -> int:
    """Closes presentations whose minutes are over."""
    return presentations.lapse_due() if time_is_right() else 0


@shared_task(name="usage.erase_codes")
def erase_codes() -> int:
    """Erases the digests of codes that nobody can be holding any more."""
    return presentations.erase_old_codes()


@shared_task(name="usage.end_groundless_mandates")
def end_groundless_mandates() -> int:
    """Ends parents' mandates whose birth certificate is no more."""
    return children.end_groundless()
