"""Finding a holder, masked and on the record; entering one and changing one (M.3, M.25, M.26)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.changing import change_holder, may_change_alone
from zezhou_portal.parties.holders.pages.forms import ChangeForm, EnterForm
from zezhou_portal.parties.holders.proposing import propose_change
from zezhou_portal.parties.holders.renaming import NameChange, name_change
from zezhou_portal.parties.holders.selectors import (
    MOST,
    holder_by_key,
    holders_dealt_with_by,
    open_change_of,
    open_merge_of,
)
from zezhou_portal.parties.holders.services import (
    enter_holder,
    search_holders,
)
from zezhou_portal.parties.masking import mask_identity, mask_name, mask_phone
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.identifiers import normalise_code


class Holders(PortalView):
    """The search; by POST, so that a number stands in no address and in no log."""

    capability = Capability.ENTER_HOLDERS
    action = Action.HOLDERS_SEARCHED
    template_name = "parties/holders.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render()

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `q`: whom it finds."""
        text = request.POST.get("q", "").strip()
        found = search_holders(actor=self.actor, text=text) if text else []
        keys = [one.pk for one in found]
        own = set(
            holders_dealt_with_by(self.actor).filter(pk__in=keys).values_list("pk", flat=True)
        )
        rows = [{**shown(one), "may_change": one.pk in own} for one in found]
        context = {"q": text, "asked": True, "rows": rows, "most": MOST}
        return self.render(context)


class EnterHolder(FormPage):
    """A holder whom the portal may not know yet; one whom it knows is not entered twice."""

    capability = Capability.ENTER_HOLDERS
    action = Action.HOLDER_ENTERED
    template_name = "parties/holder_enter.html"
    form_class = EnterForm

    def context(self) -> dict[str, Any]:
        return {"renamed": offered(self.actor, self.request)}

    def carry_out(self, form: forms.Form) -> HttpResponse:
        words = form.words() if isinstance(form, EnterForm) else {}
        entered = enter_holder(actor=self.actor, **words)
        if entered.was_known:
            messages.info(self.request, "这位持证人早就登记过\n没有重复登记，收件时直接选用。")
        else:
            messages.success(self.request, "持证人已登记\n收件时用号码或名称就能找到。")
        return redirect("parties:holders")


class ChangeHolder(FormPage):
    """A new name or phone, or a number for one who had none; what is left empty stays.

    Nothing of the holder is shown in full here, so that opening the page discloses nothing.
    """

    capability = Capability.ENTER_HOLDERS
    action = Action.HOLDER_CHANGED
    template_name = "parties/holder_change.html"
    form_class = ChangeForm
    found: Holder

    def prepare(self, **kwargs: Any) -> None:
        """Finds the holder; a 404 for one of whom only a neighbour knows."""
        found = holder_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        # whoever was found to be somebody else is changed as that one
        self.found = found.same_as or found

    def initial(self) -> dict[str, Any]:
        """GET `name`: the name under which an enterprise was met elsewhere."""
        return {"name": self.request.GET.get("name", "")[:200]}

    def form(self, data: Any = None) -> ChangeForm:
        """The form; for a trader whose operator nobody knows, with the fields for one."""
        is_trader = self.found.kind == HolderKind.SOLE_TRADER
        asks = is_trader and self.found.operator_id is None
        if data is None:
            return ChangeForm(initial=self.initial(), asks_operator=asks)
        return ChangeForm(data, asks_operator=asks)

    def context(self) -> dict[str, Any]:
        return {
            "row": shown(self.found),
            "is_trader": self.found.kind == HolderKind.SOLE_TRADER,
            "has_number": bool(self.found.identity_number),
            "operator": mask_name(self.found.operator.name) if self.found.operator else "",
            "waiting": open_merge_of(self.actor, self.found),
            "proposed": open_change_of(self.actor, self.found),
            "takes_two": not may_change_alone(self.actor, self.found),
        }

    def carry_out(self, form: forms.Form) -> HttpResponse:
        words = form.cleaned_data
        operator = form.operator() if isinstance(form, ChangeForm) else None
        told = {key: words[key] for key in ("name", "identity_type", "identity_number", "phone")}
        if operator is None and not may_change_alone(self.actor, self.found):
            change = propose_change(actor=self.actor, holder=self.found, **told)
            messages.success(self.request, "已提出，等另一个人确认\n确认以前，登记不变。")
            return redirect("parties:holder-change", key=change.uuid)
        change_holder(
            actor=self.actor,
            holder=self.found,
            name=words["name"] or self.found.name,
            identity_type=words["identity_type"] or self.found.identity_type,
            identity_number=words["identity_number"] or self.found.identity_number,
            phone=words["phone"] or self.found.phone,
            operator=operator,
        )
        messages.success(
            self.request, "持证人信息已变更\n已经制发的证照不变；要改证照，另行办理变更。"
        )
        return redirect("parties:holders")


def offered(actor: Actor, request: HttpRequest, prefix: str = "") -> NameChange | None:
    """The change of name to offer for what was typed of a holder, beside the refusal."""
    told = [
        request.POST.get(f"{prefix}{name}", "")
        for name in ("identity_type", "identity_number", "name")
    ]
    if not all(told) or "\0" in "".join(told):
        return None
    return name_change(actor, told[0], normalise_code(told[1]), told[2])


def shown(holder: Holder) -> dict[str, Any]:
    """A holder as a list shows them: people masked, organisations' credit codes public."""
    person = holder.kind == HolderKind.NATURAL_PERSON.value
    return {
        "key": holder.uuid,
        "name": mask_name(holder.name) if person else holder.name,
        "kind": holder.get_kind_display(),
        "phone": mask_phone(holder.phone),
        "reason": holder.no_number_reason,
        **identity_shown(holder),
    }


def identity_shown(holder: Holder) -> dict[str, str]:
    """What a holder is known by: the type in words, the number masked unless it is public."""
    public = holder.identity_type == IdentityType.CREDIT_CODE.value
    number = holder.identity_number
    return {
        "identity_words": holder.get_identity_type_display() or "没有证件号码",
        "identity": number if public else mask_identity(number),
    }
