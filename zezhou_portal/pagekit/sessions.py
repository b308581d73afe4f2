"""What a session keeps of how it was begun, and requests that must not undo what it keeps."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from zezhou_portal.kernel import clock

# When both factors were given, and when one of them was given last: seconds since 1970.
_BEGUN = "begun_at"
_PROVED = "proved_at"


def note_begun(request: HttpRequest) -> None:
    """Writes down that both factors were given just now."""
    request.session[_BEGUN] = request.session[_PROVED] = clock.now().timestamp()


def note_proved(request: HttpRequest) -> None:
    """Writes down that a factor was given again just now."""
    request.session[_PROVED] = clock.now().timestamp()


def begun_at(request: HttpRequest) -> datetime | None:
    """When both factors were given; nothing for a session that is not signed in."""
    seconds = request.session.get(_BEGUN)
    return None if seconds is None else datetime.fromtimestamp(seconds, clock.BEIJING)


def proved_lately(request: HttpRequest) -> bool:
    """Whether a factor was given so lately that it need not be asked again."""
    seconds = float(request.session.get(_PROVED, 0))
    age = clock.now().timestamp() - seconds
    return 0 <= age < settings.PORTAL_ASK_AGAIN.total_seconds()


def only_prolong(request: HttpRequest) -> None:
    """Lets the answer prolong the session and write nothing of it.

    A session is saved whole when something in it changed or it is prolonged. A request that a
    script sends beside the person's own would put back what stood there when it began, and a
    message just left would be gone.
    """
    session = request.session
    if not isinstance(session, SessionStore) or not session.session_key:
        return

    def save(must_create: bool = False) -> None:  # noqa: ARG001, FBT001, FBT002
        rows = session.model.objects.filter(pk=session.session_key)
        rows.update(expire_date=session.get_expiry_date())

    session.save = save  # type: ignore[method-assign]
