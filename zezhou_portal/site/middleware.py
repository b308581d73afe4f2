"""A number for every request, in the answer, in every log line and in the trail."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, QueryDict

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.network import calling_from, is_from_our_front
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.site.acting import ActingPartyMiddleware

__all__ = [
    "ActingPartyMiddleware",
    "AnnouncedMiddleware",
    "ProlongedSessionMiddleware",
    "RequestIdMiddleware",
    "WithoutNullsMiddleware",
]

log = structlog.get_logger(__name__)

HEADER = "X-Request-Id"
_SOUND = re.compile(r"[0-9A-Za-z-]{8,64}")
# When a session was saved last: seconds since 1970.
_PROLONGED = "prolonged_at"
_MINUTE = 60
_QUIET = frozenset({"healthz", "readyz"})


class RequestIdMiddleware:
    """Gives each request its id, takes over a sound one of our own front, logs what came of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sets `request.request_id`; answers with it; logs the route, never the address.

        A stranger who chose the number of their own request could make two acts look like one
        in the trail (GB/T 22239). An address may hold a check code or a licence's number; the
        route does not.
        """
        given = request.headers.get(HEADER, "") if is_from_our_front(request) else ""
        request_id = given if _SOUND.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.monotonic()
        with (
            calling_from(request),
            structlog.contextvars.bound_contextvars(request_id=request_id),
        ):
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


class AnnouncedMiddleware:
    """Reads what is announced once a request: a list of a hundred sums asks the database once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers within one reading."""
        with reading_once():
            return self.get_response(request)


class ProlongedSessionMiddleware:
    """Prolongs a session that is used, at most once a minute: not a write to disk a page.

    Somebody who stops is signed out up to a minute sooner than the idle time says (GB/T 22239).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers; then lets the session be saved if it was not for a minute."""
        response = self.get_response(request)
        session, now = request.session, int(clock.now().timestamp())
        if not session.accessed:
            return response
        is_fresh = 0 <= now - session.get(_PROLONGED, 0) < _MINUTE
        if session.session_key and (session.modified or not is_fresh):
            session[_PROLONGED] = now
        return response


class WithoutNullsMiddleware:
    """Leaves null characters out of what is asked and typed: no column can hold one.

    A form is read only when a view asks for it, as before: a page that refuses a large upload
    unread must still be able to. Bodies of the interface are judged by its serializers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Cleans the query now, the form when it is read."""
        if _has_null(request.GET):
            request.GET = _without_nulls(request.GET)  # type: ignore[assignment]
        load = request._load_post_and_files

        def load_without_nulls() -> None:
            load()
            if _has_null(request._post):  # type: ignore[attr-defined]
                request._post = _without_nulls(request._post)  # type: ignore[attr-defined]

        request._load_post_and_files = load_without_nulls  # type: ignore[method-assign]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,  # noqa: ARG002
        view: Callable[..., HttpResponse],  # noqa: ARG002
        args: tuple[Any, ...],  # noqa: ARG002
        kwargs: dict[str, Any],
    ) -> None:
        """Cleans what the address names; the view finds it or not, as any other."""
        for name, value in kwargs.items():
            if isinstance(value, str) and "\0" in value:
                kwargs[name] = value.replace("\0", "")


def _has_null(given: QueryDict) -> bool:
    return any("\0" in name or any("\0" in one for one in told) for name, told in given.lists())


def _without_nulls(given: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, told in given.lists():
        clean.setlist(name.replace("\0", ""), [one.replace("\0", "") for one in told])
    clean._mutable = False
    return clean
