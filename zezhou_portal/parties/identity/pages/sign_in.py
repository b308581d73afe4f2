"""A holder signs in through an identity service, and out again (M.20).

The session keeps what a sign-in under way needs, for ten minutes and for one answer; it is used
up by the first answer with its state, whatever comes of it.
"""

import secrets
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import ActingRequest, PortalView
from zezhou_portal.parties import leaving
from zezhou_portal.parties.identity import real_name
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.known import provider as provider_of
from zezhou_portal.parties.identity.known import providers, service
from zezhou_portal.parties.identity.port import Assertion, SignInFailed
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import SIGN_IN_UNDER_WAY

# Where a session keeps a sign-in that is under way.
UNDER_WAY = "holder_sign_in"
_STALE = "这次登录已经用过，或者隔得太久。没有登录，请重新选一个身份服务。"


class _Choice(PortalView):
    """What every step of signing in can lead back to."""

    template_name = "parties/holder_sign_in.html"

    def choice(self, refusal: str = "", status: int = 200) -> HttpResponse:
        """The page, with the reason why the last try failed where there was one."""
        context = {
            "providers": providers(),
            "next": self.request.GET.get("next", ""),
            "refusal": refusal,
            "wanted_level": settings.PORTAL_ASSURANCE_LEVEL,
            "left": _can_leave(self.request.GET.get("left", "")),
        }
        return self.render(context, status=status)


class SignIn(_Choice):
    """Which identity service to sign in through."""

    public = "because nobody is signed in yet"

    def get(self, request: ActingRequest) -> HttpResponse:
        target = request.GET.get("next", "")
        if request.holder_session is not None and target:
            return HttpResponseRedirect(_own_path(target))
        return self.choice()


class _OfProvider(_Choice):
    """A step of signing in through one service."""

    provider: Provider

    def prepare(self, **kwargs: str) -> None:
        found = provider_of(kwargs["provider"])
        if found is None:
            raise Http404
        self.provider = found

    def refuse(self, sentence: str) -> HttpResponse:
        """The choice again, with a sentence."""
        return self.choice(sentence, status=422)


class Begin(_OfProvider):
    """Sends the browser to the identity service."""

    public = "because nobody is signed in yet; the session holds what must come back"

    def get(self, request: ActingRequest, provider: str) -> HttpResponse:
        state = secrets.token_urlsafe(32)
        back = settings.PORTAL_ADDRESS + reverse("parties:holder-sign-in-back", args=[provider])
        try:
            begun = service(self.provider).begin(state, back)
        except SignInFailed as failed:
            real_name.refuse_sign_in(actor=self.actor, sentence=failed.sentence)
            return self.refuse(failed.sentence)
        request.session[UNDER_WAY] = {
            "provider": provider,
            "state": state,
            "kept": begun.kept,
            "next": request.GET.get("next", ""),
            "until": (clock.now() + SIGN_IN_UNDER_WAY).isoformat(),
        }
        return HttpResponseRedirect(begun.address)


class Back(_OfProvider):
    """Takes the identity service's answer and starts a session of the holder's own."""

    public = "because the answer decides who is signed in"

    def get(self, request: ActingRequest, provider: str) -> HttpResponse:  # noqa: ARG002
        try:
            target, assertion = self._answer(request)
        except SignInFailed as failed:
            real_name.refuse_sign_in(actor=self.actor, sentence=failed.sentence)
            return self.refuse(failed.sentence)
        try:
            signed_in = real_name.sign_in(assertion=assertion, request_id=self.actor.request_id)
        except RuleBroken as refusal:
            return self.refuse(refusal.reason)
        self._begin_session(request, signed_in)
        return HttpResponseRedirect(_own_path(target))

    def _answer(self, request: ActingRequest) -> tuple[str, Assertion]:
        """Where to go next, and who came back. Raises SignInFailed."""
        params = {name: request.GET.get(name, "") for name in request.GET}
        under_way = request.session.get(UNDER_WAY) or {}
        state = str(under_way.get("state", ""))
        if not state or not secrets.compare_digest(
            state.encode(), params.get("state", "").encode()
        ):
            raise SignInFailed("state", _STALE)
        del request.session[UNDER_WAY]
        request.session.save()  # used up, also for a second answer that arrives meanwhile
        is_late = clock.now() > datetime.fromisoformat(under_way["until"])
        if is_late or under_way["provider"] != self.provider.key:
            raise SignInFailed("state", _STALE)
        assertion = service(self.provider).finish(params, under_way["kept"])
        return str(under_way["next"]), assertion

    def _begin_session(self, request: ActingRequest, signed_in: real_name.SignedIn) -> None:
        """A session with a key of its own; whoever else was signed in in this browser is out."""
        if request.account is not None:
            leaving.log_out(actor=self.actor, account=request.account)
        if request.holder_session is not None:
            leaving.sign_out(actor=request.holder_session.actor, check=request.holder_session.check)
        request.session.flush()
        request.session[CHECK] = str(signed_in.check.uuid)
        if signed_in.mandate is not None:
            request.session[ACTING_FOR] = str(signed_in.mandate.uuid)
        rotate_token(request)


class SignOut(PortalView):
    """Ends the real-name check and the session."""

    public = "because one may always leave"
    http_method_names = ["post"]

    def post(self, request: ActingRequest) -> HttpResponse:
        if request.account is not None:
            return HttpResponseRedirect(reverse("portal:desk"))
        left = ""
        if request.holder_session is not None:
            left = request.holder_session.check.provider
            leaving.sign_out(actor=self.actor, check=request.holder_session.check)
        request.session.flush()
        messages.success(
            request,
            "已退出\n用的是公用电脑或别人的手机，请把身份服务那边也退出，再关掉浏览器。",
        )
        query = f"?{urlencode({'left': left})}" if _can_leave(left) else ""
        return HttpResponseRedirect(reverse("parties:holder-sign-in") + query)


class Leave(_OfProvider):
    """Leads to the identity service's own sign-out, where it offers one.

    A link and no answer to a form: the content policy lets forms lead nowhere else.
    """

    public = "because whoever has signed out here may sign out there"

    def get(self, request: ActingRequest, provider: str) -> HttpResponse:  # noqa: ARG002
        address = service(self.provider).leave(_entrance())
        return HttpResponseRedirect(address or reverse("parties:holder-sign-in"))


def _can_leave(key: str) -> Provider | None:
    """The service of a key, if one can sign out there."""
    found = provider_of(key)
    return found if found is not None and service(found).leave(_entrance()) else None


def _entrance() -> str:
    return f"{settings.PORTAL_ADDRESS}{reverse('parties:holder-sign-in')}"


def _own_path(target: str) -> str:
    """Where the person wanted to go, if it is a path of ours; else the wallet."""
    is_path = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_path else reverse("usage:wallet")
