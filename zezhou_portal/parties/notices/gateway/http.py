"""A gateway over HTTP: one POST a text, signed with a shared secret.

Provinces' gateways differ; what is asked of ours is JSON `{key, phone, words}`, the signature
HMAC-SHA256 over the body in `X-Signature`, and 200 or 202 for taken (ours).
"""

import hmac
import json
from hashlib import sha256

from zezhou_portal.kernel.outward import Line, Unanswered, breaker_of
from zezhou_portal.parties.notices.gateway.port import Again, Never

_SECONDS = 5.0  # in all, however the answer drips
_MOST = 64 * 1024
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
            with Line(seconds=_SECONDS, most=_MOST, breaker=breaker_of(self._address)) as line:
                answer = line.ask(
                    "POST",
                    self._address,
                    content=body,
                    headers={"Content-Type": "application/json", "X-Signature": seal},
                )
        except Unanswered as error:
            raise Again(f"短信网关没有应答（{error}）") from error
        if answer.status in {200, 202}:
            return
        reason = f"短信网关答复 {answer.status}"
        if 400 <= answer.status < 500 and answer.status not in _WORTH_ANOTHER:
            raise Never(reason)
        raise Again(reason)
