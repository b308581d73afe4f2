"""Requests a second against a server on this machine, and how long each took.

The client is one small process with a few threads that write a request and read the answer to
its end: the same for what is measured and for what it is measured beside. Loopback only, and
bounded in count and time.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median

CONNECTIONS = 6
_PATIENCE = 20.0


@dataclass
class Took:
    """What a run came to: seconds of each answer, and the statuses of the wrong ones."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted

    def at(self, share: float) -> float:
        """The time within which that share was answered, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def post(path: str, body: bytes, *, number: int) -> bytes:
    """A POST of JSON, from an address of its own."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {_address(number)}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


def get(path: str, *, number: int) -> bytes:
    """A GET, from an address of its own."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {_address(number)}\r\n"
        "Accept: text/html,application/json\r\nConnection: close\r\n\r\n"
    ).encode("ascii")


def _address(number: int) -> str:
    return f"198.{18 + number // 65536 % 2}.{number // 256 % 256}.{number % 256}"


def run(
    port: int,
    requests: Sequence[bytes],
    *,
    seconds: float = 6.0,
    rate: float | None = None,
    saying: str = "",
) -> Took:
    """Sends the requests, each once, until they or the seconds are used up.

    `saying`: what every good answer has in it; without it a 200 counts as wrong, since a
    question that leads nowhere is answered 200 too, and sooner.

    `rate`: so many a second, whether the answers have come or not (an open loop, as people
    are); without it as fast as the server answers.
    """
    took, lock, wanted = Took(), threading.Lock(), saying.encode()
    begun = time.perf_counter()
    due = _due(requests, begun, rate)

    def work() -> None:
        while True:
            with lock:
                found = next(due, None)
            if found is None or time.perf_counter() - begun > seconds:
                return
            at, request = found
            if (wait := at - time.perf_counter()) > 0:
                time.sleep(wait)
            start = time.perf_counter() if rate is None else at
            status, answer = _ask(port, request)
            end = time.perf_counter()
            with lock:
                if status == HTTPStatus.OK and wanted in answer:
                    took.seconds.append(end - start)
                else:
                    took.wrong.append(status)

    hands = [threading.Thread(target=work) for _ in range(CONNECTIONS if rate is None else 24)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    took.lasted = time.perf_counter() - begun
    return took


def _due(
    requests: Sequence[bytes], begun: float, rate: float | None
) -> Iterator[tuple[float, bytes]]:
    for place, request in enumerate(requests):
        yield (begun + place / rate if rate else begun), request


def _ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Send one request and read the answer to its end; its status, 0 where none came."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as line:
            line.sendall(request)
            parts = []
            while part := line.recv(65536):
                parts.append(part)
        answer = b"".join(parts)
        return int(answer[9:12]), answer
    except (OSError, ValueError):
        return 0, b""


def in_turn(kinds: Mapping[str, Callable[[], Took]], *, times: int) -> dict[str, list[Took]]:
    """Runs each kind once a round, for so many rounds: what else the machine does meets all.

    Raises SystemExit where an answer was not the one wanted.
    """
    took: dict[str, list[Took]] = {name: [] for name in kinds}
    for _ in range(times):
        for name, measure in kinds.items():
            took[name].append(measure())
    for name, runs in took.items():
        demand_right(name, runs)
    return took


def demand_right(name: str, runs: Sequence[Took]) -> None:
    """Raises SystemExit where an answer was not the one wanted."""
    if wrong := [status for one in runs for status in one.wrong]:
        raise SystemExit(f"{name}: {len(wrong)} wrong answers, of {sorted(set(wrong))}")


def usual(runs: Sequence[Took]) -> float:
    """Answers a second in the middle one of several runs."""
    return median(one.per_second for one in runs)


def ratio(runs: Sequence[Took], beside: Sequence[Took]) -> float:
    """The middle of the rounds' ratios: both of a pair ran within the same seconds."""
    return median(
        one.per_second / other.per_second for one, other in zip(runs, beside, strict=True)
    )
