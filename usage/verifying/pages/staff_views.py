"""Verifying at a window and on the street: scan, type, photograph; paper by its words (M.19)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from usage.models import Mode
from usage.verifying.codes import Kind, understand
from usage.verifying.pages.base import NUMBER, PURPOSE, CheckView, like_a_number, too_long
from usage.verifying.pages.staff_forms import PaperForm, ScanForm
from usage.verifying.paper_checks import check_typed, version_typed
from usage.verifying.past_days import verify_on
from usage.verifying.pictures import code_in
from usage.verifying.rate_limits import CHECKS, TooOften, spend
from usage.verifying.resolve import ask
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import FormPage, show_refusal
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import CODE_PICTURE_BYTES

# What a multipart body adds to its file: boundaries, headings, the token.
_WRAPPING = 64 * 1024


class ScanPage(CheckView):
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
        if understood.kind in {Kind.UNCLEAR, Kind.FOREIGN} and like_a_number(text):
            request.session[NUMBER] = text.strip()
            return self._to(reverse("usage:check-paper"), {"verdict": "number"})
        try:
            spend(CHECKS, f"account:{self.actor.key}")
        except TooOften as refusal:
            return self._refused(form, refusal)
        return self.answer(ask(actor=self.actor, text=text, purpose=purpose))

    def page(self, form: ScanForm, status: int = 200, refusal: str = "") -> HttpResponse:
        """The page with its form; the camera is for this page alone."""
        context = {"form": form, "refusal": refusal, "tab": "scan"}
        response = self.render(context, status=status)
        response["Permissions-Policy"] = "camera=(self)"
        return response

    def _refused(self, form: ScanForm, refusal: TooOften) -> HttpResponse:
        if self.wants_json:
            return JsonResponse({"reason": refusal.reason}, status=refusal.status)
        return self.page(form, refusal.status, refusal.reason)


# Exempt here and protected in `dispatch`, because looking for the token reads the whole upload,
# and what is too large must be refused before that.
@method_decorator(csrf_exempt, name="dispatch")
class PicturePage(ScanPage):
    """POST a photo of a code, for a browser without a camera; nothing of it is kept."""

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Leaves an upload that is too large unread: `post` then only says so."""
        self.is_too_long = too_long(request, CODE_PICTURE_BYTES + _WRAPPING)
        handle = super().dispatch if self.is_too_long else csrf_protect(super().dispatch)
        answer: HttpResponseBase = handle(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = ScanForm(initial={"purpose": self.purpose()})
        if self.is_too_long:
            most = CODE_PICTURE_BYTES // 1024 // 1024
            return self.page(form, 413, f"图片不能超过 {most} MB。请把码拍满画面，再传一次。")
        upload = request.FILES.get("picture")
        if upload is None:
            return self.page(form, 422, "还没有选照片。请拍下对方屏幕或者纸上的码，再传。")
        try:
            spend(CHECKS, f"account:{self.actor.key}")
            text = code_in(upload.read())
        except TooOften as refusal:
            return self.page(form, refusal.status, refusal.reason)
        except RuleBroken as refusal:
            return self.page(form, 422, refusal.reason)
        return self.answer(ask(actor=self.actor, text=text, purpose=self.purpose()))


class PaperPage(CheckView, FormPage):
    """What stands on the paper, typed: number, check code and two more; today or a past day."""

    template_name = "usage/verifying/staff_paper.html"
    form_class = PaperForm

    def initial(self) -> dict[str, Any]:
        number = str(self.request.session.pop(NUMBER, ""))
        return {"purpose": self.purpose(), "number": number}

    def context(self) -> dict[str, Any]:
        return {"tab": "paper"}

    def carry_out(self, form: Any) -> HttpResponse:
        given = dict(form.cleaned_data)
        day = given.pop("on_day")
        self.request.session[PURPOSE] = given["purpose"]
        spend(CHECKS, f"account:{self.actor.key}")
        if day is not None and day < clock.today():
            words = {key: given[key] for key in ("number", "code", "issued_on", "holder")}
            version = version_typed(**words)
            if version is not None:
                return self.answer(
                    verify_on(
                        actor=self.actor, version=version, day=day, mode=Mode.TYPED,
                        purpose=given["purpose"],
                    )
                )  # fmt: skip
        return self.answer(check_typed(actor=self.actor, **given))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        form = self.form(request.POST)
        if form.is_valid():
            try:
                return self.carry_out(form)
            except TooOften as refusal:
                show_refusal(form, refusal)
                return self.render({"form": form, **self.context()}, status=refusal.status)
        return self.render({"form": form, **self.context()}, status=422)
