"""Who asks: a member of staff by their session, else anybody; how that is published."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from zezhou_portal.kernel.actors import ActorKind

_WORDS = "工作人员登录后的会话；请求要带 X-CSRFToken。不登录也可以问，只看得到谁都可以看的部分。"

# As the county's server names it (settings/production.py).
_COOKIE = "__Host-sessionid"


class StaffSession(SessionAuthentication):
    """A signed-in member of staff; their requests carry the CSRF token. Others pass as anybody."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The account, or nothing. Raises PermissionDenied without the token."""
        plain: Any = request._request
        if plain.actor.kind is not ActorKind.OFFICIAL:
            return None
        self.enforce_csrf(request)
        return plain.account, None


class StaffSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names `StaffSession` in the interface's description."""

    target_class = "usage.verifying.api.authentication.StaffSession"
    name = "staff_session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """The session's cookie."""
        return {"type": "apiKey", "in": "cookie", "name": _COOKIE, "description": _WORDS}
