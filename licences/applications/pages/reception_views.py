"""Reception: first whether a state secret is touched, then who applies for what (M.3, M.9)."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.applications import receiving
from licences.applications import selectors as applications
from licences.applications.addresses import address_of
from licences.applications.pages.forms.reception import ApplicationForm, HolderForm, SecrecyForm
from licences.models import Application, CatalogueEntry, Licence
from licences.register.pages.addresses import licence_address
from licences.register.selectors import possible_duplicates
from licences.typed import plain
from zezhou_portal.pagekit.views import FormPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.pages.views import offered
from zezhou_portal.parties.holders.services import enter_holder, search_holders
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

# The receptions for which this clerk has answered the first question: each by a token that stands
# in its address alone, so that an abandoned one lets nobody past the question; gone once received.
DECLARED = "receptions_declared"
_MOST_OPEN = 5
MOST_HOLDERS = 20


class SecrecyQuestion(FormPage):
    """Asks before any other field whether a state secret is touched (M.3)."""

    capability = Capability.RECEIVE_APPLICATIONS
    action = Action.SECRET_DECLARED
    template_name = "licences/secrecy.html"
    form_class = SecrecyForm

    def carry_out(self, form: Any) -> HttpResponse:
        if form.cleaned_data["touched"] == "no":
            token = secrets.token_urlsafe(12)
            others = self.request.session.get(DECLARED, [])
            self.request.session[DECLARED] = [*others, token][-_MOST_OPEN:]
            return redirect(f"{reverse('licences:receive')}?reception={token}")
        sentence = receiving.declare_secret_at_reception(actor=self.actor)
        return self.render({"turned_away": sentence})


@dataclass
class Desk:
    """What stands on the reception page: chosen so far, found, and what is wrong."""

    kinds: list[CatalogueEntry]
    entry: CatalogueEntry | None = None
    holders: list[Holder] = field(default_factory=list)
    search: str = ""
    found: list[Holder] | None = None
    is_entering: bool = False
    problem: str = ""


class ReceptionPage(PortalView):
    """One page, one form: kind, holders, mode, paper; every button keeps what was typed."""

    capability = Capability.RECEIVE_APPLICATIONS
    action = Action.APPLICATION_RECEIVED
    template_name = "licences/receive.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        if not self._is_declared():
            return redirect("licences:secrecy")
        desk = Desk(kinds=list(applications.kinds_of(self.actor)))
        return self._show(desk, ApplicationForm(None), HolderForm(prefix="new"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `act`: find, choose:<uuid>, drop:<uuid>, enter, receive; anything else redraws."""
        if not self._is_declared():
            return redirect("licences:secrecy")
        desk = self._desk(request)
        act, _, key = request.POST.get("act", "").partition(":")
        application_form = ApplicationForm(desk.entry, initial=_typed(request))
        holder_form = HolderForm(initial=_typed(request, "new-"), prefix="new")
        if act == "drop":
            desk.holders = [one for one in desk.holders if str(one.uuid) != key]
        elif act == "choose":
            self._choose(desk, key)
        elif act == "enter":
            holder_form = self._enter(desk, request)
        elif act == "receive":
            application_form = ApplicationForm(desk.entry, request.POST)
            received = self._receive(desk, application_form)
            if received is not None:
                return redirect("licences:capture", key=received.uuid)
        if desk.search and act in {"find", "kind", ""}:
            desk.found = list(search_holders(actor=self.actor, text=desk.search))
            desk.is_entering = desk.is_entering or not desk.found
        status = 422 if application_form.errors or holder_form.errors or desk.problem else 200
        return self._show(desk, application_form, holder_form, status=status)

    def _is_declared(self) -> bool:
        """Whether the question was answered for this very reception."""
        token = self.request.GET.get("reception", "")
        return bool(token) and token in self.request.session.get(DECLARED, [])

    def _close(self) -> None:
        """Once received, the answer is used up."""
        token = self.request.GET.get("reception", "")
        rest = [one for one in self.request.session.get(DECLARED, []) if one != token]
        self.request.session[DECLARED] = rest

    def _desk(self, request: HttpRequest) -> Desk:
        kinds = list(applications.kinds_of(self.actor))
        code = request.POST.get("kind", "")
        keys = [key for key in map(_uuid, request.POST.getlist("holder")) if key][:MOST_HOLDERS]
        known = {row.uuid: row for row in Holder.objects.filter(uuid__in=keys)}
        return Desk(
            kinds=kinds,
            entry=next((one for one in kinds if one.type_code == code), None),
            holders=[known[key] for key in keys if key in known],
            search=plain(request.POST.get("q", "")).strip()[:60],
            is_entering=request.POST.get("act") in {"new", "enter"},
        )

    def _choose(self, desk: Desk, key: str) -> None:
        wanted = _uuid(key)
        found = Holder.objects.filter(uuid=wanted).first() if wanted else None
        if found is not None and found not in desk.holders:
            self._add(desk, found)
        desk.search = ""

    def _add(self, desk: Desk, holder: Holder) -> None:
        """Beside the others where the kind allows several holders, else in their place."""
        several = desk.entry is not None and desk.entry.several_holders
        desk.holders = [*desk.holders, holder] if several else [holder]

    def _enter(self, desk: Desk, request: HttpRequest) -> HolderForm:
        form = HolderForm(request.POST, prefix="new")
        form.full_clean()
        try:
            entered = enter_holder(actor=self.actor, **form.words())
        except RuleBroken as refusal:
            show_refusal(form, refusal)
            return form
        if entered.holder not in desk.holders:
            self._add(desk, entered.holder)
        desk.search, desk.is_entering = "", False
        if entered.was_known:
            messages.info(request, "这个持证人以前登记过，已直接选用\n没有重复登记。")
        return HolderForm(prefix="new")

    def _receive(self, desk: Desk, form: ApplicationForm) -> Application | None:
        if desk.entry is None:
            desk.problem = "还没有选证照种类"
        if not form.is_valid() or desk.entry is None:
            return None
        words = form.cleaned_data
        try:
            received = receiving.receive(
                actor=self.actor,
                entry=desk.entry,
                holders=desk.holders,
                service_item=words["service_item"],
                mode=words["mode"],
                concluded_elsewhere_at=words["concluded_elsewhere_at"],
                has_paper=words["has_paper"],
            )
        except RuleBroken as refusal:
            if "concluded_elsewhere_at" in refusal.fields:
                show_refusal(form, refusal)
            else:
                desk.problem = refusal.reason.rstrip("。")
            return None
        self._close()
        messages.success(
            self.request, f"已收件，办件号 {received.number}\n接着采集；中途离开，先存草稿。"
        )
        return received

    def _show(
        self,
        desk: Desk,
        application_form: ApplicationForm,
        holder_form: HolderForm,
        *,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "desk": desk,
            "form": application_form,
            "holder_form": holder_form,
            "renamed": offered(self.actor, self.request, "new-") if holder_form.errors else None,
            "licences": self._licences(desk),
            "twins": self._twins(desk),
        }
        return self.render(context, status=status)

    def _licences(self, desk: Desk) -> list[tuple[Licence, str]]:
        """What the holders have of this kind already, from this department, with addresses."""
        if desk.entry is None or not desk.holders:
            return []
        rows = possible_duplicates(desk.entry.type_code, [one.pk for one in desk.holders])
        own = rows.filter(issuing_department_id=desk.entry.issuing_department_id)[:5]
        return [(row, licence_address(row)) for row in own]

    def _twins(self, desk: Desk) -> list[tuple[Application, str]]:
        if desk.entry is None or not desk.holders:
            return []
        rows = applications.open_twins(
            self.actor,
            type_code=desk.entry.type_code,
            holder_ids=[one.pk for one in desk.holders],
        )[:5]
        return [(row, address_of(row, self.actor)) for row in rows]


def _typed(request: HttpRequest, prefix: str = "") -> dict[str, Any]:
    """What was typed, for a form that is shown again without being judged."""
    form: dict[str, Any] = {
        key.removeprefix(prefix): value
        for key, value in request.POST.items()
        if key.startswith(prefix)
    }
    return form


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
