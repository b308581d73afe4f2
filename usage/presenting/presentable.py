"""What of a holder's licences can be shown today, and why the rest cannot (P.2.3.2, P.2.3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from licences.data_items import DataItem
from licences.models import CatalogueEntry, Licence, LicenceVersion
from licences.register.selectors import in_force, with_marks
from usage.models import PresentationOff
from usage.presenting.presets import why_not_shown
from usage.verifying.items import showable


@dataclass(frozen=True)
class Showable:
    """One licence in its present version: the items one can choose from, and what stands against.

    `why_not` is empty where the licence can be shown.
    """

    licence: Licence
    version: LicenceVersion
    items: tuple[DataItem, ...]
    why_not: str


def showables(
    licences: "QuerySet[Licence]",
    principal_id: int,
    on: date,
    *,
    order: Sequence[str] = (),
    most: int | None = None,
) -> Sequence[Showable]:
    """The licences of the set with what presenting needs: those in force first, then the newest.

    `order` names columns that go before that. Four queries however many there are; the versions
    carry their licence with its marks.
    """
    valid = in_force(Licence.objects.filter(pk=OuterRef("pk")), on)
    noted = licences.annotate(is_valid=Exists(valid), is_off=Exists(_off(principal_id)))
    # ordered before the marks are asked for: what a function gives back knows no annotation
    rows = list(with_marks(noted.order_by(*order, "-is_valid", "-entered_at", "-pk"))[:most])
    versions = {
        row.licence_id: row
        for row in LicenceVersion.objects.filter(
            licence__in=[row.pk for row in rows], no=F("licence__version_no")
        )
    }
    editions = {str(row.frozen["entry"]) for row in versions.values()}
    items = {
        str(entry.uuid): showable(entry.items)
        for entry in CatalogueEntry.objects.filter(uuid__in=editions).only("uuid", "items")
    }
    return [
        _one(row, versions[row.pk], items[str(versions[row.pk].frozen["entry"])], on)
        for row in rows
        if row.pk in versions
    ]


def _one(row: Licence, version: LicenceVersion, items: tuple[DataItem, ...], on: date) -> Showable:
    version.licence = row
    why = why_not_shown(
        row.state,
        is_off=row.is_off,  # type: ignore[attr-defined]
        is_made=version.is_made,
        term=(row.valid_from, row.valid_until),
        today=on,
    )
    if not why and not row.is_valid:  # type: ignore[attr-defined]
        why = "还在制证，通常 1 分钟内做好"
    return Showable(row, version, items, why)


def _off(principal_id: int) -> "QuerySet[PresentationOff]":
    return PresentationOff.objects.filter(
        Q(holder_id=principal_id) | Q(holder__same_as_id=principal_id),
        licence=OuterRef("pk"),
        until__isnull=True,
    )
