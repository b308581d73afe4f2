"""What the portal needs of the city's licence platform."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Taken:
    """The city has the message: its number, and its verdict where it has one already.

    `verdict` is "", "accepted" or "refused"; `was_there` says that an earlier try arrived.
    """

    city_number: str
    verdict: str = ""
    reason: str = ""
    was_there: bool = False
    status: int = 202


class Again(Exception):
    """Not taken this time; worth another try. `unreachable`: nobody answered at all."""

    def __init__(self, reason: str, *, status: int | None = None, unreachable: bool = False):
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.unreachable = unreachable


class Never(Exception):
    """Refused for good: another try with the same message cannot succeed."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class CityLicences(Protocol):
    """The city's licence platform (市电子证照管理平台)."""

    def send(self, path: str, key: str, body: dict[str, Any]) -> Taken:
        """Hands a message over. Raises Again or Never. Safe to repeat with the same key."""
        ...

    def ask(self, key: str) -> Taken | None:
        """What became of a message; None if the city does not know it. Raises Again."""
        ...
