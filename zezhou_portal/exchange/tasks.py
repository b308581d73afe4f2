"""Timers of the exchange."""

from celery import shared_task

from zezhou_portal.exchange.services import asking, dispatching


@shared_task(name="exchange.dispatch")
def dispatch() -> int:
    """Sends what is due; gives how many messages were tried."""
    return dispatching.dispatch()


@shared_task(name="exchange.ask_unanswered")
def ask_unanswered() -> int:
    """Asks for the answers that did not come; gives how many messages were asked about."""
    return asking.ask_unanswered()
