"""Catalogue entries for those who compile and for those who publish (M.5, M.6)."""

from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from licences.models import CatalogueEntry
from licences.register.visibility import entries_visible_to
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department

# What waits for somebody comes first.
_RANKS = ("DRAFT", "SUBMITTED", "PUBLISHED", "REPLACED", "WITHDRAWN")


def entries_of_department(actor: Actor) -> "QuerySet[CatalogueEntry]":
    """The entries of the department one acts for in all states: drafts first, then by name."""
    return _ranked(CatalogueEntry.objects.filter(issuing_department_id=actor.department_id or 0))


def own_entry(actor: Actor, key: UUID) -> CatalogueEntry | None:
    """An entry of the department one acts for."""
    return entries_of_department(actor).filter(uuid=key).first()


def entries_to_publish(actor: Actor) -> "QuerySet[CatalogueEntry]":
    """Every department's entries that have been submitted at least once, submitted ones first.

    A draft that never left its department is the department's own affair, given up or not.
    """
    if not actor.has(Capability.PUBLISH_ENTRIES.value):
        return CatalogueEntry.objects.none()
    rows = entries_visible_to(actor).exclude(state="DRAFT")
    rows = rows.exclude(state="WITHDRAWN", submitted_at__isnull=True, published_at__isnull=True)
    return _ranked(rows)


def entry_to_publish(actor: Actor, key: UUID) -> CatalogueEntry | None:
    """An entry that the bureau may check."""
    return entries_to_publish(actor).filter(uuid=key).first()


def in_force_beside(entry: CatalogueEntry) -> CatalogueEntry | None:
    """The published edition of the same kind, other than this one; else the one it followed."""
    others = CatalogueEntry.objects.filter(type_code=entry.type_code).exclude(pk=entry.pk)
    published = others.filter(state="PUBLISHED").first()
    if published is not None or entry.state in {"DRAFT", "SUBMITTED"}:
        return published
    return others.filter(state="REPLACED", edition__lt=entry.edition).order_by("-edition").first()


def has_open_edition(type_code: str) -> bool:
    """Whether somebody is compiling or has submitted an edition of a kind."""
    return CatalogueEntry.objects.filter(
        type_code=type_code, state__in=("DRAFT", "SUBMITTED")
    ).exists()


def acting_department(actor: Actor) -> Department:
    """The department one acts for."""
    return Department.objects.get(pk=actor.department_id or 0)


def _ranked(rows: "QuerySet[CatalogueEntry]") -> "QuerySet[CatalogueEntry]":
    rank = Case(
        *[When(state=state, then=Value(place)) for place, state in enumerate(_RANKS)],
        default=Value(len(_RANKS)),
        output_field=IntegerField(),
    )
    return rows.annotate(rank=rank).select_related("issuing_department")


ORDER = ("rank", "name", "-edition", "id")
