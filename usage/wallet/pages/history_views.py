"""What became of a licence, and who looked at it or used it, for its holder (M.8, M.20, M.25)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from audit.trail.selectors import NEWEST_FIRST, Record
from audit.trail.vocabulary.reading import icon_of, words_of
from licences.data_items import items_of
from licences.models import LicenceMark, LicenceStatus, LicenceVersion, MarkKind
from licences.production.rendering import entry_of
from usage.wallet import reading as holder_reading
from usage.wallet.pages.card_views import CardView
from usage.wallet.pages.history import Viewer, history
from usage.wallet.selectors import agents_among, changes_of, looks_at, present_version
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.pagekit.lists import ListPage
from zezhou_portal.pagekit.timeline import Event


class Uses(CardView, ListPage[Record]):
    """Every look and every use, newest first, page by page; reading it is opening the card."""

    template_name = "usage/wallet/uses.html"
    order = NEWEST_FIRST
    size = 30

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        holder_reading.open_card(actor=self.actor, licence=self.licence)
        return super().get(request, *args, **kwargs)

    def rows(self) -> "QuerySet[Record]":
        return looks_at(self.licence)

    def present(self, rows: Sequence[Record]) -> Sequence[Event]:
        keys = {row.actor_key for row in rows if row.actor_kind == ActorKind.HOLDER.value}
        entry = entry_of(present_version(self.licence))
        viewer = Viewer(
            str(self.holder_session.person.uuid),
            agents_among(self.holder_session.principal.pk, sorted(keys)),
            {item.key: item.name for item in items_of(entry.items)},
        )
        return history(rows, viewer)

    def context(self) -> dict[str, Any]:
        return self.head("uses")


class Changes(CardView):
    """Versions, states and marks in one line of time."""

    template_name = "usage/wallet/changes.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        found = changes_of(self.licence)
        events = [
            *(_version(row) for row in found.versions),
            *(_state(row) for row in found.states),
            *(event for row in found.marks for event in _mark(row)),
        ]
        events.sort(key=lambda event: event.at, reverse=True)
        return self.render({**self.head("changes"), "rows": events})


def _version(row: LicenceVersion) -> Event:
    file = getattr(row, "file", None)
    made = f"签章 {file.sealed_at:%Y-%m-%d}" if file else "正在制证"
    return Event(row.signed_off_at, f"签发第 {row.no} 版", icon="pen-line", details=[made])


def _state(row: LicenceStatus) -> Event:
    return Event(
        at=row.since,
        what=f"状态：{row.get_state_display()}",
        icon=icon_of(row.act),
        voice="heed" if row.state in {"DETAINED", "REVOKED", "ANNULLED"} else "",
        details=[words_of(row.act)],
    )


def _mark(row: LicenceMark) -> list[Event]:
    """When a mark was put on, and when it was taken off."""
    word = MarkKind(row.kind).label
    about = f"：{row.detail}" if row.detail else ""
    is_plain = row.kind in {MarkKind.INSPECTED, MarkKind.PLEDGED, MarkKind.MORTGAGED}
    voice = "" if is_plain else "heed"
    events = [Event(row.since, f"标注“{word}{about}”", icon="flag", voice=voice)]
    if row.until is not None:
        events.append(Event(row.until, f"取消标注“{word}{about}”", icon="flag"))
    return events
