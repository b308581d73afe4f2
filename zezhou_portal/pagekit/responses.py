"""The answers that are no page: not found, a file to keep, something no browser may keep."""

import gzip
from collections.abc import Iterable
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

PDF = "application/pdf"
OFD = "application/ofd"
SVG = "image/svg+xml"
CSV = "text/csv; charset=utf-8"
# For pages and files with personal values: phones are lent and lost, desks are shared (M.26).
NEVER_KEPT = "no-store"
# What a page may use of the machine: nothing, unless its view says so.
PERMISSIONS = "Permissions-Policy"
_PARTS = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
NOTHING_USED = ", ".join(f"{part}=()" for part in _PARTS)
CAMERA_USED = NOTHING_USED.replace("camera=()", "camera=(self)")

Answer = TypeVar("Answer", bound=HttpResponseBase)


def not_found() -> Http404:
    """What is not there and what is a neighbour's look the same."""
    return Http404("没有找到这一件")


def never_kept(answer: Answer) -> Answer:
    """The same answer, which no browser and no proxy may keep."""
    answer["Cache-Control"] = NEVER_KEPT
    return answer


def compressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The same answer, compressed where the browser takes it: a face is 90 % outlines."""
    patch_vary_headers(answer, ("Accept-Encoding",))
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.content = gzip.compress(answer.content, compresslevel=6, mtime=0)
        answer["Content-Encoding"] = "gzip"
    return answer


def attachment(data: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to be saved under a name, never kept by the browser itself."""
    return _file(data, name, media_type, as_attachment=True)


def shown_file(data: bytes, name: str, media_type: str) -> HttpResponse:
    """A file that the browser opens, never kept by it; saved, it has a name."""
    return _file(data, name, media_type, as_attachment=False)


def streamed_attachment(lines: Iterable[str], name: str, media_type: str) -> StreamingHttpResponse:
    """A file to be saved that is sent line by line, however long; never kept by the browser."""
    answer = StreamingHttpResponse(lines, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return never_kept(answer)


def _file(data: bytes, name: str, media_type: str, *, as_attachment: bool) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    disposition = content_disposition_header(as_attachment=as_attachment, filename=name)
    answer["Content-Disposition"] = disposition or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return never_kept(answer)
