"""Anybody checks a licence: a code on a screen or on paper, and one box for whatever one has.

Looking at the address of a screen's code uses nothing up: programs fetch addresses to show a
preview of them. Only the button reads a code, and what it brought is for this browser alone, for
some minutes. What leads nowhere has one answer. Article: P.2.3.4, M.18, M.19, S.10.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from usage.verifying import codes
from usage.verifying.codes import Kind
from usage.verifying.counted import verify_counted
from usage.verifying.outcomes import Outcome
from usage.verifying.pages.base import ReaderPage, SeeOther
from usage.verifying.pages.forms import BoxForm, PaperForm
from usage.verifying.presenter import present_band, sheet_of
from usage.verifying.rate_limits import CODES, Limit, TooOften
from usage.verifying.redemption import read_code
from usage.verifying.results import VerificationResult
from usage.verifying.services import check_copy, check_printed, check_typed
from usage.verifying.visitors import visitor
from zezhou_portal.pagekit.views import FormPage

# One and the same answer for a wrong number, a wrong code and what nobody may see.
_NOTHING = (Outcome.NOT_FOUND.sentence.rstrip("。"), "请核对编号和校验码。")


class ReadPage(ReaderPage):
    """Where the code on a screen leads: says what will happen, and reads it when told to."""

    public: ClassVar[str] = "because any phone's camera leads here (P.2.3.3)"
    template_name = "usage/verifying/read.html"

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG002
        """Reads nothing: whoever only fetches the address uses nothing up."""
        return self._asked()

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG002
        try:
            self.spend(CODES)
        except TooOften as refusal:
            return self._asked(refusal.reason, refusal.status)
        return self.lead_on(read_code(actor=self.actor, understood=codes.secret_of(secret)))

    def _asked(self, refusal: str = "", status: int = 200) -> HttpResponse:
        return self.render(self.with_host(refusal=refusal), status=status)


class VerifyPage(ReaderPage):
    """One box for whatever one has in hand: an address, a short number, a licence's number."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.18)"
    template_name = "usage/verifying/verify.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self._box(BoxForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BoxForm(request.POST)
        if not form.is_valid():
            return self._box(form, status=422)
        text = form.cleaned_data["code"]
        understood = codes.understand(text, settings.PORTAL_ADDRESS)
        match understood.kind:
            case Kind.PRINTED:
                return SeeOther(reverse("usage:look", args=[understood.first, understood.second]))
            case Kind.COPY:
                return SeeOther(reverse("usage:copy", args=[understood.first]))
            case Kind.UNCLEAR:
                return self._unclear(form, text)
        try:
            result = verify_counted(
                actor=self.actor, who=visitor(request, self.actor), text=text, limit=CODES
            )
        except TooOften as refusal:
            return self._box(form, refusal.reason, refusal.status)
        if understood.kind is Kind.NUMBER and result.outcome is Outcome.NOT_FOUND:
            form.add_error("code", codes.NO_SUCH_NUMBER)
            return self._box(form, status=422)
        return self.lead_on(result)

    def _unclear(self, form: BoxForm, text: str) -> HttpResponse:
        """A number of a licence alone opens nothing: the rest of the paper is asked for."""
        if fault := codes.short_number_fault(text):
            form.add_error("code", fault)
            return self._box(form, status=422)
        if codes.is_address(text):
            form.add_error("code", "这个网址里没有可以查的码。扫的是亮证码，请对方刷新后再扫")
            return self._box(form, status=422)
        context = {
            "form": PaperForm(initial={"number": text}),
            "given": text,
            "frame": PaperPage.frame,
        }
        return self.render(context, template=PaperPage.template_name)

    def _box(self, form: BoxForm, refusal: str = "", status: int = 200) -> HttpResponse:
        return self.render(self.with_host(form=form, refusal=refusal), status=status)


class PaperPage(ReaderPage, FormPage):
    """Number, check code and two more typed from the paper, for whoever cannot scan."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.18)"
    template_name = "usage/verifying/paper.html"
    form_class: ClassVar[type[PaperForm]] = PaperForm
    frame: ClassVar[str] = "shell/public.html"

    def context(self) -> dict[str, Any]:
        return {"frame": self.frame}

    def carry_out(self, form: Any) -> HttpResponse:
        try:
            self.spend(self.limit())
        except TooOften as refusal:
            context = {"form": form, "refusal": refusal.reason, **self.context()}
            return self.render(context, status=refusal.status)
        return self.lead_on(self.check(dict(form.cleaned_data)))

    def limit(self) -> Limit:
        """How often one may look."""
        return CODES

    def check(self, typed: dict[str, Any]) -> VerificationResult:
        """What the typed words lead to."""
        return check_typed(actor=self.actor, **typed)


class _PrintedPage(ReaderPage):
    """The page behind a printed code: the present word, or the one answer for all the rest."""

    def check(self, **codes: str) -> VerificationResult:
        """Asks the register."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **codes: str) -> HttpResponse:  # noqa: ARG002
        try:
            self.spend(CODES)
        except TooOften as refusal:
            return self._nothing("现在不能查", refusal.reason, refusal.status)
        result = self.check(**codes)
        if result.outcome is Outcome.NOT_FOUND:
            return self._nothing(*_NOTHING, 200)
        sheet = sheet_of(result.licences, self.viewer)
        band = present_band(result.licences[0])
        return self.render(self.with_host(sheet=sheet, band=band, copy=result.copy))

    def _nothing(self, fact: str, advice: str, status: int) -> HttpResponse:
        context = {"fact": fact, "advice": advice, "form": PaperForm()}
        return self.render(context, template="usage/verifying/look_nothing.html", status=status)


class LicencePage(_PrintedPage):
    """The register's present word on one licence, by the code on its face."""

    public: ClassVar[str] = "because the code is printed on the licence for anybody (M.19)"
    template_name = "usage/verifying/look.html"

    def check(self, **codes: str) -> VerificationResult:
        """By serial part and check code."""
        return check_printed(actor=self.actor, serial=codes["serial"], code=codes["code"])


class CopyPage(_PrintedPage):
    """What a purpose-marked copy is for, until when, and how its licence stands now."""

    public: ClassVar[str] = "because the code is printed on the copy for anybody (S.10)"
    template_name = "usage/verifying/copy.html"

    def check(self, **codes: str) -> VerificationResult:
        """By the copy's code."""
        return check_copy(actor=self.actor, code=codes["code"].upper())
