"""A number for every request, in the answer, in every log line and in the trail."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from zezhou_portal.acting import ActingPartyMiddleware

__all__ = ["ActingPartyMiddleware", "RequestIdMiddleware"]

log = structlog.get_logger(__name__)

HEADER = "X-Request-Id"
_SOUND = re.compile(r"[0-9A-Za-z-]{8,64}")
_QUIET = frozenset({"healthz", "readyz"})


class RequestIdMiddleware:
    """Gives each request its id, takes over a sound one of the proxy, logs what came of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sets `request.request_id`; answers with it; logs the route, never the address.

        An address may hold a check code or a licence's number; the route does not.
        """
        given = request.headers.get(HEADER, "")
        request_id = given if _SOUND.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            if match is None or match.url_name not in _QUIET:
                log.info(
                    "request_finished",
                    method=request.method,
                    route=match.route if match else None,
                    status=response.status_code,
                    milliseconds=round((time.monotonic() - started) * 1000, 1),
                )
        response[HEADER] = request_id
        return response
