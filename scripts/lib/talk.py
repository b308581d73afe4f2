"""What the commands print: one line a step, the same look everywhere."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_COLOURS = {"green": "32", "red": "31", "yellow": "33", "dim": "2", "bold": "1"}


class Stop(Exception):
    """The command cannot go on; the message says what to do about it."""


def paint(text: str, colour: str, stream: TextIO | None = None) -> str:
    """`text` in a colour where the stream is a terminal and NO_COLOR is not set."""
    target = stream or sys.stdout
    if not target.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{_COLOURS[colour]}m{text}\033[0m"


def say(text: str = "", stream: TextIO | None = None) -> None:
    """One line, written at once."""
    print(text, file=stream or sys.stdout, flush=True)


def done(text: str, note: str = "") -> None:
    """A step that was carried out."""
    say(f"  {paint('✓', 'green')} {text}" + (f"  {paint(note, 'dim')}" if note else ""))


def warn(text: str) -> None:
    """Something a person should know; the command goes on."""
    say(f"  {paint('!', 'yellow')} {text}")


def fail(text: str) -> None:
    """The reason why the command ends."""
    say(f"  {paint('✗', 'red', sys.stderr)} {text}", sys.stderr)


def heading(text: str) -> None:
    """The name of a part of the work."""
    say()
    say(paint(text, "bold"))


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a slow step, then say how long it took; on a terminal in one line."""
    started = time.monotonic()
    live = sys.stdout.isatty()
    print(f"  … {text}", end="" if live else "\n", flush=True)
    try:
        yield
    except BaseException:
        if live:
            print("\r\033[K", end="")
        raise
    if live:
        print("\r\033[K", end="")
    done(text, f"{time.monotonic() - started:.1f} s")
