"""How the published interface describes the session of a member of staff."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

_WORDS = "工作人员登录后的会话；请求要带 X-CSRFToken。不登录也可以问，只看得到谁都可以看的部分。"


class StaffSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names `StaffSession` in the interface's description."""

    target_class = "usage.verifying.api.authentication.StaffSession"
    name = "staff_session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:  # noqa: ARG002
        """The session's cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": _WORDS}
