"""The city's platform over HTTP; every error is split into again and never."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from zezhou_portal.exchange.city import envelope
from zezhou_portal.exchange.city.port import Again, Never, Taken
from zezhou_portal.kernel import clock, web

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=8, keepalive_expiry=30)
# What another try may mend: a far side that is busy, starting, or whose clock we missed.
_WORTH_ANOTHER = frozenset({401, 403, 404, 408, 425, 429})


class HttpCityLicences:
    """One pool of kept-alive connections; used by several threads at once."""

    def __init__(self, address: str, secret: str) -> None:
        self._secret = secret
        self._client = httpx.Client(
            base_url=address,
            timeout=_TIMEOUT,
            limits=_LIMITS,
            trust_env=False,
            verify=web.trusted(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def send(self, path: str, key: str, body: dict[str, Any]) -> Taken:
        """Hands a message over. Raises Again or Never."""
        answer = self._ask("POST", path, key, envelope.canonical(body))
        if answer.status_code in {200, 202}:
            return _taken(answer)
        if 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER:
            raise Never(_reason(answer), status=answer.status_code)
        raise Again(_reason(answer), status=answer.status_code)

    def ask(self, key: str) -> Taken | None:
        """What became of a message; None if the city does not know it. Raises Again."""
        answer = self._ask("GET", f"/v1/messages/{key}", key, b"")
        if answer.status_code == 200:
            return _taken(answer)
        if answer.status_code == 404:
            return None
        raise Again(_reason(answer), status=answer.status_code)

    def _ask(self, method: str, path: str, key: str, body: bytes) -> httpx.Response:
        moment: datetime = clock.now()
        try:
            headers = envelope.seal(
                self._secret, method=method, path=path, key=key, body=body, moment=moment
            )
        except envelope.BadEnvelope as error:
            raise Again(error.sentence) from error
        headers["Content-Type"] = "application/json"
        try:
            return self._client.request(method, path, content=body, headers=headers)
        except httpx.TimeoutException as error:
            raise Again("市平台没有在限定时间内应答。", unreachable=True) from error
        except httpx.HTTPError as error:
            raise Again("连不上市平台。", unreachable=True) from error


def _taken(answer: httpx.Response) -> Taken:
    """The city's answer to a message. Raises Again for an answer that cannot be read."""
    try:
        told = answer.json()
        number, verdict = str(told["number"]), str(told.get("verdict") or "")
        reason = str(told.get("reason") or "")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Again("市平台的应答读不懂。", status=answer.status_code) from error
    if not number or len(number) > 64 or verdict not in {"", "accepted", "refused"}:
        raise Again("市平台的应答读不懂。", status=answer.status_code)
    return Taken(number, verdict, reason[:500], answer.status_code == 200, answer.status_code)


def _reason(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        reason = str(told["reason"]) if isinstance(told, dict) else ""
    except (ValueError, KeyError):
        reason = ""
    return reason[:300] or f"市平台应答 {answer.status_code}。"
