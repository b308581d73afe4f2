"""Who asks: a member of staff by their session, else anybody."""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from zezhou_portal.kernel.actors import ActorKind


class StaffSession(SessionAuthentication):
    """A signed-in member of staff; their requests carry the CSRF token. Others pass as anybody."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The account, or nothing. Raises PermissionDenied without the token."""
        plain: Any = request._request
        if plain.actor.kind is not ActorKind.OFFICIAL:
            return None
        self.enforce_csrf(request)
        return plain.account, None
