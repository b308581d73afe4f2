"""Tell a department that a message of theirs needs a person (M.8)."""

from collections.abc import Sequence

from zezhou_portal.exchange.models import Outbound


def tell_stuck(messages: Sequence[Outbound]) -> None:
    """Tells the departments of refused and given-up messages, once a batch and department."""
