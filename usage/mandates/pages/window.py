"""A window records who acts for whom, and ends what it recorded (M.20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy

from usage.mandates.pages import presenter
from usage.mandates.pages.forms import WindowForm
from usage.mandates.pages.presenter import MandateRow
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.views import WRAPPING, ConfirmPage, FormPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.mandates.rules import in_words, why_ended, year_from
from zezhou_portal.parties.mandates.selectors import NEWEST_FIRST, mandates_recorded_by
from zezhou_portal.parties.mandates.window import Consent, record_at_window
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import ATTACHMENT_BYTES


def _to_list() -> HttpResponse:
    return HttpResponseRedirect(reverse("usage:window-mandates"))


@dataclass(frozen=True)
class RecordedMandate:
    """A mandate as the department that recorded it sees it: people's names masked (M.26)."""

    mandate: Mandate
    shown: MandateRow
    agent: str
    principal: str
    ended: str


class WindowMandates(ExportedListPage[Mandate]):
    """What one's own department recorded, newest first; people's names masked (M.26)."""

    capability = Capability.RECORD_MANDATES
    template_name = "usage/mandates/window.html"
    title = "代办登记"
    columns = (
        Column(
            "谁代谁办", cell=lambda row: f"{row.agent}代{row.principal}（{row.shown.relation}）"
        ),
        Column("可以办", cell=lambda row: row.shown.powers),
        Column("到哪天", cell=lambda row: f"已结束：{row.ended}" if row.ended else row.shown.until),
        Column("状态", cell=lambda row: row.mandate.get_state_display()),
        Column("看了哪些材料", cell=lambda row: row.mandate.evidence),
        Column("登记", sort="recorded_at", falls=True, cell=lambda row: row.mandate.recorded_at),
        Column("办理"),
    )
    order = NEWEST_FIRST
    order_words = "本单位登记的，从新到旧"
    counts = True
    nothing = Empty(
        "本单位还没有登记过代办",
        "登记以后会出现在这里。",
        "heart-handshake",
        reverse_lazy("usage:record-mandate"),
        "登记代办",
    )

    def rows(self) -> "QuerySet[Mandate]":
        return mandates_recorded_by(self.actor)

    def present(self, rows: Sequence[Mandate]) -> list[RecordedMandate]:
        today = clock.today()
        return [
            RecordedMandate(
                mandate=row,
                shown=presenter.given(row, today),
                agent=mask_name(row.agent.name),
                principal=mask_name(row.principal.name),
                ended=why_ended(row, today),
            )
            for row in rows
        ]


class RecordMandate(FormPage):
    """A clerk writes down what they saw."""

    capability = Capability.RECORD_MANDATES
    action = Action.MANDATE_RECORDED
    template_name = "usage/mandates/record.html"
    most_body = ATTACHMENT_BYTES + WRAPPING
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
            consent=_consent(words["consent"]),
        )
        last = in_words(row.confirm_by) if row.confirm_by else ""
        messages.success(
            self.request,
            f"已登记，等确认：{presenter.both(row)}\n还没有生效。{last}以前要由另一位核验员确认，"
            "或者由持证人登录后同意。请打印告知信，寄给持证人。",
        )
        return HttpResponseRedirect(reverse("usage:window-mandate", args=[row.uuid]))


def _consent(upload: "UploadedFile[bytes]") -> Consent:
    """What was sent, no more of it than may be kept."""
    return Consent(upload.name or "同意书", upload.read(ATTACHMENT_BYTES + 1))


class EndAtWindow(ConfirmPage):
    """Ends what one's own department recorded."""

    capability = Capability.RECORD_MANDATES
    action = Action.MANDATE_ENDED
    references = ("M.20",)
    mandate: Mandate

    def prepare(self, **kwargs: Any) -> None:
        self.mandate = get_object_or_404(mandates_recorded_by(self.actor), uuid=kwargs["key"])

    @property
    def verb(self) -> str:  # type: ignore[override]
        """What the button says."""
        return "撤回登记" if self.mandate.is_proposed else "结束代办"

    def question(self) -> str:
        row = self.mandate
        act = "撤回" if row.is_proposed else "结束"
        return f"{act}{mask_name(row.agent.name)}代{mask_name(row.principal.name)}的代办？"

    def consequences(self) -> list[str]:
        """What happens, at once."""
        if self.mandate.is_proposed:
            return [
                "登记一直没有生效，撤回以后也不会生效。",
                "持证人会收到消息。",
                "以后需要，可以再登记。",
            ]
        return [
            "代办人马上不能再查看、出示持证人的证照，正在出示的也同时停止。",
            "双方都会收到消息，写明是在窗口结束的。",
            "以后需要，可以再登记。",
        ]

    def back(self) -> str:
        return reverse("usage:window-mandates")

    def carry_out(self) -> HttpResponse:
        end_mandate(actor=self.actor, mandate=self.mandate)
        done = "已经撤回登记" if self.mandate.is_proposed else "已经结束代办"
        messages.success(self.request, f"{done}\n有关的人会收到消息。")
        return _to_list()
