"""One question to an identity service over HTTP: bounded in time and size, never redirected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zezhou_portal.kernel.outward import Line, TooLong, Unanswered
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
    try:
        with Line(seconds=provider.seconds, most=_MOST) as line:
            answer = line.ask(method, address, headers=headers, content=content.encode())
    except TooLong as error:
        raise unreadable(provider) from error
    except Unanswered as error:
        if error.is_late:
            raise _too_slow(provider) from error
        raise SignInFailed(
            "down", f"现在连不上“{provider.label}”，这次没有登录。请过几分钟再试。"
        ) from error
    return Answer(answer.status, answer.headers, answer.body)


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
