"""What a verification came to: the verdict, waiting for a word, reliance, past days, one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from usage.models import Mode, Presentation, Verification
from usage.verifying.outcomes import BY_KEY
from usage.verifying.pages.base import WAITING, CheckView, VerificationView
from usage.verifying.pages.presenter import bottom_of, may_ask_past_day, sheet_of
from usage.verifying.pages.staff_forms import PastDayForm, RelyForm
from usage.verifying.past_days import verify_on
from usage.verifying.redeeming import fetch_agreed
from usage.verifying.relying import needs_number, refusal_of, rely
from usage.verifying.selectors import (
    NEWEST_FIRST,
    brought_by,
    relied_on,
    verifications_of,
    version_of,
)
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import FormPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action

_SIZE = 20


class ResultPage(VerificationView):
    """The verdict; the licences that were shown together stand on one page."""

    template_name = "usage/verifying/staff_result.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        sheet = sheet_of(self.together())
        context = {
            "sheet": sheet,
            "verification": self.verification,
            "may_ask_past_day": may_ask_past_day(self.verification),
        }
        response = self.render(context)
        response["Cache-Control"] = "no-store"
        return response


class PrintPage(ResultPage):
    """The same as framed words on paper."""

    template_name = "usage/verifying/print.html"


class WaitingPage(CheckView):
    """Waits for the holder's word; a POST asks whether it has come."""

    template_name = "usage/verifying/staff_waiting.html"

    def prepare(self, **kwargs: Any) -> None:
        self.key = str(kwargs["key"])
        self.reader_key = dict(self.request.session.get(WAITING, {})).get(self.key, "")
        found = Presentation.objects.filter(uuid=kwargs["key"]).first() if self.reader_key else None
        if found is None or found.reader_account_id != self.actor.account_id:
            raise not_found()
        self.presentation = found

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.render({"presentation": self.presentation})

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """To the verdict once there is one; nothing new to a script until then."""
        own = brought_by(self.actor, self.presentation)
        if own is None:
            reading = fetch_agreed(
                actor=self.actor,
                presentation=self.presentation,
                reader_key=self.reader_key,
                purpose=self.purpose(),
            )
            if reading.is_waiting:
                return self._still_waiting()
            # two polls at once: what the other one brought comes before a refusal
            own = brought_by(self.actor, self.presentation) or self.kept(reading)
        self._forget()
        if own is None:
            return self._lead(reverse("usage:check"))
        return self._lead(reverse("usage:check-result", args=[own.uuid]))

    def _still_waiting(self) -> HttpResponse:
        if self.request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        return self._lead(reverse("usage:check-waiting", args=[self.key]))

    def _lead(self, address: str) -> HttpResponse:
        if self.request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)

    def _forget(self) -> None:
        kept = dict(self.request.session.get(WAITING, {}))
        kept.pop(self.key, None)
        self.request.session[WAITING] = kept


class RelyPage(VerificationView, FormPage):
    """Takes a verified licence as the basis of an application (M.21)."""

    capability = Capability.RELY_ON_LICENCES
    action = Action.LICENCE_RELIED_ON
    template_name = "usage/verifying/rely.html"
    form_class = RelyForm

    def initial(self) -> dict[str, Any]:
        return {"purpose": self.verification.purpose}

    def form(self, data: Any = None) -> Any:
        form = super().form(data)
        if needs_number(self.verification):
            form.fields["application_number"].quiet = True  # type: ignore[attr-defined]
        return form

    def context(self) -> dict[str, Any]:
        """The licence, or why it cannot be relied on."""
        relied = relied_on([self.verification]).get(self.verification.pk)
        return {
            "verification": self.verification,
            "relied": relied,
            "refusal": refusal_of(self.verification),
        }

    def carry_out(self, form: Any) -> HttpResponse:
        rely(actor=self.actor, verification=self.verification, **form.cleaned_data)
        messages.success(
            self.request, "已记为办事依据\n持证人会在用证记录里看到。不用再要纸质证照和复印件。"
        )
        return HttpResponseRedirect(reverse("usage:check-result", args=[self.verification.uuid]))


class PastDayPage(VerificationView, FormPage):
    """Asks the same paper about a past day."""

    template_name = "usage/verifying/past_day.html"
    form_class = PastDayForm

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not may_ask_past_day(self.verification):
            raise not_found()

    def context(self) -> dict[str, Any]:
        return {"verification": self.verification}

    def carry_out(self, form: Any) -> HttpResponse:
        version = version_of(self.verification)
        if version is None:
            raise not_found()
        return self.answer(
            verify_on(
                actor=self.actor,
                version=version,
                day=form.cleaned_data["on_day"],
                mode=Mode(self.verification.mode),
                purpose=self.verification.purpose,
            )
        )


class MinePage(CheckView):
    """One's own verifications for the department one acts for, newest first."""

    template_name = "usage/verifying/mine.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `page`."""
        rows: QuerySet[Verification] = verifications_of(self.actor).select_related("licence")
        page = page_of(rows, order=NEWEST_FIRST, token=request.GET.get("page", ""), size=_SIZE)
        relied = relied_on(page.rows)
        lines = [
            {
                "row": row,
                "outcome": BY_KEY[row.outcome],
                "band": bottom_of(row),
                "relied": row.pk in relied,
            }
            for row in page.rows
        ]
        return self.render({"page": page, "lines": lines, "tab": "mine"})
