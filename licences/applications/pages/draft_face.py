"""The live face beside capture: drawn of what is typed, saved nowhere (M.6, M.7)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from licences import data_items
from licences.applications import capturing, reading
from licences.applications.completeness import faults_of, types_number
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.application_views import CAPTURABLE
from licences.applications.pages.forms.capture import typed_of
from licences.applications.unmasking import hidden_from
from licences.models import Application
from licences.terms import is_offline
from zezhou_portal.pagekit.responses import compressed, never_kept
from zezhou_portal.pagekit.sessions import only_prolong
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.access import account_of
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault

_TERM = ("valid_from", "valid_until", "is_long_term", "term_reason")
_PLAIN = " /:=;,()!*@?$-_.+~[]{}|"
MENDED = "这一处改好了，存草稿后提示就没有了"


@dataclass(frozen=True)
class Note:
    """What stands at one field of the form beside the face."""

    field: str
    sentence: str
    is_mended: bool = False


class DraftFace(PortalView):
    """POST the form as it stands: its face, and at every field what would not stand on it.

    Nothing is saved and no revision counts: whoever types sees what they type.
    """

    capability = Capability.CAPTURE_VALUES
    action = Action.PREVIEW_OPENED
    template_name = "licences/_draft_face.html"
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """The part of the page; `told` names the fields that showed a fault when it was loaded."""
        only_prolong(request)
        application = application_or_404(self.actor, key)
        if application.state not in CAPTURABLE:
            return HttpResponse(status=204)  # handed in while it was being drawn
        hidden = hidden_from(self.actor, application)
        typed = typed_of(application, request.POST, hidden=hidden)
        capturing.take_over(
            application,
            by=account_of(self.actor),
            typed=typed.items,
            licence_number=typed.licence_number,
            valid_from=typed.valid_from,
            valid_until=typed.valid_until,
            is_long_term=typed.is_long_term,
            drafted=typed.drafted,
            term_reason=typed.term_reason,
            paper_issued_on=typed.paper_issued_on,
        )
        picture, faults = reading.open_draft(actor=self.actor, application=application)
        told = set(request.POST.get("told", "").split())
        context: dict[str, Any] = {
            # as text, not base64: what is drawn alike then packs to a tenth
            "picture": quote(picture, safe=_PLAIN) if picture else "",
            "notes": _notes(application, faults, told),
            "count": len(faults),
        }
        return compressed(request, never_kept(self.render(context)))


def _notes(application: Application, of_face: list[Fault], told: set[str]) -> list[Note]:
    """A note for every field of the form: what is wrong now, or that it no longer is."""
    keys = [item.key for item in data_items.items_of(application.entry.items)]
    fields = {key: key for key in keys} | {"number": "licence_number"}
    wrong = {
        fields[fault.field]: fault.sentence.rstrip("。")
        for fault in of_face
        if fault.field in fields
    }
    for fault in faults_of(application, with_face=False):
        if fault.is_missing:
            wrong.setdefault(fault.field, "")
        else:
            wrong[fault.field] = fault.sentence
    typed = ["licence_number"] if types_number(application) else []
    typed += ["paper_issued_on"] if is_offline(application) else []
    return [_note(name, wrong, told) for name in (*keys, *typed, *_TERM)]


def _note(name: str, wrong: dict[str, str], told: set[str]) -> Note:
    if name not in told:
        return Note(name, wrong.get(name, ""))
    return Note(name, "" if name in wrong else MENDED, is_mended=True)
