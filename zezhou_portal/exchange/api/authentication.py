"""The city proves itself with the envelope: no account, no session, no key in the address."""

from typing import Any

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from zezhou_portal.exchange.city import envelope
from zezhou_portal.kernel import clock


class City:
    """The far side, once its envelope was right."""

    is_authenticated = True


class EnvelopeAuthentication(BaseAuthentication):
    """Takes a request whose envelope is right; every other one is a 401 that says why."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """The city. Raises AuthenticationFailed."""
        plain = request._request
        try:
            envelope.check(
                settings.CITY_SHARED_SECRET,
                method=plain.method or "",
                path=plain.path,
                body=plain.body,
                headers=plain.headers,
                now=clock.now(),
            )
        except envelope.BadEnvelope as error:
            raise AuthenticationFailed({"reason": error.sentence, "code": error.code}) from error
        return City(), None

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002
        """What a 401 asks for."""
        return "Envelope"
