"""Finding a holder: by number or by part of a name, masked, on the record (M.25, M.26)."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.masking import mask_identity, mask_name, mask_phone
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.parties.pages.base import PortalView
from zezhou_portal.parties.selectors.holders import MOST
from zezhou_portal.parties.services.holders import search_holders
from zezhou_portal.regulation.actions import Action


class Holders(PortalView):
    """The search; by POST, so that a number stands in no address and in no log."""

    capability = Capability.ENTER_HOLDERS
    action = Action.HOLDERS_SEARCHED
    template_name = "parties/holders.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        """The empty search."""
        return self.render()

    def post(self, request: HttpRequest) -> HttpResponse:
        """POST `q`: whom it finds."""
        text = request.POST.get("q", "").strip()
        found = search_holders(actor=self.actor, text=text) if text else []
        context = {"q": text, "asked": True, "rows": [_shown(one) for one in found], "most": MOST}
        return self.render(context)


def _shown(holder: Holder) -> dict[str, Any]:
    """A holder as a list shows them: people masked, organisations' credit codes public."""
    person = holder.kind == HolderKind.NATURAL_PERSON.value
    public = holder.identity_type == IdentityType.CREDIT_CODE.value
    number = holder.identity_number
    return {
        "name": mask_name(holder.name) if person else holder.name,
        "kind": holder.get_kind_display(),
        "identity_words": holder.get_identity_type_display() or "没有证件号码",
        "identity": number if public else mask_identity(number),
        "phone": mask_phone(holder.phone),
    }
