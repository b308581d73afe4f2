"""A department's seals, read only: state, validity, impression, what they were used for last."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from seals.custody.selectors import seals_visible_to, with_last_uses
from seals.models import Seal, SealUse
from zezhou_portal.kernel import clock, files
from zezhou_portal.pagekit.lists import Empty, ListPage
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.numbers import limits_on

READERS = (Capability.KEEP_SEALS, Capability.ISSUE_LICENCES, Capability.CONSULT_REGISTER)
_VOICES = {"ACTIVE": "yes", "RENEWING": "heed", "BLOCKED": "no", "EXPIRED": "no"}
_ICONS = {"yes": "circle-check", "heed": "calendar-clock", "no": "octagon-alert", "": "minus"}
_PRIVATE = "private, no-cache"


@dataclass(frozen=True)
class SealRow:
    """A seal as the page shows it."""

    seal: Seal
    uses: list[SealUse]
    days_left: int
    renewable_days: int
    word: str
    voice: str

    @property
    def icon(self) -> str:
        """The symbol beside the word."""
        return _ICONS[self.voice]

    @property
    def days_over(self) -> int:
        """How many days ago it ended."""
        return max(0, -self.days_left)

    @property
    def ends_soon(self) -> bool:
        """Whether it is time to renew (S.8)."""
        return self.seal.state == "ACTIVE" and 0 <= self.days_left <= self.renewable_days


class Seals(ListPage[Seal]):
    """The seals of the department, those in use first."""

    capability = READERS
    template_name = "seals/seals.html"
    title = "电子印章"
    order = ("state", "kind", "name", "id")
    size = 12
    unit = "枚"
    nothing = Empty(
        "本单位还没有登记电子印章", "没有印章，签发以后制不了证。请按规定申请制作。", "stamp"
    )

    def rows(self) -> "QuerySet[Seal]":
        return seals_visible_to(self.actor).select_related("certificate")

    def present(self, rows: Sequence[Seal]) -> list[SealRow]:
        window = limits_on(clock.today()).seal_renewal_window
        return [_shown(row, window.days) for row in rows]


class Impression(PortalView):
    """A seal's impression as PNG; never a neighbour's."""

    capability = READERS

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        seal = seals_visible_to(self.actor).filter(uuid=key).first()
        if seal is None:
            raise not_found()
        tag = f'"{seal.impression_digest}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": _PRIVATE})
        try:
            picture = files.read(seal.impression_digest)
        except (files.FileMissing, files.FileAltered) as fault:
            raise not_found() from fault
        headers = {"ETag": tag, "Cache-Control": _PRIVATE}
        return HttpResponse(picture, content_type="image/png", headers=headers)


def _shown(seal: Seal, renewable_days: int) -> SealRow:
    days = (clock.beijing_day(seal.valid_until) - clock.today()).days
    over = seal.state in {"ACTIVE", "RENEWING"} and seal.valid_until < clock.now()
    word = "已过期" if over else seal.get_state_display()
    voice = "no" if over else _VOICES.get(seal.state, "")
    return SealRow(seal, with_last_uses(seal), days, renewable_days, word, voice)
