"""How the published interface describes the envelope that a request proves itself with."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from zezhou_portal.exchange.city import envelope

_MINUTES = int(envelope.TOLERANCE.total_seconds()) // 60
_HEADERS = (
    f"四个请求头：{envelope.MOMENT} 是发送时间，{envelope.KEY} 是消息键（重发时不变），"
    f"{envelope.DIGEST} 是正文的 SM3 摘要，{envelope.SIGNATURE} 是用共享密钥对方法、路径、时间、"
    f"消息键和摘要算出的 HMAC-SM3。两边时钟相差不超过 {_MINUTES} 分钟。"
)


class EnvelopeScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names `EnvelopeAuthentication` in the interface's description."""

    target_class = "zezhou_portal.exchange.api.authentication.EnvelopeAuthentication"
    name = "envelope"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """The scheme as OpenAPI has room for it: a header of our own, explained in words."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": envelope.SIGNATURE,
            "description": _HEADERS,
        }
