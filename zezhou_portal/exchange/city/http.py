"""The city's platform over HTTP; every error is split into again and never."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

from zezhou_portal.exchange.city import envelope
from zezhou_portal.exchange.city.port import Again, Never, Taken
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.foreign import words_of
from zezhou_portal.kernel.outward import Answer, Line, TooLong, Unanswered, breaker_of

_SECONDS = 10.0  # in all, however the answer drips
_MOST = 256 * 1024
# What another try may mend: a far side that is busy, starting, or whose clock we missed.
_WORTH_ANOTHER = frozenset({401, 403, 404, 408, 425, 429})


class HttpCityLicences:
    """One pool of kept-alive connections; used by several threads at once."""

    def __init__(self, address: str, secret: str) -> None:
        self._secret, self._address = secret, address.rstrip("/")
        self._line = Line(seconds=_SECONDS, most=_MOST, breaker=breaker_of(address))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.close()

    def send(self, path: str, key: str, body: dict[str, Any]) -> Taken:
        """Hands a message over. Raises Again or Never."""
        answer = self._ask("POST", path, key, envelope.canonical(body))
        if answer.status in {200, 202}:
            return _taken(answer)
        if 400 <= answer.status < 500 and answer.status not in _WORTH_ANOTHER:
            raise Never(_reason(answer), status=answer.status)
        raise Again(_reason(answer), status=answer.status)

    def ask(self, key: str) -> Taken | None:
        """What became of a message; None if the city does not know it. Raises Again."""
        answer = self._ask("GET", f"/v1/messages/{key}", key, b"")
        if answer.status == 200:
            return _taken(answer)
        if answer.status == 404:
            return None
        raise Again(_reason(answer), status=answer.status)

    def _ask(self, method: str, path: str, key: str, body: bytes) -> Answer:
        moment: datetime = clock.now()
        try:
            headers = envelope.seal(
                self._secret, method=method, path=path, key=key, body=body, moment=moment
            )
        except envelope.BadEnvelope as error:
            raise Again(error.sentence) from error
        headers["Content-Type"] = "application/json"
        try:
            return self._line.ask(method, self._address + path, headers=headers, content=body)
        except TooLong as error:
            raise Again("市平台的应答太长，没有读。") from error
        except Unanswered as error:
            words = "市平台没有在限定时间内应答。" if error.is_late else "连不上市平台。"
            raise Again(words, unreachable=True) from error


def _taken(answer: Answer) -> Taken:
    """The city's answer to a message. Raises Again for an answer that cannot be read."""
    try:
        told = answer.told()
        number, verdict = str(told["number"]), str(told.get("verdict") or "")
        reason = words_of(told.get("reason") or "", 500)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Again("市平台的应答读不懂。", status=answer.status) from error
    if not number or number != words_of(number, 64) or verdict not in {"", "accepted", "refused"}:
        raise Again("市平台的应答读不懂。", status=answer.status)
    return Taken(number, verdict, reason[:500], answer.status == 200, answer.status)


def _reason(answer: Answer) -> str:
    try:
        told = answer.told()
        reason = words_of(told.get("reason"), 300) if isinstance(told, dict) else ""
    except ValueError:
        reason = ""
    return reason or f"市平台应答 {answer.status}。"
