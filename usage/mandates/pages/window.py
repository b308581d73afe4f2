"""A window records who acts for whom, and ends what it recorded (M.20)."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from usage.mandates.pages import presenter as lines
from usage.mandates.pages.forms import WindowForm
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import Named, record_at_window
from zezhou_portal.parties.mandates.rules import in_words, why_ended, year_from
from zezhou_portal.parties.mandates.selectors import NEWEST_FIRST, mandates_recorded_by
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.actions import Action


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("usage:window-mandates"))


class WindowMandates(PortalView):
    """What one's own department recorded, newest first; people's names masked (M.26)."""

    capability = Capability.RECORD_MANDATES
    template_name = "usage/mandates/window.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        page = page_of(
            mandates_recorded_by(self.actor),
            order=NEWEST_FIRST,
            token=request.GET.get("page", ""),
        )
        rows = [
            {
                "line": lines.given(row, today),
                "row": row,
                "agent": mask_name(row.agent.name),
                "principal": mask_name(row.principal.name),
                "ended": why_ended(row, today),
            }
            for row in page.rows
        ]
        return self.render({"page": page, "rows": rows})


class RecordMandate(FormPage):
    """A clerk writes down what they saw."""

    capability = Capability.RECORD_MANDATES
    action = Action.MANDATE_RECORDED
    template_name = "usage/mandates/record.html"
    form_class = WindowForm

    def initial(self) -> dict[str, Any]:
        return {"powers": ["show"], "until_on": year_from(clock.today())}

    def carry_out(self, form: Form) -> HttpResponse:
        words = form.cleaned_data
        row = record_at_window(
            actor=self.actor,
            kind=words["kind"],
            principal=Named(words["principal_name"], words["principal_citizen_id"]),
            agent=Named(words["agent_name"], words["agent_citizen_id"]),
            powers=words["powers"],
            until_on=words["until_on"],
            evidence=words["evidence"],
        )
        until = f"到 {in_words(row.until_on)}为止" if row.until_on else ""
        messages.success(self.request, f"已登记：{lines.both(row)}，{until}\n双方都会收到消息。")
        return _to_list()


class EndAtWindow(ConfirmPage):
    """Ends what one's own department recorded."""

    capability = Capability.RECORD_MANDATES
    action = Action.MANDATE_ENDED
    verb = "结束代办"
    references = ("M.20",)
    mandate: Mandate

    def prepare(self, **kwargs: Any) -> None:
        found = mandates_recorded_by(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None:
            raise Http404
        self.mandate = found

    def question(self) -> str:
        row = self.mandate
        return f"结束{mask_name(row.agent.name)}代{mask_name(row.principal.name)}的代办？"

    def consequences(self) -> list[str]:
        """What happens, at once."""
        return [
            "代办人马上不能再查看、出示持证人的证照，正在出示的也同时停止。",
            "双方都会收到消息，写明是在窗口结束的。",
            "以后需要，可以再登记。",
        ]

    def back(self) -> str:
        return reverse("usage:window-mandates")

    def carry_out(self) -> HttpResponse:
        end_mandate(actor=self.actor, mandate=self.mandate)
        messages.success(self.request, "已经结束代办\n双方都会收到消息。")
        return _to_list()
