"""Whether a proof goes its whole length (scripts/prove) or a slice of it (the gate), and its seed."""

import os
import time

# Read before any test sets the clock: a whole proof draws another slice every day.
_TODAY = int(time.time() // 86_400)
# The gate judges a change, so it draws the same slice of every change.
_GATE = 20_787


def is_whole() -> bool:
    """Whether scripts/prove asked for the whole."""
    return os.environ.get("PORTAL_PROOF") == "whole"


def seed() -> int:
    """The gate's number, the day's for a whole proof, or the one that repeats another slice."""
    return int(os.environ.get("PORTAL_PROOF_SEED") or (_TODAY if is_whole() else _GATE))
