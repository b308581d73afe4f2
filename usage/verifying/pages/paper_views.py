"""Checking by what stands on paper: a face's code or its words, a purpose-marked copy's code.

What leads nowhere has one answer. Article: M.18, M.19, S.10.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from usage.verifying.outcomes import Outcome
from usage.verifying.pages.file_presenter import Band
from usage.verifying.pages.forms import PaperForm
from usage.verifying.pages.public_presenter import VOICES, denials, result_of_read
from usage.verifying.pages.public_views import PrivatePage
from usage.verifying.pages.visitors import SeeOther, remember, visitor
from usage.verifying.paper_checks import check_copy, check_printed, check_typed
from usage.verifying.rate_limits import CODES, TooOften, spend
from usage.verifying.redeeming import Read, Reading
from zezhou_portal.pagekit.views import FormPage

# One and the same answer for a wrong number, a wrong code and what nobody may see.
NOTHING = (Outcome.NOT_FOUND.sentence.rstrip("。"), "请核对编号和校验码。")
_WORDS = {"yes": "现在有效", "no": "现在不能用", "unknown": "现在不能确定"}


class PaperPage(PrivatePage, FormPage):
    """Number, check code and two more typed from the paper, for whoever cannot scan."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.18)"
    template_name = "usage/verifying/paper.html"
    form_class = PaperForm

    def carry_out(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        try:
            spend(CODES, visitor(self.request, self.actor))
        except TooOften as refusal:
            context = {"form": form, "refusal": refusal.reason}
            return self.render(context, status=refusal.status)
        reading = check_typed(
            actor=self.actor,
            number=given["number"],
            code=given["code"],
            issued_on=given["issued_on"],
            holder=given["holder"],
        )
        (read,) = reading.read
        remember(self.request, [read.verification.uuid])
        return SeeOther(reverse("usage:verify-result", args=[read.verification.uuid]))


class _CodePage(PrivatePage):
    """The page behind a printed code: the present word, or the one answer for all the rest."""

    def look(self, **codes: str) -> Reading:
        """Asks the register."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **codes: str) -> HttpResponse:
        try:
            spend(CODES, visitor(request, self.actor))
        except TooOften as refusal:
            return self._nothing("现在不能查", refusal.reason, refusal.status)
        reading = self.look(**codes)
        if reading.outcome is Outcome.NOT_FOUND:
            return self._nothing(*NOTHING, 200)
        (read,) = reading.read
        context = {
            "result": result_of_read(read),
            "band": _band(read),
            "copy": reading.copy,
            "host": settings.PORTAL_ADDRESS,
        }
        return self.render(context)

    def _nothing(self, fact: str, advice: str, status: int) -> HttpResponse:
        context = {"fact": fact, "advice": advice, "form": PaperForm()}
        return self.render(context, template="usage/verifying/look_nothing.html", status=status)


class LicencePage(_CodePage):
    """The register's present word on one licence, by the code on its face."""

    public: ClassVar[str] = "because the code is printed on the licence for anybody (M.19)"
    template_name = "usage/verifying/look.html"

    def look(self, **codes: str) -> Reading:
        """By serial part and check code."""
        return check_printed(actor=self.actor, serial=codes["serial"], code=codes["code"])


class CopyPage(_CodePage):
    """What a purpose-marked copy is for, until when, and how its licence stands now."""

    public: ClassVar[str] = "because the code is printed on the copy for anybody (S.10)"
    template_name = "usage/verifying/copy.html"

    def look(self, **codes: str) -> Reading:
        """By the copy's code."""
        return check_copy(actor=self.actor, code=codes["code"].upper())


def _band(read: Read) -> Band:
    voice = VOICES[read.outcome.verdict]
    if read.outcome is Outcome.VALID:
        return Band(voice, _WORDS[voice], "这是登记库里的现状。请和手里的照面逐项对一对。")
    if read.seen is None or voice == "unknown":
        return Band(voice, _WORDS[voice], read.outcome.sentence)
    return Band(voice, _WORDS[voice], f"这是登记库里的现状：{denials(read.verification)}。")
