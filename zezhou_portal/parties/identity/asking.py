"""One question to an identity service over HTTP: bounded in time and size, never redirected."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from zezhou_portal.kernel import web
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.patience import patience
from zezhou_portal.parties.identity.port import SignInFailed

_MOST = 256 * 1024


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def told(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def ask(
    provider: Provider,
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: str = "",
) -> Answer:
    """The answer of the service, whatever its status. Raises SignInFailed where there is none.

    It has so many seconds in all, however it drips.
    """
    with patience(provider):
        return _answered(provider, method, address, headers=headers, content=content)


def _answered(
    provider: Provider,
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None,
    content: str,
) -> Answer:
    until = time.monotonic() + provider.seconds
    timeout = httpx.Timeout(provider.seconds, connect=min(3.0, provider.seconds))
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False, verify=web.trusted()) as client,
            client.stream(
                method, address, headers=dict(headers or {}), content=content or None
            ) as answer,
        ):
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > _MOST:
                    raise unreadable(provider)
                if time.monotonic() > until:
                    raise _too_slow(provider)
            return Answer(answer.status_code, answer.headers, body)
    except httpx.TimeoutException as error:
        raise _too_slow(provider) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SignInFailed(
            "down", f"现在连不上“{provider.label}”，这次没有登录。请过几分钟再试。"
        ) from error


def _too_slow(provider: Provider) -> SignInFailed:
    sentence = f"“{provider.label}”没有在限定时间内答复，这次没有登录。请过几分钟再试。"
    return SignInFailed("timeout", sentence)


def down(provider: Provider) -> SignInFailed:
    """The refusal where the service itself is in trouble."""
    return SignInFailed("down", f"“{provider.label}”现在办不了登录，这次没有登录。请过几分钟再试。")


def not_agreed(provider: Provider) -> SignInFailed:
    """The refusal where the service does not know the portal, or not by this secret."""
    return SignInFailed(
        "agreement", f"门户和“{provider.label}”的对接没有配好，现在登不上。请打 12345。"
    )


def unreadable(provider: Provider) -> SignInFailed:
    """The refusal of an answer that makes no sense."""
    return SignInFailed(
        "answer", f"“{provider.label}”的答复读不懂，这次没有登录。请再试一次；还不行，打 12345。"
    )


def unproven(provider: Provider) -> SignInFailed:
    """The refusal of an answer that does not prove whose it is."""
    return SignInFailed(
        "signature",
        f"不能确认答复来自“{provider.label}”，为安全起见没有登录。请从本页重新开始。",
    )
