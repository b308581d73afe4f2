"""Commands of one or of several checkouts that need the same thing wait for each other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.lib.talk import warn


@contextmanager
def alone(path: Path, what: str) -> Iterator[None]:
    """Until the block ends nobody else is in one with that path; waits, and says for what."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            warn(f"another command is at {what}; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
