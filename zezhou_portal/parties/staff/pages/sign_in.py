"""Log-in with two factors, log-out, password, choice of posting."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import login as otp_login

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.kernel.network import address_of
from zezhou_portal.pagekit.sessions import note_begun
from zezhou_portal.pagekit.views import CHOSEN, FormPage, PortalView
from zezhou_portal.parties import leaving
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.staff import factors, second_factor, signing_in
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.parties.staff.pages.forms import CodeForm, LogInForm, PasswordForm
from zezhou_portal.parties.staff.sessions import forget_sessions, note_session
from zezhou_portal.parties.staff.tries import TOO_MANY, TooMany, origin_of, remember
from zezhou_portal.regulation.errors import RuleBroken

_NEXT = "next_after_log_in"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Shut(Exception):
    """Carries a lock past the form's own handling of refusals."""

    def __init__(self, locked: signing_in.Locked) -> None:
        super().__init__(locked.reason)
        self.until = locked.until


class _TooMany(Exception):
    """Carries a network that failed too often past the form's own handling of refusals."""


class Factor(FormPage):
    """A step of logging in that ends, and ends the session, when the account locks."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except Shut as shut:
            logout(request)
            return self.render({"until": shut.until}, template="parties/locked.html", status=429)
        except _TooMany:
            form = self.form(request.POST)
            form.is_valid()
            form.add_error(None, TOO_MANY)
            return self.render({"form": form, **self.context()}, status=429)


class LogIn(Factor):
    """First factor: user name and password."""

    public = "because nobody is signed in yet"
    template_name = "parties/log_in.html"
    form_class = LogInForm

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if self.actor.kind is ActorKind.OFFICIAL:
            return HttpResponseRedirect(onward(request))
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, object]:
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        return {"next": source.get("next", "")}

    def carry_out(self, form: Form) -> HttpResponse:
        try:
            account = signing_in.check_password(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                request_id=self.actor.request_id,
                origin=origin_of(self.request),
            )
        except signing_in.Locked as locked:
            raise Shut(locked) from locked
        except TooMany as refusal:
            raise _TooMany from refusal
        if self.request.holder_session is not None:
            leaving.sign_out(actor=self.actor, check=self.request.holder_session.check)
        # whoever was signed in here as a holder is not any more, and takes nothing along
        self.request.session.flush()
        login(self.request, account, backend=_BACKEND)
        self.request.session[_NEXT] = self.request.POST.get("next", "")
        if settings.PORTAL_SECOND_FACTOR:
            return HttpResponseRedirect(reverse("parties:second-factor"))
        _begin(self.request, account)
        answer = HttpResponseRedirect(onward(self.request))
        remember(self.request, answer, account)
        return answer


class SecondFactor(Factor):
    """Second factor: the code; or, the first time, setting the phone up."""

    public = "because the first factor alone signs nobody in; the session holds who gave it"
    template_name = "parties/second_factor.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Only with the first factor given, and only until the second one is."""
        user = request.user
        if not isinstance(user, Account):
            return HttpResponseRedirect(reverse("parties:log-in"))
        if self.actor.kind is ActorKind.OFFICIAL:
            return HttpResponseRedirect(onward(request))
        self.person = user
        self.device = second_factor.device_of(user)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[assignment]
        return response

    def context(self) -> dict[str, object]:
        if self.device is not None:
            return {"person": self.person}
        device = second_factor.begin(self.person)
        picture = second_factor.picture_of(second_factor.address_of(self.person, device))
        return {
            "person": self.person,
            "setting_up": True,
            "picture": second_factor.as_data(picture),
            "groups": second_factor.secret_in_groups(device),
        }

    def carry_out(self, form: Form) -> HttpResponse:
        code, request_id = form.cleaned_data["code"], self.actor.request_id
        origin = origin_of(self.request)
        if self.device is None:
            actor = signing_in.actor_of(self.person, request_id=request_id)
            factors.set_second_factor(actor=actor, account=self.person, code=code)
            signing_in.let_in_after_set_up(
                account=self.person, request_id=request_id, origin=origin
            )
        else:
            try:
                signing_in.check_code(
                    account=self.person, code=code, request_id=request_id, origin=origin
                )
            except signing_in.Locked as locked:
                raise Shut(locked) from locked
            except TooMany as refusal:
                raise _TooMany from refusal
        otp_login(self.request, second_factor.device_of(self.person))
        self.request.session.cycle_key()
        _begin(self.request, self.person)
        answer = HttpResponseRedirect(onward(self.request))
        remember(self.request, answer, self.person)
        return answer


class LogOut(PortalView):
    """Ends the session."""

    public = "because one may always leave"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.request.account is not None:
            leaving.log_out(actor=self.actor, account=self.request.account)
        logout(request)
        return HttpResponseRedirect(reverse("parties:log-in"))


class Password(Factor):
    """One's own password; the first one must be changed before anything else."""

    signed_in = "because everybody has a password of their own"
    template_name = "parties/password.html"
    form_class = PasswordForm

    def context(self) -> dict[str, object]:
        return {"must": self.account.must_change_password, "username": self.account.username}

    def carry_out(self, form: Form) -> HttpResponse:
        try:
            account = factors.change_password(
                actor=self.actor,
                account=self.account,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
            )
        except signing_in.Locked as locked:
            raise Shut(locked) from locked
        update_session_auth_hash(self.request, account)
        # every other session has ended, and this one has a new key
        forget_sessions(account)
        _note_where(self.request, account)
        messages.success(self.request, "密码已修改\n别处登录的都已退出，下次用新密码。")
        return HttpResponseRedirect(onward(self.request))


class SwitchPosting(PortalView):
    """For which department one acts from now on."""

    signed_in = "because only one's own postings can be chosen"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `posting`: the key of a department that one has a posting in."""
        key = request.POST.get("posting", "")
        postings = live_postings(self.account, clock.today())
        departments = [row.department for row in postings if str(row.department.uuid) == key]
        if not departments:
            raise RuleBroken("M.25", "您现在没有这个单位的岗位。请在右上角另选。")
        chosen = official(self.account, departments[0], postings, request_id=self.actor.request_id)
        signing_in.choose_posting(actor=self.actor, account=self.account, chosen=chosen)
        request.session[CHOSEN] = key
        return HttpResponseRedirect(onward(request))


def _begin(request: HttpRequest, account: Account) -> None:
    """Notes when and where a session was begun, once it has the key that it keeps."""
    note_begun(request)
    _note_where(request, account)


def _note_where(request: HttpRequest, account: Account) -> None:
    request.session.save()
    note_session(
        account,
        request.session.session_key or "",
        address=address_of(request),
        device=request.headers.get("User-Agent", ""),
    )


def onward(request: HttpRequest, wanted: str = "") -> str:
    """Where the person wanted to go, if it is ours; else the desk."""
    target = wanted or str(request.session.pop(_NEXT, "")) or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if target and ours:
        return target
    try:
        return reverse("portal:desk")
    except NoReverseMatch:
        return reverse("parties:inbox")
