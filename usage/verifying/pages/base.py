"""What the pages of a verifier share: where a reading leads, and how a script is told."""

import re
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from usage.models import Verification
from usage.verifying.outcomes import BY_KEY, Outcome
from usage.verifying.pages.presenter import sentence_of
from usage.verifying.redeeming import Reading
from usage.verifying.selectors import brought_by, read_together, verification_of
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.limits import READING_STAYS_OPEN

# What a session keeps: the secrets of readings that wait for a holder's word, what one checks
# for, and a licence number on its way to the other tab.
WAITING = "check_waiting"
PURPOSE = "check_purpose"
NUMBER = "check_number"
_MOST_WAITING = 5
# Not a code, yet what a face has for a number or an identifier.
_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[\w.\-—()（）〔〕\[\]【】·/]{5,160}")


class CheckView(PortalView):
    """A page of a verifier on duty."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = Capability.VERIFY_LICENCES

    @property
    def wants_json(self) -> bool:
        """Whether a script asks: it lists the answer itself."""
        return self.request.headers.get("Accept", "").startswith("application/json")

    def purpose(self) -> str:
        """What this person checks for, as they said last."""
        return str(self.request.session.get(PURPOSE, ""))

    def answer(self, reading: Reading) -> HttpResponse:
        """To the verdict, or to the page that waits for the holder's word."""
        if reading.is_waiting and reading.presentation is not None:
            return self._wait(str(reading.presentation.uuid), reading.reader_key)
        found = self.kept(reading)
        if found is None:
            messages.error(self.request, "没有读到结果\n请对方刷新亮证页面，再扫一次。")
            return self._to(reverse("usage:check"), {})
        return self._to(reverse("usage:check-result", args=[found.uuid]), _told(found))

    def kept(self, reading: Reading) -> Verification | None:
        """The verification to show: one's own first reading, where a code came in twice.

        Scanners send a code twice, and an answer may be lost on the way: who has read one
        a moment ago is led to what that brought.
        """
        row = reading.presentation
        if reading.outcome is Outcome.CODE_USED and row is not None:
            own = brought_by(self.actor, row)
            if own is not None and clock.now() < own.at + READING_STAYS_OPEN:
                return own
        return reading.read[0].verification if reading.read else None

    def _wait(self, key: str, reader_key: str) -> HttpResponse:
        kept = dict(self.request.session.get(WAITING, {}))
        kept[key] = reader_key
        self.request.session[WAITING] = dict(list(kept.items())[-_MOST_WAITING:])
        told = {
            "number": "",
            "code": "",
            "verdict": "waiting",
            "word": "等对方同意",
            "words": "对方要先同意，才能看到内容。",
        }
        return self._to(reverse("usage:check-waiting", args=[key]), told)

    def _to(self, address: str, told: dict[str, str]) -> HttpResponse:
        if self.wants_json:
            return JsonResponse({**told, "address": address})
        response = HttpResponseRedirect(address)
        response.status_code = 303
        return response


class VerificationView(CheckView):
    """A page of one verification of one's own; a neighbour's is as little there as none."""

    verification: Verification

    def prepare(self, **kwargs: Any) -> None:
        key: UUID = kwargs["key"]
        found = verification_of(self.actor, key)
        if found is None:
            raise not_found()
        self.verification = found

    def together(self) -> list[Verification]:
        """The licences that were shown with it."""
        return list(read_together(self.verification))


def like_a_number(text: str) -> bool:
    """Whether a text that is no code may be what a face has for a number, not an address."""
    head = text.split("/", 1)[0] if "/" in text else ""
    return "." not in head and ":" not in text and bool(_LIKE_A_NUMBER.fullmatch(text.strip()))


def _told(row: Verification) -> dict[str, str]:
    """One verification, as a script lists it."""
    outcome = BY_KEY[row.outcome]
    return {
        "number": row.number,
        "code": outcome.code,
        "verdict": outcome.verdict.value,
        "word": outcome.verdict.word,
        "words": sentence_of(row, outcome),
    }


def too_long(request: HttpRequest, most: int) -> bool:
    """Whether a request says that its body is longer than `most`, before a byte of it is read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > most
    except ValueError:
        return False
