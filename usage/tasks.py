"""Ring to verb: reminders before the last day, showings that are over, digests of old codes."""

from celery import shared_task

from usage.services import presentations, reminders


@shared_task(name="usage.remind")
def remind() -> int:
    """Reminds every holder whose stage has come."""
    return reminders.remind_due()


@shared_task(name="usage.lapse")
def lapse() -> int:
    """Closes showings whose minutes are over."""
    return presentations.lapse_due()


@shared_task(name="usage.erase_codes")
def erase_codes() -> int:
    """Erases the digests of codes that nobody can be holding any more."""
    return presentations.erase_old_codes()
