"""The second person at a window: the signed consent, confirming or not; and the letter (M.20)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from usage.mandates.pages import presenter
from usage.mandates.pages.forms import DeclineForm
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import never_kept, not_found, shown_file
from zezhou_portal.pagekit.views import ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.mandates import window
from zezhou_portal.parties.mandates.rules import why_ended
from zezhou_portal.parties.mandates.selectors import (
    mandates_of_all_windows,
    mandates_recorded_by,
    mandates_to_confirm,
)
from zezhou_portal.parties.masking import mask_identity, mask_name
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.actions import Action

_VOICES = {"PROPOSED": "open", "CONFIRMED": "done"}


class _OfAMandate(PortalView):
    """Something about a mandate that one's own department recorded."""

    capability = Capability.RECORD_MANDATES
    mandate: Mandate

    def prepare(self, **kwargs: Any) -> None:
        found = mandates_recorded_by(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None:
            raise not_found()
        self.mandate = found

    def shown(self) -> dict[str, Any]:
        """What stands on the page; people's names masked (M.26)."""
        row, today = self.mandate, clock.today()
        return {
            "mandate": row,
            "agent": mask_name(row.agent.name),
            "principal": mask_name(row.principal.name),
            "shown": presenter.given(row, today),
            "ended": why_ended(row, today),
            "voice": _VOICES.get(row.state, "back"),
            "is_own": row.recorded_by_id == self.actor.account_id,
        }


class WindowMandate(_OfAMandate):
    """One mandate of one's own department: who, what, by which paper, what may be done."""

    template_name = "usage/mandates/one.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page."""
        return self.render(self.shown())


class _Deciding(_OfAMandate, ConfirmPage):
    """Asks before an act on a colleague's proposal."""

    template_name = "usage/mandates/decide.html"
    references = ("M.20",)
    back_words = "再看看，返回"
    hands = "登记和确认要由两个人办理。"

    def prepare(self, **kwargs: Any) -> None:
        """Finds it among what waits for the person; 404 for their own and for what is decided."""
        found = mandates_to_confirm(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None:
            raise not_found()
        self.mandate = found

    def back(self) -> str:
        return reverse("usage:window-mandate", args=[self.mandate.uuid])

    def context(self) -> dict[str, Any]:
        """Names in full, since they are compared with the consent; numbers masked."""
        agent, principal = self.mandate.agent, self.mandate.principal
        return {
            **self.shown(),
            "agent": agent.name,
            "principal": principal.name,
            "agent_number": mask_identity(agent.identity_number),
            "principal_number": mask_identity(principal.identity_number),
        }


class ConfirmAtWindow(_Deciding):
    """Confirms what a colleague recorded."""

    action = Action.MANDATE_CONFIRMED
    verb = "确认，马上生效"

    def question(self) -> str:
        return f"确认{presenter.both(self.mandate)}？"

    def consequences(self) -> list[str]:
        return [
            "代办人用自己的实名登录，切换过去，就能替持证人办。",
            "双方都会收到消息，持证人留了电话的还收到短信。",
            "您的姓名和单位记在操作记录里；本单位随时可以结束它。",
        ]

    def carry_out(self) -> HttpResponse:
        window.confirm_at_window(actor=self.actor, mandate=self.mandate)
        messages.success(self.request, "已经确认，马上生效\n请打印生效的告知信，寄给持证人。")
        return HttpResponseRedirect(self.back())


class DeclineAtWindow(_Deciding):
    """Does not confirm what a colleague recorded."""

    action = Action.MANDATE_DECLINED
    form_class = DeclineForm
    verb = "不予确认"

    def question(self) -> str:
        return f"不确认{presenter.both(self.mandate)}？"

    def consequences(self) -> list[str]:
        return ["登记作废，不会生效", "登记的同事和持证人会收到消息；材料补齐了，可以再登记"]

    def carry_out(self) -> HttpResponse:
        remarks = self.given["remarks"]
        window.decline_at_window(actor=self.actor, mandate=self.mandate, remarks=remarks)
        messages.success(self.request, "没有确认，登记作废\n登记的同事会收到消息。")
        return HttpResponseRedirect(self.back())


class ConsentFile(PortalView):
    """The signed consent, shown in the browser; never run, never guessed at (M.26)."""

    capability = (Capability.RECORD_MANDATES, Capability.SUPERVISE)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The file; 404 for a neighbour's, and for one from before there were consents."""
        own = mandates_recorded_by(self.actor).filter(uuid=kwargs["key"]).first()
        found = own or mandates_of_all_windows(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None or not found.consent_digest:
            raise not_found()
        data = window.open_consent(actor=self.actor, mandate=found)
        response = shown_file(data, found.consent_name, found.consent_type)
        # a browser's own PDF viewer does not start in a sandbox; a picture needs nothing
        sandbox = "" if found.consent_type == "application/pdf" else "; sandbox"
        response["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'{sandbox}"
        )
        return response


class Letter(_OfAMandate):
    """The letter to the principal, for the window to print and post."""

    action = Action.MANDATE_LETTER_PRINTED
    template_name = "usage/mandates/letter.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The letter as things stand: proposed, in force, or over."""
        window.print_letter(actor=self.actor, mandate=self.mandate)
        return never_kept(self.render(self.shown()))
