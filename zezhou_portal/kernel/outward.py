"""One question to somebody outside, over HTTP: a total time, a size, and a breaker.

A time-out of the usual kind begins anew with every byte, so that who sends one byte every nine
seconds is never late. Here the clock runs once, from the first packet to the last byte: every
reading and writing gets what is left of it. Redirections are not followed and the environment's
proxies not taken: an address is the one that was configured.

A far side that answered nothing several times in a row is left alone for a while: whoever asks is
told so at once (`Unanswered.is_open`), and one question goes through when the while is over.
"""

import ssl
import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any, Self

import httpcore
from django.utils.datastructures import CaseInsensitiveMapping

from zezhou_portal.kernel import web
from zezhou_portal.kernel.foreign import json_of

# How often in a row nobody answered before the far side is left alone, and for how long (seconds).
_PATIENCE, _LEFT_ALONE = 5, 20.0
_CONNECTING = 3.0

_end: ContextVar[float] = ContextVar("end", default=0.0)


class Unanswered(Exception):
    """No answer: nobody was there, it came too late, or it was longer than any that was agreed."""

    def __init__(self, why: str, *, is_late: bool = False, is_open: bool = False) -> None:
        super().__init__(why)
        self.is_late = is_late
        self.is_open = is_open


class TooLong(Unanswered):
    """The answer is longer than any that was agreed upon; somebody is there."""


@dataclass(frozen=True)
class Answer:
    """Status, headers (by name in either case) and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def told(self) -> Any:
        """The body as JSON. Raises `kernel.foreign.Unfit`."""
        return json_of(self.body)


class Breaker:
    """Counts how often in a row a far side gave no answer, for all threads of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._closed_until = 0.0

    def admit(self) -> bool:
        """Whether a question may be asked; the first after the while may, the others wait."""
        with self._lock:
            if self._failures < _PATIENCE:
                return True
            now = time.monotonic()
            if now < self._closed_until:
                return False
            self._closed_until = now + _LEFT_ALONE
            return True

    def note(self, *, answered: bool) -> None:
        """Writes down whether there was an answer."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= _PATIENCE:
                self._closed_until = time.monotonic() + _LEFT_ALONE

    @property
    def is_open(self) -> bool:
        """Whether the far side is being left alone."""
        return self._failures >= _PATIENCE and time.monotonic() < self._closed_until


class Line:
    """The way to one far side: kept-alive connections, used by several threads at once."""

    def __init__(
        self, *, seconds: float, most: int, breaker: Breaker | None = None, hands: int = 8
    ) -> None:
        self._seconds, self._most = seconds, most
        self._breaker = breaker or Breaker()
        self._pool = httpcore.ConnectionPool(
            ssl_context=web.trusted(),
            max_connections=hands,
            max_keepalive_connections=hands,
            keepalive_expiry=30,
            network_backend=_Timed(httpcore.SyncBackend()),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets the connections go."""
        self._pool.close()

    def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Answer:
        """The answer, whatever its status. Raises Unanswered where there is none in time."""
        if not self._breaker.admit():
            raise Unanswered("left alone for a while", is_open=True)
        token = _end.set(time.monotonic() + self._seconds)
        try:
            answer = self._asked(method, address, headers or {}, content)
        except TooLong:
            self._breaker.note(answered=True)
            raise
        except (httpcore.TimeoutException, TimeoutError) as error:
            self._breaker.note(answered=False)
            raise Unanswered("no answer in time", is_late=True) from error
        except (
            httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError,
            ValueError,
        ) as error:  # fmt: skip
            self._breaker.note(answered=False)
            raise Unanswered(type(error).__name__) from error
        finally:
            _end.reset(token)
        self._breaker.note(answered=True)
        return answer

    def _asked(
        self, method: str, address: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        given = [(b"Accept-Encoding", b"identity"), (b"User-Agent", b"zezhou-portal")]
        given += [(name.encode("ascii"), text.encode()) for name, text in headers.items()]
        timeout = {"connect": _CONNECTING, "pool": self._seconds}
        with self._pool.stream(
            method,
            address,
            headers=given,
            extensions={"timeout": timeout},
            content=content if content or method != "GET" else None,
        ) as answer:
            body = bytearray()
            for part in answer.iter_stream():
                body += part
                if len(body) > self._most:
                    raise TooLong("the answer is too long")
            told = {name.decode("latin-1"): text.decode("latin-1") for name, text in answer.headers}
            return Answer(answer.status, CaseInsensitiveMapping(told), bytes(body))


def _left(timeout: float | None) -> float:
    """What is left of the question's time; never more than the step's own time-out."""
    left = _end.get() - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time of the question is over")
    return left if timeout is None else min(left, timeout)


class _Timed(httpcore.NetworkBackend):
    """Opens streams that know when the question's time is over."""

    def __init__(self, whole: httpcore.NetworkBackend) -> None:
        self._whole = whole

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to a host."""
        stream = self._whole.connect_tcp(host, port, _left(timeout), local_address, socket_options)
        return _TimedStream(stream)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step gets what is left of the question's time."""

    def __init__(self, whole: httpcore.NetworkStream) -> None:
        self._whole = whole

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, while there is time."""
        return self._whole.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends bytes, while there is time."""
        self._whole.write(buffer, _left(timeout))

    def close(self) -> None:
        """Closes the stream."""
        self._whole.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same stream, encrypted."""
        return _TimedStream(self._whole.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        """What is known of the socket."""
        return self._whole.get_extra_info(info)


@cache
def breaker_of(address: str) -> Breaker:  # noqa: ARG001
    """The one breaker of a far side in this process, however often a line to it is opened."""
    return Breaker()
