"""Catalogue entries for those who compile and for those who publish (M.5, M.6)."""

from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

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
    """The department's published edition of the kind, other than this one; else its former."""
    others = editions_of(entry).exclude(pk=entry.pk)
    published = others.filter(state="PUBLISHED").first()
    if published is not None or entry.state in {"DRAFT", "SUBMITTED"}:
        return published
    return others.filter(state="REPLACED", edition__lt=entry.edition).order_by("-edition").first()


def editions_of(entry: CatalogueEntry) -> "QuerySet[CatalogueEntry]":
    """Every edition of an entry's kind at its department."""
    return CatalogueEntry.objects.filter(
        type_code=entry.type_code, issuing_department_id=entry.issuing_department_id
    )


def may_have_another(entry: CatalogueEntry) -> bool:
    """Whether a next edition may be begun from this one: it is in force, or the last taken down."""
    others = editions_of(entry).exclude(pk=entry.pk)
    if others.filter(state__in=("DRAFT", "SUBMITTED")).exists():
        return False
    if entry.state == "WITHDRAWN":
        later = Q(state="PUBLISHED") | Q(edition__gt=entry.edition)
        return not others.filter(later).exists()
    return entry.state == "PUBLISHED"


def standing(actor: Actor, type_code: str) -> list[CatalogueEntry]:
    """What stands under a type code already, one entry a department, one's own first.

    One's own in any state; of other departments what is published.
    """
    own = Q(issuing_department_id=actor.department_id or 0)
    rows = CatalogueEntry.objects.filter(own | Q(state="PUBLISHED"), type_code=type_code)
    newest: dict[int, CatalogueEntry] = {}
    for row in rows.select_related("issuing_department").order_by("-edition"):
        newest.setdefault(row.issuing_department_id, row)
    return sorted(
        newest.values(),
        key=lambda one: (one.issuing_department_id != actor.department_id, one.pk),
    )


def beside_of_another(entry: CatalogueEntry) -> CatalogueEntry | None:
    """For the first edition of a kind that another department issues: that one's, to compare."""
    if entry.state not in {"DRAFT", "SUBMITTED"}:
        return None
    others = CatalogueEntry.objects.filter(type_code=entry.type_code, state="PUBLISHED")
    rows = others.exclude(issuing_department_id=entry.issuing_department_id)
    return rows.select_related("issuing_department").order_by("pk").first()


def issued_elsewhere(key: str) -> CatalogueEntry | None:
    """A published entry by its UUID, to be taken as a pattern; None for anything else."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    rows = CatalogueEntry.objects.filter(uuid=wanted, state="PUBLISHED")
    return rows.select_related("issuing_department").first()


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
