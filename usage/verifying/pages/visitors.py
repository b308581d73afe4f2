"""Who a visitor is for the counting of looks; what their browser alone may see again."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from usage.verifying.visitors import visitor

__all__ = [
    "SeeOther",
    "private",
    "remember",
    "remembers",
    "visitor",
    "wait_for",
    "waits_for",
]


class SeeOther(HttpResponseRedirect):
    """To the page that shows what a POST brought, so that loading it again does nothing anew."""

    status_code = 303


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by nobody on the way: the address may hold a code, and the answer is of now.

    The address is told to our own pages only. To tell it to nobody (`no-referrer`) would make
    browsers send `Origin: null` with every form of the page, and each would be refused.
    """
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


# Session keys: the verifications this browser brought about, and the presentations whose holder
# is being asked, each with the secret that the reader was given.
_MADE, _ASKED = "readings", "asked"
_MOST = 40


def remember(request: HttpRequest, verifications: Iterable[UUID]) -> None:
    """Lets this browser see these results again for a while."""
    made = [*request.session.get(_MADE, []), *map(str, verifications)]
    request.session[_MADE] = made[-_MOST:]


def remembers(request: HttpRequest, verification: UUID) -> bool:
    """Whether this browser brought the verification about."""
    return str(verification) in request.session.get(_MADE, [])


def wait_for(request: HttpRequest, presentation: UUID, reader_key: str) -> None:
    """Keeps the secret with which this browser asks again what the holder said."""
    asked = {**request.session.get(_ASKED, {}), str(presentation): reader_key}
    request.session[_ASKED] = dict(list(asked.items())[-_MOST:])


def waits_for(request: HttpRequest, presentation: UUID) -> str:
    """The secret of a presentation that this browser waits for; nothing where it does not."""
    key: str = request.session.get(_ASKED, {}).get(str(presentation), "")
    return key
