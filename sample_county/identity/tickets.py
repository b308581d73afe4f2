"""The tickets that the stand-in has given out: each good once, for two minutes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

LASTS = timedelta(minutes=2)
# A stand-in that is left running forgets the oldest.
_MOST = 1000


@dataclass(frozen=True)
class _Given:
    key: str
    until: datetime


class Tickets:
    """Tickets by their text, with a lock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._given: dict[str, _Given] = {}

    def give(self, key: str, now: datetime) -> str:
        """A new ticket for a line of the page."""
        ticket = f"ST-{secrets.token_urlsafe(24)}"
        with self._lock:
            while len(self._given) >= _MOST:
                del self._given[next(iter(self._given))]
            self._given[ticket] = _Given(key, now + LASTS)
        return ticket

    def take(self, ticket: str, now: datetime) -> str | None:
        """Whose ticket it is; None for one that is used, late, or never was."""
        with self._lock:
            found = self._given.pop(ticket, None)
        return found.key if found is not None and now <= found.until else None
