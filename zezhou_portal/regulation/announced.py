"""What is announced in the portal and the law counts by: read by whoever keeps it.

`regulation` imports nothing of the portal, so the room that keeps the rows registers its reader.
Outside `reading_once` each question asks it anew, so that every process counts by what is
confirmed from that moment on; within it, a request or a batch, everything is read at most once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Announced(Generic[T]):
    """One kind of thing that is announced: the years of holidays, the numbers of a successor."""

    def __init__(self, none: T) -> None:
        self._reader: Callable[[], T] = lambda: none

    def read_by(self, reader: Callable[[], T]) -> None:
        """Names who tells what was announced, and how."""
        self._reader = reader

    def now(self) -> T:
        """What is announced."""
        kept = _kept.get()
        if kept is None:
            return self._reader()
        if self not in kept:
            kept[self] = self._reader()
        found: T = kept[self]
        return found


_kept: ContextVar[dict[Announced[Any], Any] | None] = ContextVar("announced", default=None)


@contextmanager
def reading_once(given: Mapping[Announced[Any], Any] | None = None) -> Iterator[None]:
    """Within it what is announced is read once, or is what is given: a request, a batch."""
    kept = _kept.get()
    if given is None and kept is not None:
        yield  # what surrounds it has read it
        return
    token = _kept.set({**(kept or {}), **(given or {})})
    try:
        yield
    finally:
        _kept.reset(token)
