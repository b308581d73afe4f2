"""What became of a licence, and who looked at it or used it, for its holder (M.8, M.20, M.25)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from licences.data_items import items_of
from licences.models import LicenceMark, LicenceStatus, LicenceVersion, MarkKind
from licences.production.rendering import entry_of
from usage.wallet import reading as holder_reading
from usage.wallet.pages.card_views import CardView
from usage.wallet.pages.history import Line, Viewer, line_of
from usage.wallet.selectors import agents_among, changes_of, looks_at, present_version
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.regulation.actions import BY_CODE

_STATE_ICONS = {
    "AWAITING_FILE": "stamp",
    "IN_FORCE": "file-check-2",
    "DETAINED": "pause",
    "EXPIRED": "calendar-clock",
    "CANCELLED": "minus",
    "REVOKED": "gavel",
    "ANNULLED": "ban",
}


class Uses(CardView):
    """Every look and every use, newest first, page by page; reading it is opening the card."""

    template_name = "usage/wallet/uses.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """GET `page`."""
        holder_reading.open_card(actor=self.actor, licence=self.licence)
        page = looks_at(self.licence, token=request.GET.get("page", ""))
        keys = {row.actor_key for row in page.rows if row.actor_kind == ActorKind.HOLDER.value}
        viewer = Viewer(
            str(self.holder_session.person.uuid),
            agents_among(self.holder_session.principal.pk, sorted(keys)),
        )
        entry = entry_of(present_version(self.licence))
        names = {item.key: item.name for item in items_of(entry.items)}
        lines = [line_of(row, viewer, names) for row in page.rows]
        return self.render({**self.head("uses"), "page": page, "lines": lines})


class Changes(CardView):
    """Versions, states and marks in one line of time."""

    template_name = "usage/wallet/changes.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        found = changes_of(self.licence)
        lines = [
            *(_version(one) for one in found.versions),
            *(_state(one) for one in found.states),
            *(line for one in found.marks for line in _mark(one)),
        ]
        lines.sort(key=lambda one: one.at, reverse=True)
        return self.render({**self.head("changes"), "lines": lines})


def _version(row: LicenceVersion) -> Line:
    file = getattr(row, "file", None)
    made = f"签章 {file.sealed_at:%Y-%m-%d}" if file else "正在制证"
    return _line(row.signed_off_at, f"签发第 {row.no} 版", "pen-line", [made])


def _state(row: LicenceStatus) -> Line:
    action = BY_CODE.get(row.act)
    word = str(row.get_state_display())
    what = action.words if action else word
    voice = "heed" if row.state in {"DETAINED", "REVOKED", "ANNULLED"} else ""
    return _line(row.since, f"状态：{word}", _STATE_ICONS[row.state], [what], voice)


def _mark(row: LicenceMark) -> list[Line]:
    """When a mark was put on, and when it was taken off."""
    word = MarkKind(row.kind).label
    about = f"：{row.detail}" if row.detail else ""
    put = _line(row.since, f"标注“{word}{about}”", "flag", [], "heed")
    if row.kind in {MarkKind.INSPECTED, MarkKind.PLEDGED, MarkKind.MORTGAGED}:
        put = _line(row.since, f"标注“{word}{about}”", "flag", [])
    if row.until is None:
        return [put]
    return [put, _line(row.until, f"取消标注“{word}{about}”", "flag", [])]


def _line(at: datetime, what: str, icon: str, details: Sequence[str], voice: str = "") -> Line:
    return Line(at=at, what=what, who="", details=details, icon=icon, voice=voice)
