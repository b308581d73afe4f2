"""A gateway over HTTP: one POST a text, signed with a shared secret.

Provinces' gateways differ; what is asked of ours is JSON `{key, phone, words}`, the signature
HMAC-SHA256 over the body in `X-Signature`, and 200 or 202 for taken (ours).
"""

import hmac
import json
from hashlib import sha256

import httpx

from zezhou_portal.kernel import web
from zezhou_portal.parties.notices.gateway.port import Again, Never

_TIMEOUT = httpx.Timeout(5.0, connect=3.0)
_WORTH_ANOTHER = frozenset({401, 403, 404, 408, 425, 429})


class HttpGateway:
    """The gateway at an address."""

    def __init__(self, address: str, secret: str) -> None:
        self._address, self._secret = address, secret

    def deliver(self, *, key: str, phone: str, words: str) -> None:
        """Hand the text over. Raises Again or Never."""
        body = json.dumps({"key": key, "phone": phone, "words": words}, ensure_ascii=False).encode()
        seal = hmac.new(self._secret.encode(), body, sha256).hexdigest()
        try:
            answer = httpx.post(
                self._address,
                content=body,
                headers={"Content-Type": "application/json", "X-Signature": seal},
                timeout=_TIMEOUT,
                trust_env=False,
                verify=web.trusted(),
            )
        except httpx.HTTPError as error:
            raise Again(f"短信网关没有应答（{type(error).__name__}）") from error
        if answer.status_code in {200, 202}:
            return
        reason = f"短信网关答复 {answer.status_code}"
        if 400 <= answer.status_code < 500 and answer.status_code not in _WORTH_ANOTHER:
            raise Never(reason)
        raise Again(reason)
