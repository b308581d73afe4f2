"""One worker process of the measure: makes waiting files as the Celery task does, and tells
how long it took and on what."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from typing import Any


@dataclass
class Spent:
    """Wall seconds by part; a part inside another counts for itself only."""

    seconds: dict[str, float] = field(default_factory=dict)
    _inner: list[float] = field(default_factory=list)

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its own time added to a part."""

        def measured(*args: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            begun = time.perf_counter()
            try:
                return function(*args, **named)
            finally:
                took = time.perf_counter() - begun
                own = took - self._inner.pop()
                self.seconds[part] = self.seconds.get(part, 0.0) + own
                if self._inner:
                    self._inner[-1] += took

        return measured


def _watch(spent: Spent) -> None:
    """Times the parts of the producing path; each costs under a microsecond a call.

    Files are written by threads of their own: what counts for the store is how long a batch
    waits for the last of them.
    """
    from licences.production import sealing as drawing
    from licences.register import producing
    from seals.documents import ofd
    from seals.documents.package import Package
    from seals.use import sealing
    from zezhou_portal.kernel import files

    storing = files.storing

    @contextmanager
    def watched() -> Iterator[Any]:
        hands = storing()
        store = hands.__enter__()
        yield store
        spent.timed("store", hands.__exit__)(None, None, None)

    files.storing = watched

    for owner, name, part in (
        (drawing, "input_of", "draw"),
        (drawing, "place", "draw"),
        (drawing, "write", "draw"),
        (drawing, "metadata_of", "draw"),
        (sealing, "seal_package", "seal"),
        (ofd, "build_signature", "sign"),
        (Package, "to_zip", "zip"),
        (producing, "claim", "database"),
        (producing, "confirm", "database"),
    ):
        setattr(owner, name, spent.timed(part, getattr(owner, name)))


def work(barrier: Barrier, answers: Any) -> None:
    """Warms up on what waits, meets the others twice, makes what waits then."""
    import django

    django.setup()
    from licences.register import producing
    from scripts.lib import bench_load

    spent = Spent()
    _watch(spent)
    while producing.produce_waiting():
        pass
    barrier.wait()  # warm
    barrier.wait()  # licences are there
    spent.seconds.clear()
    begun, processor, count = time.time(), time.process_time(), 0
    while done := producing.produce_waiting():
        count += done
    answers.put({
        "count": count,
        "begun": begun,
        "ended": time.time(),
        "processor": time.process_time() - processor,
        "server": bench_load.own_backend_seconds(),
        "parts": spent.seconds,
    })  # fmt: skip
    barrier.wait()  # the parent has looked at the servers
