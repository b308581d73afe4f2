"""An application's own page: where it stands, who did what, and the paper beside it (M.7, M.9)."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.trail.selectors import of_subject as records_of
from licences.applications import paper
from licences.applications import selectors as applications
from licences.applications.addresses import address_of
from licences.applications.completeness import faults_of
from licences.applications.materials import states_of
from licences.applications.pages.addresses import application_or_404
from licences.applications.pages.forms.application import BlankForm, HandingOverForm
from licences.applications.reading import READERS
from licences.applications.unmasking import HOLDER, may_open_number, unmask
from licences.models import Application
from licences.register.pages.addresses import licence_address
from licences.typed import plain
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.timeline import timeline
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

# Openings are told in the trail; here they would push what was done out of sight.
_OPENINGS = (Action.FILE_OPENED.code, Action.PREVIEW_OPENED.code)
SHOWN_RECORDS = 40
CAPTURABLE = frozenset({"RECEIVED", "CAPTURING", "RETURNED"})


def application_context(
    application: Application,
    actor: Actor,
    *,
    revealed: dict[str, str] | None = None,
    blank_form: forms.Form | None = None,
    handing_form: forms.Form | None = None,
) -> dict[str, Any]:
    """What the page of an application shows."""
    licence = getattr(application, "licence", None)
    told = records_of("application", str(application.uuid)).exclude(action__in=_OPENINGS)
    records = list(told[:SHOWN_RECORDS])
    work = address_of(application, actor)
    may_record = actor.has(Capability.RECORD_PAPER.value) and application.state == "CONCLUDED"
    opened = revealed or {}
    return {
        "application": application,
        "holders": [
            (one, opened.get(f"{HOLDER}{one.uuid}", ""), may_open_number(actor, application, one))
            for one in application.holders
        ],
        "licence": licence,
        "licence_url": licence_address(licence) if licence else "",
        "clock": applications.clock_of(application),
        "faults": faults_of(application) if application.state in CAPTURABLE else [],
        "work_url": "" if work.endswith(f"/{application.uuid}/") else work,
        "reviews": list(applications.reviews_of(application)),
        "attachments": list(application.attachments.order_by("attached_at", "pk")),
        "materials": states_of(application),
        "events": timeline(records),
        "may_withdraw": application.state in applications.OPEN[:4]
        and actor.has(Capability.CAPTURE_VALUES.value),
        "may_record": may_record and application.has_paper,
        "blank_form": blank_form
        or BlankForm(initial={"paper_blank_number": application.paper_blank_number}),
        "handing_form": handing_form or HandingOverForm(),
    }  # fmt: skip


class ApplicationPage(PortalView):
    """Everything about one application that its department may see."""

    capability = READERS
    template_name = "licences/application.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        application = application_or_404(self.actor, key)
        return self.render(application_context(application, self.actor))


class Unmask(PortalView):
    """POST `what`: shows one personal value in full, once, and records it (M.26)."""

    capability = Capability.UNMASK_VALUES
    asks_again = True
    action = Action.VALUE_UNMASKED
    template_name = "licences/application.html"

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        application = application_or_404(self.actor, key)
        what = plain(request.POST.get("what", ""))
        value = unmask(actor=self.actor, application=application, what=what)
        return self.render(application_context(application, self.actor, revealed={what: value}))


class _PaperAct(PortalView):
    """A form on the application's page about the paper licence."""

    capability = Capability.RECORD_PAPER
    template_name = "licences/application.html"
    form_class: ClassVar[type[forms.Form]]
    place: ClassVar[str]

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        application = application_or_404(self.actor, key)
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                messages.success(request, self.carry_out(application, form.cleaned_data))
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                return redirect("licences:application", key=application.uuid)
        forms_given: dict[str, Any] = {self.place: form}
        return self.render(application_context(application, self.actor, **forms_given), status=422)

    def carry_out(self, application: Application, words: dict[str, Any]) -> str:
        raise NotImplementedError


class RecordBlank(_PaperAct):
    """The printing number of the paper blank (M.9)."""

    action = Action.BLANK_RECORDED
    form_class = BlankForm
    place = "blank_form"

    def carry_out(self, application: Application, words: dict[str, Any]) -> str:
        paper.record_blank(
            actor=self.actor, application=application, blank_number=words["paper_blank_number"]
        )
        return "印刷号已登记"


class HandOver(_PaperAct):
    """The handing-over of the paper licence (M.9)."""

    action = Action.PAPER_HANDED_OVER
    form_class = HandingOverForm
    place = "handing_form"

    def carry_out(self, application: Application, words: dict[str, Any]) -> str:
        paper.record_handing_over(
            actor=self.actor, application=application, taken_by=words["paper_taken_by"]
        )
        return "纸质证照已登记发放"
