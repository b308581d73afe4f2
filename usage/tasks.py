"""Ring to verb: reminders before a licence's last day."""

from celery import shared_task

from usage.services import reminders


@shared_task(name="usage.remind")
def remind() -> int:
    """Reminds every holder whose stage has come."""
    return reminders.remind_due()
