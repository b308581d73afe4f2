"""When a message is tried again and when to stop; pure.

Article: M.8 (the data is pushed in step). The intervals are ours: quick while a restart of the
far side is likely, then ever slower, for about two days in all.
"""

from datetime import timedelta

INTERVALS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
)

# How long the city may keep a message without an answer before it is asked.
ASKING = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after the `tries`-th failure (1 is the first); None: give up."""
    if tries < 1:
        raise ValueError("nothing was tried yet")
    return INTERVALS[tries - 1] if tries <= len(INTERVALS) else None


def ask_after(asked: int) -> timedelta:
    """How long to wait for an answer before asking for the `asked + 1`-th time; never stops."""
    return ASKING[min(asked, len(ASKING) - 1)]
