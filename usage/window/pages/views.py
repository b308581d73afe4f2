"""Somebody without a phone stands at the window: found, and printed for one purpose (P.2.3.2)."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from licences.models import Licence
from usage.models import PurposeCopy
from usage.verifying.purpose_copies import draw
from usage.verifying.rate_limits import TooOften
from usage.verifying.register_status import without_identity
from usage.window.pages.forms import PrintForm, WindowForm
from usage.window.selectors import (
    copy_made_by,
    holder_found,
    licence_in_force_of,
    licences_in_force_of,
)
from usage.window.services import Found, find_holder, print_copy
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import PDF, not_found, shown_file
from zezhou_portal.pagekit.views import FormPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Holder, HolderKind
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import WINDOW_PRINT_STAYS, WINDOW_STAYS_OPEN

# Who was found, for the steps up to the print; never a number, never a name in full.
_FOUND = "window_found"
_STEPS = ("核对身份", "选证照", "打印")


def steps(place: int) -> list[dict[str, Any]]:
    """The stepper, standing at a place."""
    return [
        {"name": name, "done": number < place, "current": number == place}
        for number, name in enumerate(_STEPS)
    ]


class WindowPage(FormPage):
    """Identity and name as they stand on the document, and how they were checked."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = Capability.SERVE_AT_WINDOW
    action = Action.WINDOW_LOOKED_UP
    template_name = "usage/window/window.html"
    form_class = WindowForm
    nobody = False

    def context(self) -> dict[str, Any]:
        return {"steps": steps(0), "nobody": self.nobody}

    def carry_out(self, form: Any) -> HttpResponse:
        try:
            found = find_holder(actor=self.actor, identity=form.identity())
        except TooOften as refusal:
            show_refusal(form, refusal)
            return self.render({"form": form, **self.context()}, status=refusal.status)
        if found is None:
            self.nobody = True
            return self.render({"form": form, **self.context()})
        self._keep(found)
        return HttpResponseRedirect(reverse("usage:window-licences"))

    def _keep(self, found: Found) -> None:
        self.request.session[_FOUND] = {
            "holder": str(found.holder.uuid),
            "statement": found.statement,
            "check": found.check,
            "department": self.actor.department_id,
            "until": (clock.now() + WINDOW_STAYS_OPEN).isoformat(),
        }


class FoundView(PortalView):
    """A step after somebody was found; leads back to the first where that is over."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = Capability.SERVE_AT_WINDOW
    kept: dict[str, Any]

    def person(self) -> Holder | None:
        """Who was found, while it counts."""
        kept = self.request.session.get(_FOUND)
        if not kept or kept["department"] != self.actor.department_id:
            return None
        if clock.now() >= datetime.fromisoformat(kept["until"]):
            self.request.session.pop(_FOUND, None)
            return None
        self.kept = kept
        return holder_found(UUID(kept["holder"]))

    def back_to_start(self) -> HttpResponse:
        """To the first step, with the reason."""
        messages.info(self.request, "请先核对身份\n核对身份以后 15 分钟内有效，过后要再核对一次。")
        return HttpResponseRedirect(reverse("usage:window"))


class WindowLicencesPage(FoundView):
    """The licences in force of who was found: kind, number, issuer."""

    template_name = "usage/window/licences.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        person = self.person()
        if person is None:
            return self.back_to_start()
        rows = [
            {"licence": one, "number": without_identity(one.number)}
            for one in licences_in_force_of(person.pk)
        ]
        context = {
            "rows": rows,
            "who": shown_name(person),
            "statement": self.kept["statement"],
            "steps": steps(1),
        }
        return self.render(context)

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session.pop(_FOUND, None)
        messages.success(request, "已办完\n屏幕上不再保留这个人的信息。")
        return HttpResponseRedirect(reverse("usage:window"))


class WindowPrintPage(FoundView, FormPage):
    """What one licence is printed for, and until when."""

    action = Action.WINDOW_COPY_MADE
    template_name = "usage/window/print.html"
    form_class = PrintForm
    owner: Holder | None = None
    licence: Licence

    def prepare(self, **kwargs: Any) -> None:
        self.owner = self.person()
        if self.owner is None:
            return
        found = licence_in_force_of(self.owner.pk, kwargs["key"])
        if found is None:
            raise not_found()
        self.licence = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.owner else self.back_to_start()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if self.owner else self.back_to_start()

    def context(self) -> dict[str, Any]:
        who = shown_name(self.owner) if self.owner else ""
        return {
            "licence": self.licence,
            "number": without_identity(self.licence.number),
            "who": who,
            "statement": self.kept["statement"],
            "steps": steps(2),
        }

    def carry_out(self, form: Any) -> HttpResponse:
        if self.owner is None:
            return self.back_to_start()
        copy = print_copy(
            actor=self.actor,
            holder=self.owner,
            licence=self.licence,
            statement=self.kept["statement"],
            check=self.kept["check"],
            **form.cleaned_data,
        )
        return HttpResponseRedirect(reverse("usage:window-copy", args=[copy.uuid]))


class WindowCopyPage(PortalView):
    """The print that was made: opens it, a quarter of an hour long."""

    capability = Capability.SERVE_AT_WINDOW
    template_name = "usage/window/copy.html"
    copy: PurposeCopy

    def prepare(self, **kwargs: Any) -> None:
        found = copy_made_by(self.actor, kwargs["key"])
        if found is None or clock.now() >= found.made_at + WINDOW_PRINT_STAYS:
            raise not_found()
        self.copy = found

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.render({"copy": self.copy, "steps": steps(3)})


class WindowCopyFile(WindowCopyPage):
    """The print itself, as PDF."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        data = draw(self.copy, self.copy.version)
        name = f"{self.copy.licence.kind_name}加注件-{self.copy.code}.pdf"
        return shown_file(data, name, PDF)


def shown_name(holder: Holder) -> str:
    """A person's name masked; an organisation's is public."""
    is_person = holder.kind == HolderKind.NATURAL_PERSON.value
    return mask_name(holder.name) if is_person else holder.name
