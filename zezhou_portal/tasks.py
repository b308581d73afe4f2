"""Ring to verb: what the portal as a whole throws away."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="portal.erase_old_uploads")
def erase_old_uploads() -> None:
    """Removes uploads that a killed web process has left behind."""
    call_command("erase_old_uploads", verbosity=0)


@shared_task(name="portal.clear_sessions")
def clear_sessions() -> None:
    """Removes the sessions that are over."""
    call_command("clearsessions", verbosity=0)
