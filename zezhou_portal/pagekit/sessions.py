"""Requests that run beside others of the same person, and must not undo what those write."""

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest


def only_prolong(request: HttpRequest) -> None:
    """Lets the answer prolong the session and write nothing of it.

    A session is saved whole with every request. One that a script sends beside the person's own
    would put back what stood there when it began, and a message just left would be gone.
    """
    session = request.session
    if not isinstance(session, SessionStore) or not session.session_key:
        return

    def save(must_create: bool = False) -> None:  # noqa: ARG001, FBT001, FBT002
        rows = session.model.objects.filter(pk=session.session_key)
        rows.update(expire_date=session.get_expiry_date())

    session.save = save  # type: ignore[method-assign]
