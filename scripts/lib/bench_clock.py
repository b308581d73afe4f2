"""How often an act is done in a second."""

import time
from collections.abc import Callable
from typing import Any


def per_second(
    act: Callable[[], Any],
    *,
    seconds: float = 2.0,
    least: int = 20,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """How often an act is done in a second, one process; warmed up once.

    `clock`: of the wall, or of this process's own processor time.
    """
    act()
    begun, count = clock(), 0
    while count < least or clock() - begun < seconds:
        act()
        count += 1
    return count / (clock() - begun)
