"""Who acts on a request, for which department; and what must come before anything else.

A member of staff acts only after both factors and with a password of their own: until then
every address but those of these steps leads back to the step that is missing (GB/T 22239).
"""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public
from zezhou_portal.pagekit.sessions import begun_at
from zezhou_portal.pagekit.views import CHOSEN, ActingRequest
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK, holder_session_of
from zezhou_portal.parties.models import Account, Department, Posting
from zezhou_portal.parties.staff.officials import choices, live_postings, official
from zezhou_portal.regulation.limits import SESSION_LASTS

# Reached whatever step is missing: to log out, to read more easily, and what the pages are
# made of.
_ALWAYS = ("parties:log-out", "portal:elder", "portal:theme", "portal:help", "portal:contact")


class ActingPartyMiddleware:
    """Puts `actor`, `account` and `postings` on every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActingRequest) -> HttpResponse:
        """Finds out who acts; leads to the missing step where one is."""
        request_id = str(getattr(request, "request_id", ""))
        request.actor, request.account = public(request_id), None
        request.postings, request.holder_session = [], None
        user = request.user
        if not isinstance(user, Account):
            self._act_as_holder(request, request_id)
            return self.get_response(request)
        begun = begun_at(request)
        if begun is not None and clock.now() - begun >= SESSION_LASTS:
            logout(request)
            return HttpResponseRedirect(reverse("parties:log-in"))
        step = missing_step(user)
        if step != "second-factor":
            self._act(request, user, request_id)
        if step and not _is_free(request.path, step):
            return HttpResponseRedirect(reverse(f"parties:{step}"))
        return self.get_response(request)

    def _act_as_holder(self, request: ActingRequest, request_id: str) -> None:
        """A holder whose real-name check counts acts as themselves, or by a live mandate."""
        key = request.session.get(CHECK, "")
        if not key:
            return
        found = holder_session_of(key, request.session.get(ACTING_FOR, ""), request_id=request_id)
        if found is not None:
            request.holder_session, request.actor = found, found.actor

    def _act(self, request: ActingRequest, account: Account, request_id: str) -> None:
        postings = live_postings(account, clock.today())
        department = _chosen(request, account, postings)
        request.account = account
        request.actor = official(account, department, postings, request_id=request_id)
        request.postings = choices(postings, department)
        if missing_step(account):
            request.actor = replace(request.actor, grants=frozenset())


def missing_step(account: Account) -> str:
    """The step of signing in that is still missing, as a URL name; empty if none is."""
    verified = getattr(account, "is_verified", lambda: False)()
    if settings.PORTAL_SECOND_FACTOR and not verified:
        return "second-factor"
    return "password" if account.must_change_password else ""


def _chosen(request: HttpRequest, account: Account, postings: list[Posting]) -> Department:
    """The chosen department while a posting there lives; else the first one; else one's own."""
    key = request.session.get(CHOSEN, "")
    for row in postings:
        if str(row.department.uuid) == key:
            return row.department
    own = [row.department for row in postings if row.department_id == account.department_id]
    first = own or [row.department for row in postings]
    return first[0] if first else account.department


def _is_free(path: str, step: str) -> bool:
    free = {reverse(f"parties:{step}"), *(reverse(name) for name in _ALWAYS)}
    return path in free or path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
