"""Anybody checks a licence: the code on a screen, and one box for whatever one has (P.2.3.4, M.18).

Looking at an address uses nothing up: programs fetch addresses to show a preview of them. Only
the button reads a code, and what it brought is for this browser alone, for some minutes.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from usage.verifying import codes
from usage.verifying.codes import Kind, Understood
from usage.verifying.outcomes import BY_KEY
from usage.verifying.pages.forms import BoxForm, PaperForm
from usage.verifying.pages.public_presenter import band_of_outcome, band_of_results, second_look
from usage.verifying.pages.visitors import (
    SeeOther,
    private,
    remember,
    remembers,
    visitor,
    wait_for,
    waits_for,
)
from usage.verifying.rate_limits import CODES, NUMBERS, TooOften, spend
from usage.verifying.reading_selectors import brought, presentation_of, shown_by
from usage.verifying.redeeming import Reading, fetch_agreed, may_see_items, read_code
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.regulation.limits import READING_STAYS_OPEN


class PrivatePage(PortalView):
    """A page that nobody on the way may keep."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return private(super().dispatch(request, *args, **kwargs))


class _Reader(PrivatePage):
    """What reads codes: counts, reads, and leads to what came of it."""

    def read(self, understood: Understood) -> HttpResponse:
        """Reads a code once. Raises TooOften."""
        limit = NUMBERS if understood.kind is Kind.NUMBER else CODES
        spend(limit, visitor(self.request, self.actor))
        return self.lead_on(read_code(actor=self.actor, understood=understood))

    def lead_on(self, reading: Reading) -> HttpResponse:
        """To the page where one waits for the holder, or to the results."""
        if reading.presentation is not None and reading.is_waiting:
            wait_for(self.request, reading.presentation.uuid, reading.reader_key)
            return SeeOther(reverse("usage:verify-waiting", args=[reading.presentation.uuid]))
        made = [one.verification.uuid for one in reading.read]
        if not made:
            raise Http404
        remember(self.request, made)
        # who verifies on duty has a page with more to do on it
        page = "check-result" if may_see_items(self.actor) else "verify-result"
        return SeeOther(reverse(f"usage:{page}", args=[made[0]]))


class ReadPage(_Reader):
    """Where the code on a screen leads: says what will happen, and reads it when told to."""

    public: ClassVar[str] = "because any phone's camera leads here (P.2.3.3)"
    template_name = "usage/verifying/read.html"

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG002
        """Reads nothing: whoever only fetches the address uses nothing up."""
        return self._asked()

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG002
        try:
            return self.read(codes.secret_of(secret))
        except TooOften as refusal:
            return self._asked(refusal.reason, refusal.status)

    def _asked(self, refusal: str = "", status: int = 200) -> HttpResponse:
        return self.render({"refusal": refusal, "host": settings.PORTAL_ADDRESS}, status=status)


class VerifyPage(_Reader):
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
            return self.read(understood)
        except TooOften as refusal:
            return self._box(form, refusal.reason, refusal.status)

    def _unclear(self, form: BoxForm, text: str) -> HttpResponse:
        """A number of a licence alone opens nothing: the rest of the paper is asked for."""
        if codes.is_address(text):
            form.add_error("code", "这个网址里没有可以查的码。扫的是亮证码，请对方刷新后再扫")
            return self._box(form, status=422)
        context = {"form": PaperForm(initial={"number": text}), "given": text}
        return self.render(context, template="usage/verifying/paper.html")

    def _box(self, form: BoxForm, refusal: str = "", status: int = 200) -> HttpResponse:
        context = {"form": form, "refusal": refusal, "host": settings.PORTAL_ADDRESS}
        return self.render(context, status=status)


class WaitingPage(_Reader):
    """The holder is being asked: comes back every two seconds, by a link where no script runs."""

    public: ClassVar[str] = "because whoever read the code waits for the holder's word (P.2.3.3)"
    template_name = "usage/verifying/waiting.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        reader_key, presentation = waits_for(request, key), presentation_of(key)
        if not reader_key or presentation is None:
            raise Http404
        reading = fetch_agreed(actor=self.actor, presentation=presentation, reader_key=reader_key)
        is_part = bool(request.headers.get("HX-Request"))
        if reading.is_waiting:
            context = {"presentation": presentation, "host": settings.PORTAL_ADDRESS}
            return self.render(context, template="usage/verifying/_waiting.html" if is_part else "")
        onward = self.lead_on(reading)
        if is_part:
            return HttpResponse(headers={"HX-Redirect": onward["Location"]})
        return onward

    def head(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """Nothing: only a reader who looks gets an answer."""
        return HttpResponse()


class ResultPage(PrivatePage):
    """What a reading brought, for the browser that made it; after some minutes its last line."""

    public: ClassVar[str] = "because whoever read a code sees what came of it (M.18)"
    template_name = "usage/verifying/result.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        if not remembers(request, key):
            raise Http404
        verifications = brought(key)
        if not verifications:
            raise Http404
        first = verifications[0]
        context = {"host": settings.PORTAL_ADDRESS, "verification": first}
        if clock.now() >= first.at + READING_STAYS_OPEN:
            band = band_of_outcome(BY_KEY[first.outcome])
            context |= {"band": band, "count": len(verifications)}
            return self.render(context, template="usage/verifying/result_over.html")
        is_own = first.account_id is not None and first.account_id == self.actor.account_id
        is_verifier = is_own and may_see_items(self.actor)
        shown = shown_by(verifications)
        results = [second_look(one, shown, is_verifier=is_verifier) for one in verifications]
        context |= {"results": results, "band": band_of_results(results)}
        return self.render(context)
