"""How often an act is done in a second."""

import time
from collections.abc import Callable
from typing import Any


def per_second(act: Callable[[], Any], *, seconds: float = 2.0, least: int = 20) -> float:
    """How often an act is done in a second, one process; warmed up once."""
    act()
    begun, count = time.perf_counter(), 0
    while count < least or time.perf_counter() - begun < seconds:
        act()
        count += 1
    return count / (time.perf_counter() - begun)
