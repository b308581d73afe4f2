"""What the portal needs of a message gateway, and the two ways in which it says no."""

from typing import Protocol


class Again(Exception):
    """The gateway did not take it now; another try may mend that."""


class Never(Exception):
    """The gateway will not take it, however often it is tried."""


class MessageGateway(Protocol):
    """Takes a text for one phone. `key` is the same for every try, so that it goes out once."""

    def deliver(self, *, key: str, phone: str, words: str) -> None:
        """Hand the text over. Raises Again or Never."""
