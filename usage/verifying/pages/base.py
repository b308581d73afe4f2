"""What every page of a verification shares: who looks, how often, and where a result leads."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse

from usage.models import Verification
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.presenter import Viewer, open_until, sentence_of, viewer_of
from usage.verifying.rate_limits import Limit, spend
from usage.verifying.results import VerificationResult
from usage.verifying.selectors import brought_by, verification_of, verified_together
from usage.verifying.visitors import visitor
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability

# What a session keeps: the verifications this browser brought about; the presentations whose
# holder is being asked, each with the secret that the reader was given; what a verifier checks
# for; a licence number on its way to the page for paper.
_MADE, _ASKED, PURPOSE, NUMBER = "readings", "asked", "check_purpose", "check_number"
_MOST = 40
_WAITING_WORDS = {
    "number": "",
    "code": "",
    "verdict": "waiting",
    "word": "等对方同意",
    "words": "对方要先同意，才能看到内容。",
}


class SeeOther(HttpResponseRedirect):
    """To the page that shows what a POST brought, so that loading it again does nothing anew."""

    status_code = 303


class ReaderPage(PortalView):
    """A page of whoever verifies, on duty or not: nobody on the way may keep it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The address may hold a code, and the answer is of now.

        The address is told to our own pages only. To tell it to nobody (`no-referrer`) would make
        browsers send `Origin: null` with every form of the page, and each would be refused.
        """
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    @property
    def viewer(self) -> Viewer:
        """As whom one looks at what one has brought about."""
        return viewer_of(self.actor)

    def spend(self, limit: Limit) -> None:
        """Counts one look. Raises TooOften."""
        spend(limit, visitor(self.request, self.actor))

    def purpose(self) -> str:
        """What a verifier checks for, as they said last."""
        return str(self.request.session.get(PURPOSE, ""))

    def lead_on(self, result: VerificationResult) -> HttpResponse:
        """To the page where one waits for the holder, or to the results."""
        # who verifies on duty has pages with more to do on them
        pages = "check" if self.viewer is Viewer.VERIFIER else "verify"
        if result.is_waiting and result.presentation is not None:
            key = result.presentation.uuid
            wait_for(self.request, key, result.reader_key)
            return self.to(reverse(f"usage:{pages}-waiting", args=[key]), _WAITING_WORDS)
        made = self._made(result)
        if not made:
            return self.nothing_to_show()
        remember(self.request, [row.uuid for row in made])
        address = reverse(f"usage:{pages}-result", args=[made[0].uuid])
        return self.to(address, _told(made[0]))

    def nothing_to_show(self) -> HttpResponse:
        """Where a result is gone before it was fetched. Raises Http404 but for verifiers."""
        if self.viewer is not Viewer.VERIFIER:
            raise Http404
        messages.error(self.request, "没有读到结果\n请对方刷新亮证页面，再扫一次。")
        return self.to(reverse("usage:check"), {})

    def to(self, address: str, told: dict[str, str]) -> HttpResponse:  # noqa: ARG002
        """To an address; `told` is for scripts, which list the answer themselves."""
        return SeeOther(address)

    def with_host(self, **context: Any) -> dict[str, Any]:
        """A context with our address, by which people tell us from others."""
        return {"host": settings.PORTAL_ADDRESS, **context}

    def _made(self, result: VerificationResult) -> Sequence[Verification]:
        """The verifications to show: a verifier's own first ones, where a code came in twice.

        Scanners send a code twice, and an answer may be lost on the way: who has read one
        a moment ago is led to what that brought.
        """
        row = result.presentation
        if result.outcome is Outcome.CODE_USED and row is not None:
            own = brought_by(self.actor, row)
            if own is not None and clock.now() < open_until(own):
                return [own]
        return [one.verification for one in result.licences]


class CheckPage(ReaderPage):
    """A page of a verifier on duty."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = Capability.VERIFY_LICENCES

    @property
    def wants_json(self) -> bool:
        """Whether a script asks: it lists the answer itself."""
        return self.request.headers.get("Accept", "").startswith("application/json")

    def to(self, address: str, told: dict[str, str]) -> HttpResponse:
        return JsonResponse({**told, "address": address}) if self.wants_json else SeeOther(address)


class OwnVerificationPage(CheckPage):
    """A page of one verification of one's own; a neighbour's is as little there as none."""

    verification: Verification

    def prepare(self, **kwargs: Any) -> None:
        found = verification_of(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.verification = found

    def together(self) -> Sequence[Verification]:
        """The licences that were shown with it."""
        return verified_together(self.verification)


def remember(request: HttpRequest, verifications: Iterable[UUID]) -> None:
    """Lets this browser see these results again for a while."""
    made = [*request.session.get(_MADE, []), *map(str, verifications)]
    request.session[_MADE] = made[-_MOST:]


def remembers(request: HttpRequest, verification: UUID) -> bool:
    """Whether this browser brought the verification about."""
    return str(verification) in request.session.get(_MADE, [])


def wait_for(request: HttpRequest, presentation: UUID, reader_key: str) -> None:
    """Keeps the secret with which this browser asks again what the holder said."""
    asked = {**request.session.get(_ASKED, {}), str(presentation): reader_key}
    request.session[_ASKED] = dict(list(asked.items())[-_MOST:])


def waits_for(request: HttpRequest, presentation: UUID) -> str:
    """The secret of a presentation that this browser waits for; nothing where it does not."""
    key: str = request.session.get(_ASKED, {}).get(str(presentation), "")
    return key


def _told(row: Verification) -> dict[str, str]:
    """One verification, as a script lists it."""
    outcome = BY_KEY[row.outcome]
    return {
        "number": row.number,
        "code": outcome.code,
        "verdict": outcome.verdict.value,
        "word": outcome.verdict.word,
        "words": sentence_of(row),
    }
