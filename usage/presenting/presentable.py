"""What of a holder's licences can be shown today, and why the rest cannot (P.2.3.2, P.2.3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from licences.data_items import DataItem
from licences.models import CatalogueEntry, Licence, LicenceMark, LicenceVersion
from licences.register.selectors import in_force
from usage.models import PresentationOff
from usage.presenting.presets import why_not_shown
from usage.verifying.disclosure import showable


@dataclass(frozen=True)
class Showable:
    """One licence in its present version: the items one can choose from, and what stands against.

    `marks` are the present ones, as (code, detail) pairs; `why_not` is empty where the licence
    can be shown.
    """

    licence: Licence
    version: LicenceVersion
    marks: tuple[tuple[str, str], ...]
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
    carry their licence.
    """
    valid = in_force(Licence.objects.filter(pk=OuterRef("pk")), on)
    noted = licences.annotate(is_valid=Exists(valid), is_off=Exists(_off(principal_id)))
    rows = list(noted.order_by(*order, "-is_valid", "-entered_at", "-pk")[:most])
    marks: dict[int, list[tuple[str, str]]] = {row.pk: [] for row in rows}
    present = LicenceMark.objects.filter(licence__in=marks, until__isnull=True)
    for mark in present.order_by("since", "pk"):
        marks[mark.licence_id].append((mark.kind, mark.detail))
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
    found = []
    for row in rows:
        version = versions.get(row.pk)
        if version is None:
            continue
        version.licence = row
        why = why_not_shown(
            row.state,
            is_off=row.is_off,
            is_made=version.is_made,
            term=(row.valid_from, row.valid_until),
            today=on,
        )
        if not why and not row.is_valid:
            why = "还在制证，通常 1 分钟内做好"
        edition = items[str(version.frozen["entry"])]
        found.append(Showable(row, version, tuple(marks[row.pk]), edition, why))
    return found


def _off(principal_id: int) -> "QuerySet[PresentationOff]":
    return PresentationOff.objects.filter(
        Q(holder_id=principal_id) | Q(holder__same_as_id=principal_id),
        licence=OuterRef("pk"),
        until__isnull=True,
    )
