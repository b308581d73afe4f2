"""How the stand-in misbehaves, when told to; left alone it does the same every time."""

import time
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any


@dataclass
class _Switches:
    delay: float = 0.2  # seconds from taking a message to judging it
    repeat_every: int = 7  # every so many receipts are posted twice; 0: never
    refuse_next: int = 0
    refuse_reason: str = "市平台演示：按要求退回。"
    lose_receipts: int = 0
    down_until: float = 0.0
    down_how: str = "503"  # or "close": the connection is cut without an answer


class Conduct:
    """The switches, with a lock; times are of time.time()."""

    def __init__(self, **switches: Any) -> None:
        self._lock = Lock()
        self._switches = _Switches(**switches)
        self._receipts = 0

    def set(self, told: dict[str, Any]) -> dict[str, Any]:
        """Sets the switches named. Raises ValueError for one there is not or a wrong type."""
        wanted = dict(told)
        with self._lock:
            if "down_for" in wanted:
                wanted["down_until"] = time.time() + float(wanted.pop("down_for"))
            for name, value in wanted.items():
                present = getattr(self._switches, name, None)
                if present is None:
                    raise ValueError(f"no switch {name}")
                setattr(self._switches, name, type(present)(value))
            return asdict(self._switches)

    def show(self) -> dict[str, Any]:
        """The switches as they stand."""
        with self._lock:
            return asdict(self._switches)

    @property
    def delay(self) -> float:
        """Seconds between taking and judging."""
        return self._switches.delay

    def down(self) -> str:
        """How it is down now: "503", "close", or "" while it is up."""
        with self._lock:
            return self._switches.down_how if time.time() < self._switches.down_until else ""

    def refusal(self) -> str:
        """The reason to refuse the next message with, used up; "" to judge it."""
        with self._lock:
            if self._switches.refuse_next <= 0:
                return ""
            self._switches.refuse_next -= 1
            return self._switches.refuse_reason

    def receipts(self) -> int:
        """How many receipts the next verdict gets: one, two, or none (lost)."""
        with self._lock:
            if self._switches.lose_receipts > 0:
                self._switches.lose_receipts -= 1
                return 0
            self._receipts += 1
            every = self._switches.repeat_every
            return 2 if every and self._receipts % every == 0 else 1
