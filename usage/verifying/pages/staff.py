"""Verifying at a window and on the street: scan, type, photograph; paper by its words (M.19)."""

import re
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from usage.models import Mode
from usage.verifying.codes import NO_SUCH_NUMBER, Kind, short_number_fault, understand
from usage.verifying.counted import verify_counted
from usage.verifying.outcomes import Outcome
from usage.verifying.pages.base import NUMBER, PURPOSE, CheckPage
from usage.verifying.pages.forms import PaperForm, ScanForm, StaffPaperForm
from usage.verifying.pages.public import PaperPage
from usage.verifying.past_days import verify_on
from usage.verifying.pictures import code_in
from usage.verifying.rate_limits import CHECKS, Limit, TooOften, refuse_if_spent
from usage.verifying.results import VerificationResult
from usage.verifying.services import facts_typed
from usage.verifying.visitors import visitor
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import CAMERA_USED, PERMISSIONS
from zezhou_portal.pagekit.views import WRAPPING
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import CODE_PICTURE_BYTES

# Not a code, yet what a face has for a number or an identifier.
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[\w.\-—()（）〔〕\[\]【】·/]{5,160}")


class ScanPage(CheckPage):
    """One field that takes a scanner, a keyboard and the camera."""

    template_name = "usage/verifying/scan.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        return self.page(ScanForm(initial={"purpose": self.purpose()}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = ScanForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        text, purpose = form.cleaned_data["text"], form.cleaned_data["purpose"]
        request.session[PURPOSE] = purpose
        understood = understand(text, settings.PORTAL_ADDRESS)
        if fault := "" if self.wants_json else short_number_fault(text):
            form.add_error("text", fault)
            return self.page(form, 422)
        if understood.kind in {Kind.UNCLEAR, Kind.FOREIGN} and _is_like_a_number(text):
            request.session[NUMBER] = text.strip()
            return self.to(reverse("usage:check-paper"), {"verdict": "number"})
        try:
            result = self._verified(text, purpose)
        except TooOften as refusal:
            return self._refused(form, refusal)
        is_mistyped = understood.kind is Kind.NUMBER and result.outcome is Outcome.NOT_FOUND
        if is_mistyped and not self.wants_json:
            form.add_error("text", NO_SUCH_NUMBER)
            return self.page(form, 422)
        return self.lead_on(result)

    def page(self, form: ScanForm, status: int = 200, refusal: str = "") -> HttpResponse:
        """The page with its form; the camera is for this page alone."""
        context = {"form": form, "refusal": refusal, "tab": "scan"}
        response = self.render(context, status=status)
        response[PERMISSIONS] = CAMERA_USED
        return response

    def _verified(self, text: str, purpose: str) -> VerificationResult:
        """What a text leads to. Raises TooOften."""
        who = visitor(self.request, self.actor)
        return verify_counted(actor=self.actor, who=who, text=text, limit=CHECKS, purpose=purpose)

    def _refused(self, form: ScanForm, refusal: TooOften) -> HttpResponse:
        if self.wants_json:
            return JsonResponse({"reason": refusal.reason}, status=refusal.status)
        return self.page(form, refusal.status, refusal.reason)


class PicturePage(ScanPage):
    """POST a photo of a code, for a browser without a camera; nothing of it is kept."""

    http_method_names = ("post",)

    most_body = CODE_PICTURE_BYTES + WRAPPING
    too_much = f"图片不能超过 {CODE_PICTURE_BYTES // 1024 // 1024} MB。请把码拍满画面，再传一次。"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = ScanForm(initial={"purpose": self.purpose()})
        upload = request.FILES.get("picture")
        if upload is None:
            return self.page(form, 422, "还没有选照片。请拍下对方屏幕或者纸上的码，再传。")
        try:
            refuse_if_spent(CHECKS, visitor(request, self.actor))
            result = self._verified(code_in(upload.read()), self.purpose())
        except TooOften as refusal:
            return self.page(form, refusal.status, refusal.reason)
        except RuleBroken as refusal:
            return self.page(form, 422, refusal.reason)
        return self.lead_on(result)


class StaffPaperPage(CheckPage, PaperPage):
    """The same as anybody's, for today or a past day, and with what it is for."""

    public: ClassVar[str] = ""
    form_class: ClassVar[type[PaperForm]] = StaffPaperForm
    frame: ClassVar[str] = "shell/staff.html"

    def initial(self) -> dict[str, Any]:
        number = str(self.request.session.pop(NUMBER, ""))
        return {"purpose": self.purpose(), "number": number}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "tab": "paper"}

    def limit(self) -> Limit:
        return CHECKS

    def check(self, typed: dict[str, Any]) -> VerificationResult:
        day, purpose = typed.pop("on_day"), typed.pop("purpose")
        self.request.session[PURPOSE] = purpose
        if day is not None and day < clock.today():
            facts = facts_typed(**typed)
            if facts is not None:
                return verify_on(
                    actor=self.actor, facts=facts, day=day, mode=Mode.TYPED, purpose=purpose
                )
        return super().check({**typed, "purpose": purpose})


def _is_like_a_number(text: str) -> bool:
    """Whether a text that is no code may be what a face has for a number, not an address."""
    head = text.split("/", 1)[0] if "/" in text else ""
    return "." not in head and ":" not in text and bool(_LIKE_A_NUMBER.fullmatch(text.strip()))
