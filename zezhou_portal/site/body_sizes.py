"""How much a request may send, judged by its route before anybody reads a byte of it.

A view that takes more than a form declares it beside its name: `most_body = …`. The front
(deploy/nginx.conf) keeps to the same table; a test compares the two.
"""

import re
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.site.problems import answer_problem

log = structlog.get_logger(__name__)

# What a form or a message of the interface may measure (ours).
MOST_BODY = 1024 * 1024
NO_LENGTH = "送来的内容没有写明长度，没有收下。请换一个浏览器，或者让程序写明 Content-Length。"
OTHER_CHARSET = "送来的内容不是 UTF-8 编码，没有收下。请换一个浏览器，或者让程序用 UTF-8。"
_LENGTH = re.compile(r"[0-9]{0,15}")
# What a browser names and what a program may leave out; Python knows codecs that are no text.
_CHARSETS = frozenset({"utf-8", "utf8"})


class BodySizeMiddleware:
    """Refuses a body by what the request says of it; stands before whoever would read one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on; it is judged once its route is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],  # noqa: ARG002
        kwargs: dict[str, Any],  # noqa: ARG002
    ) -> HttpResponse | None:
        """411 for a body without a length, 413 for one that is too large, 415 for one in an
        encoding that is not ours; else nothing.

        What is unread stays unread: the server closes the connection.
        """
        length = request.META.get("CONTENT_LENGTH") or ""
        if "HTTP_TRANSFER_ENCODING" in request.META or not _LENGTH.fullmatch(length):
            return self._refused(request, 411, NO_LENGTH)
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in _CHARSETS:
            return self._refused(request, 415, OTHER_CHARSET)
        most, sentence = allowed(request, view)
        if body_length(request) <= most:
            return None
        return self._refused(request, 413, sentence)

    def _refused(self, request: HttpRequest, status: int, sentence: str) -> HttpResponse:
        answer = answer_problem(request, status, "413.html", {"reason": sentence})
        answer["Connection"] = "close"
        return answer


def allowed(request: HttpRequest, view: Callable[..., HttpResponse]) -> tuple[int, str]:
    """How many bytes this person may send to a view, and what is said of more.

    Only whom a view is for may send it more than a form.
    """
    most = most_body_of(view)
    declared = class_of(view)
    is_open = bool(getattr(declared, "public", ""))
    if most > MOST_BODY and not is_open and _is_nobody(request):
        most = MOST_BODY
    own = str(getattr(declared, "too_much", ""))
    if own and most > MOST_BODY:
        return most, own
    return most, f"送来的内容超过 {most // 1024 // 1024} MB，没有收下。请分几次送，或者换小的文件。"


def most_body_of(view: Callable[..., HttpResponse]) -> int:
    """How many bytes a view takes at the most."""
    return int(getattr(class_of(view), "most_body", MOST_BODY))


def class_of(view: Callable[..., HttpResponse]) -> object:
    """The class that a view was made of, or its function."""
    return getattr(view, "view_class", None) or getattr(view, "cls", None) or view


def body_length(request: HttpRequest) -> int:
    """What a request says its body measures, before a byte of it is read; 0 where it does not."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if _LENGTH.fullmatch(length) else 0


def _is_nobody(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is None or actor.kind is ActorKind.PUBLIC
