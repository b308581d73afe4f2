"""What a browser may keep of the portal, and what its pages may use of the machine.

Phones are lent and lost, desks are shared (M.26): the rule stands here, for every route; a view
may say less than the rule and never more.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from zezhou_portal.pagekit.responses import NOTHING_USED, PERMISSIONS, never_kept
from zezhou_portal.parties.identity.session import CHECK

# What a browser forgets when somebody leaves. Cookies stay: the session's goes by itself, and the
# next page's message, the larger letters and the known device are not the person's.
FORGOTTEN = '"cache", "storage"'
# Where time ended a session: what a verifier's browser keeps to ask later is not thrown away.
FORGOTTEN_BY_TIME = '"cache"'


class PermissionsMiddleware:
    """Lets a page use nothing of the machine but what its view asks for; files too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers with a policy."""
        response = self.get_response(request)
        response.setdefault(PERMISSIONS, NOTHING_USED)
        return response


class NothingKeptMiddleware:
    """Whoever has a session is answered with nothing that may be kept.

    Stands outside the session and after the static files: it sees the cookie that came and the one
    that goes, so it needs no query and no view can forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers; what a view allowed a stranger's browser to keep is taken back."""
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            never_kept(response)
        return response


class NothingLeftMiddleware:
    """Where somebody was signed in and is not any more, the browser forgets what it kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers, and compares who was there with who is there."""
        before = _who(request)
        response = self.get_response(request)
        if before and _who(request) != before:
            is_own_act = request.method == "POST"
            response["Clear-Site-Data"] = FORGOTTEN if is_own_act else FORGOTTEN_BY_TIME
        return response


def _who(request: HttpRequest) -> str:
    """The account or the real-name check of a session; nothing where nobody is signed in."""
    return str(request.session.get(SESSION_KEY) or request.session.get(CHECK) or "")
