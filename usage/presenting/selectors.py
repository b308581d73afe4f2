"""Presentations of one person: the one that runs, one by its key, and what came of it (P.2.3.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from licences.data_items import DataItem
from licences.models import CatalogueEntry
from usage.models import LIVE, Presentation, PresentedLicence, Verification
from usage.presenting.presets import PRESETS
from usage.verifying.disclosure import showable


@dataclass(frozen=True)
class Part:
    """One licence of a presentation, as its presenter is reminded of it."""

    licence_id: int
    kind: str
    number: str
    chosen: tuple[str, ...]
    items: tuple[DataItem, ...]

    @property
    def chosen_names(self) -> list[str]:
        """What the chosen items are called, in the order of the kind."""
        return self.names_of(self.chosen)

    @property
    def words(self) -> str:
        """What is shown of it, in a few words: the preset's name, or how many items."""
        for preset in PRESETS:
            if set(self.chosen) == set(preset.chosen_of(self.items)):
                return preset.name
        return f"照面和另外 {len(self.chosen)} 项"

    def names_of(self, keys: Iterable[str]) -> list[str]:
        """What items are called, in the order of the kind."""
        wanted = set(keys)
        return [item.name for item in self.items if item.key in wanted]


def presentation_of(holder_id: int | None, key: UUID) -> Presentation | None:
    """The presentation of that key, if this person opened it; nobody else finds it (M.26)."""
    rows = Presentation.objects.select_related("mandate", "principal")
    return rows.filter(presenter_id=holder_id or 0, uuid=key).first()


def running_presentation(holder_id: int | None, now: datetime) -> Presentation | None:
    """The presentation that a person has open now."""
    rows = Presentation.objects.filter(presenter_id=holder_id or 0, state__in=LIVE)
    return rows.filter(ends_at__gt=now).first()


def parts_of(row: Presentation) -> Sequence[Part]:
    """The licences of a presentation in their order, with the names of their items; two queries."""
    shown = list(
        PresentedLicence.objects.filter(presentation=row)
        .select_related("version")
        .order_by("place")
    )
    editions = {str(one.version.frozen["entry"]) for one in shown}
    items = {
        str(entry.uuid): showable(entry.items)
        for entry in CatalogueEntry.objects.filter(uuid__in=editions).only("uuid", "items")
    }
    return [
        Part(
            one.licence_id,
            one.version.frozen["kind_name"],
            str(one.version.frozen["number"]),
            tuple(one.items),
            items[str(one.version.frozen["entry"])],
        )
        for one in shown
    ]


def readings_of(row: Presentation) -> Sequence[Verification]:
    """Every try to read a presentation, oldest first; a try that led to no licence has none."""
    return list(Verification.objects.filter(presentation=row).order_by("pk")[:40])
