"""Whether a proof goes its whole length (scripts/prove) or a slice of it (the gate), and its seed."""

import os
import time

# Read before any test sets the clock: a slice is another one every day.
_TODAY = int(time.time() // 86_400)


def is_whole() -> bool:
    """Whether scripts/prove asked for the whole."""
    return os.environ.get("PORTAL_PROOF") == "whole"


def seed() -> int:
    """The day's number, or the one that repeats another day's slice."""
    return int(os.environ.get("PORTAL_PROOF_SEED") or _TODAY)
