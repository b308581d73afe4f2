"""What every page of the portal starts from: it declares who may open it.

A view declares exactly one of

- `capability`: one capability, or a tuple of which any one opens the page;
- `signed_in = "because …"`: every member of staff, whatever their posting;
- `holder = "because …"`: a holder who signed in by a real-name check (M.20);
- `public = "because …"`: anybody.

`tests/permissions/test_every_url_declares.py` walks the site map and fails for a view that
declares nothing. A page decides by capability alone; whose row it is, a selector's
`visible_to(actor)` and the verb's `permit()` decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from audit.trail.recording import record_refusal
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.pagekit.sessions import proved_lately
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

if TYPE_CHECKING:
    # Names of types alone: the parties' own pages are made of this kit, so it lies below them.
    from zezhou_portal.parties.capabilities import Capability
    from zezhou_portal.parties.identity.session import HolderSession
    from zezhou_portal.parties.models import Account
    from zezhou_portal.parties.staff.officials import Choice

# Where a session keeps the department that its member of staff chose to act for.
CHOSEN = "acting_department"
# The button of a question that was asked.
CONFIRMED = "confirmed"
# An address that is longer is nobody's bookmark, and a redirect could not carry it.
_LONGEST_NEXT = 2000
# What a multipart body adds to its files: boundaries, headings, the token.
WRAPPING = 64 * 1024


class ActingRequest(HttpRequest):
    """A request as `ActingPartyMiddleware` leaves it: who acts, and for whom else they could."""

    actor: Actor
    account: Account | None
    postings: list[Choice]
    holder_session: HolderSession | None


class PortalView(View):
    """A page or a POST; see the module for what it must declare."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = None
    signed_in: ClassVar[str] = ""
    holder: ClassVar[str] = ""
    public: ClassVar[str] = ""
    # The act that a POST carries out: a POST without the capability is a refused act (M.25).
    action: ClassVar[Action | None] = None
    # Whether the second factor is asked again where it was given long ago (ours, M.25).
    asks_again: ClassVar[bool] = False
    template_name: ClassVar[str] = ""
    # How many bytes a request to this view may send, where that is more than a form
    # (site/body_sizes.py), and what is said of more.
    most_body: ClassVar[int]
    too_much: ClassVar[str] = ""
    request: ActingRequest

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.request.actor

    @property
    def account(self) -> Account:
        """The account of the member of staff who acts; only where a log-in is asked for."""
        if self.request.account is None:
            raise NotPermitted("", "请先登录。")
        return self.request.account

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sends people without a log-in to log in; raises NotPermitted where one is not enough."""
        if self.holder:
            if self.actor.kind is not ActorKind.HOLDER:
                return _to_log_in(request, "parties:holder-sign-in")
        elif not self.public:
            if self.actor.kind is not ActorKind.OFFICIAL:
                return _to_log_in(request)
            if not self.signed_in:
                self._demand_capability()
            if self.asks_again and not proved_lately(request):
                return _to_prove_again(request)
        self.prepare(**kwargs)
        return super().dispatch(request, *args, **kwargs)

    @property
    def holder_session(self) -> HolderSession:
        """The holder who acts; only on pages that declare `holder`."""
        if self.request.holder_session is None:
            raise NotPermitted("", "请先实名认证登录。")
        return self.request.holder_session

    def prepare(self, **kwargs: Any) -> None:
        """Finds the rows that the address names, once it is clear that the page may be opened.

        Raises Http404 for a row that is not there and for a neighbour's alike.
        """

    def render(
        self,
        context: Mapping[str, Any] | None = None,
        *,
        template: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The page's template, or `template`, with a context."""
        name = template or self.template_name
        return render(self.request, name, dict(context or {}), status=status)

    def any_of(self) -> list[str]:
        """The codes of the capabilities of which any one opens the page."""
        wanted = self.capability or ()
        return [one.value for one in (wanted if isinstance(wanted, tuple) else (wanted,))]

    def _demand_capability(self) -> None:
        wanted = self.capability
        if wanted is None:
            raise NotPermitted("", "这一页还没有说明谁可以打开。")
        if any(self.actor.has(code) for code in self.any_of()):
            return
        first = wanted[0] if isinstance(wanted, tuple) else wanted
        reason = f"您现在的岗位没有“{first.words}”的权限，请交给有这个岗位的同事。"
        if self.request.method == "POST" and self.action:
            record_refusal(self.actor, self.action, None, reason)
        raise NotPermitted(first.value, reason)


@dataclass(frozen=True)
class Question:
    """What a person is asked before an act: what will happen, under which article, the way back.

    `stop`: what cannot be undone wears the red frame. `undo` says whether it can, `hands` that
    the act takes two people.
    """

    question: str
    consequences: Sequence[str]
    verb: str
    back: str = ""
    back_words: str = "不办，返回"
    undo: str = ""
    references: Sequence[str] = ()
    hands: str = ""
    stop: bool = False


class FormPage(PortalView):
    """A page with one form: shows it, and shows it again with what is wrong (status 422)."""

    form_class: ClassVar[type[forms.Form]]

    def form(self, data: Any = None) -> forms.Form:
        """The form, bound where data is given."""
        if data is None:
            return self.form_class(initial=self.initial())
        return self.form_class(data, self.request.FILES)

    def initial(self) -> dict[str, Any]:
        """What the fields show at first."""
        return {}

    def context(self) -> dict[str, Any]:
        """What the template needs beside `form`."""
        return {}

    def asks(self, form: forms.Form) -> Question | None:  # noqa: ARG002
        """What is asked before the act, of a form that is right; nothing unless a page says so."""
        return None

    def carry_out(self, form: forms.Form) -> HttpResponse:
        """Calls the verb with the form's values and gives the redirect."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The empty form."""
        return self.render({"form": self.form(), **self.context()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """Carries the act out, asks before it, or says at which field the form fails."""
        form = self.form(request.POST)
        if form.is_valid():
            asked = self.asks(form)
            if asked is not None and CONFIRMED not in request.POST:
                carried = carried_values(form)
                return self.render(
                    {"form": form, "asked": asked, "carried": carried, **self.context()}
                )
            try:
                return self.carry_out(form)
            except RuleBroken as refusal:
                show_refusal(form, refusal)
        return self.render({"form": form, **self.context()}, status=422)


class ConfirmPage(PortalView):
    """A page that says what will happen and asks, then does it (POST).

    `form_class` holds what the act needs besides a yes: a reason, one act of proof. `carry_out`
    finds its values in `given`. Where no form is there, one without fields is used.
    """

    template_name = "kit/confirm.html"
    frame: ClassVar[str] = "shell/staff.html"
    form_class: ClassVar[type[forms.Form]] = forms.Form
    verb: ClassVar[str]
    references: ClassVar[tuple[str, ...]] = ()
    back_words: ClassVar[str] = "不办，返回"
    undo: ClassVar[str] = ""
    hands: ClassVar[str] = ""
    # What cannot be undone wears the red frame.
    stop: ClassVar[bool] = False
    given: Mapping[str, Any]

    def question(self) -> str:
        """Object and verb, as a question."""
        raise NotImplementedError

    def consequences(self) -> list[str]:
        """What happens, one sentence each."""
        raise NotImplementedError

    def back(self) -> str:
        """The address of the way back."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What a template of its own needs beside the question."""
        return {}

    def carry_out(self) -> HttpResponse:
        """Calls the verb and gives the redirect."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The question."""
        return self.ask(self.form_class())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """Does it, or asks again: what the form lacks, or the reason why it cannot be done."""
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        self.given = form.cleaned_data
        try:
            return self.carry_out()
        except RuleBroken as refusal:
            return self.ask(form, refusal, status=422)

    def ask(
        self, form: forms.Form, refusal: RuleBroken | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page that asks, with the reason why it could not be done."""
        asked = Question(
            question=self.question(),
            consequences=self.consequences(),
            verb=self.verb,
            back=self.back(),
            back_words=self.back_words,
            undo=self.undo,
            references=self.references,
            hands=self.hands,
            stop=self.stop,
        )
        context = {"frame": self.frame, "asked": asked, "form": form, "refusal": refusal}
        return self.render({**context, **self.context()}, status=status)


def carried_values(form: forms.Form) -> list[tuple[str, str]]:
    """The values of a bound form as they were sent, to be sent again unseen with the yes."""
    sent = form.data
    values = sent.getlist if isinstance(sent, QueryDict) else lambda name: [sent[name]]
    return [
        (name, value)
        for name in map(form.add_prefix, form.fields)
        if name in sent
        for value in values(name)
    ]


def show_refusal(form: forms.Form, refusal: RuleBroken) -> None:
    """Puts a verb's refusal where it belongs: at its fields, else at the head of the form."""
    placed = False
    for name, sentence in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
        placed = True
    if not placed:
        form.add_error(None, refusal.reason)


def _to_prove_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the second factor, and from there back to where this began."""
    back = request.get_full_path()
    if request.method != "GET":
        back = request.headers.get("Referer", "")
    return HttpResponseRedirect(f"{reverse('parties:again')}?{urlencode({'next': back})}")


def _to_log_in(request: HttpRequest, name: str = "parties:log-in") -> HttpResponse:
    """To the log-in page and, for a page that was asked for, back again."""
    target = reverse(name)
    wanted = request.get_full_path()
    if request.method == "GET" and len(wanted) <= _LONGEST_NEXT:
        target = f"{target}?{urlencode({'next': wanted})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return HttpResponseRedirect(target)
