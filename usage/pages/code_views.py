"""The address behind the code on a face: what anybody may see of a licence (M.19, P.2.3.5)."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from usage.pages.forms import CodeForm
from usage.pages.results import Band, asks_of
from usage.pages.visitors import visitor
from usage.services.code_looks import Look, look_up
from usage.services.rate_limits import CODES, TooOften, spend
from zezhou_portal.parties.pages.base import FormPage, PortalView

# One and the same answer for a wrong number, a wrong code and what nobody may see.
NOTHING = ("没有能给您看的结果", "请核对编号和校验码。")


class CodePage(FormPage):
    """Identifier and check code typed in, for whoever cannot scan."""

    public: ClassVar[str] = "because whoever is shown a licence may check it (M.19)"
    template_name = "usage/verify_code.html"
    form_class = CodeForm

    def carry_out(self, form: Any) -> HttpResponse:
        """To the page that the code on the face leads to."""
        given = form.cleaned_data
        return HttpResponseRedirect(reverse("usage:look", args=[given["serial"], given["code"]]))


class LicencePage(PortalView):
    """The register's present word on one licence; one and the same page for everything else."""

    public: ClassVar[str] = "because the code is printed on the licence for anybody (M.19)"
    template_name = "usage/look.html"

    def get(self, request: HttpRequest, serial: str, code: str) -> HttpResponse:
        """What anyone may see, or that there is nothing to be seen."""
        try:
            spend(CODES, visitor(request, self.actor))
        except TooOften as refusal:
            return _private(self._nothing("现在不能查", refusal.reason, refusal.status))
        look = look_up(serial, code, actor=self.actor)
        if look is None:
            return _private(self._nothing(*NOTHING, 200))
        context = {
            "look": look,
            "asks": asks_of(look.answers),
            "band": _band(look),
            "host": settings.PORTAL_ADDRESS,
        }
        return _private(self.render(context))

    def _nothing(self, fact: str, advice: str, status: int) -> HttpResponse:
        context = {"fact": fact, "advice": advice, "form": CodeForm()}
        return self.render(context, template="usage/look_nothing.html", status=status)


def _band(look: Look) -> Band:
    if look.may_be_used:
        return Band("yes", "现在有效", "这是登记库里的现状。请和手里的照面逐项对一对。")
    reasons = "；".join(one.reason for one in look.answers if one.answer != "yes")
    return Band("no", "现在不能用", f"这是登记库里的现状：{reasons}。")


def _private(response: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way: the address holds the check code, and the answer is of now."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
