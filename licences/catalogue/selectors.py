"""The published catalogue, as anybody may read it (M.6, P.2.1.1)."""

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery

from licences.models import CatalogueEntry, ServiceItem
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.models import Department

# Editions anybody may know of: the one in force and those it replaced.
_KNOWN = ("PUBLISHED", "REPLACED")


def published_entries() -> QuerySet[CatalogueEntry]:
    """The editions in force by name."""
    found = CatalogueEntry.objects.filter(state="PUBLISHED").select_related("issuing_department")
    return found.order_by("name", "id")


def named(rows: QuerySet[CatalogueEntry], text: str) -> QuerySet[CatalogueEntry]:
    """Of the rows those with a part of the licence's or the issuing department's name."""
    words = normalise_name(text)
    return rows.filter(Q(name__icontains=words) | Q(issuing_department__name__icontains=words))


def for_holders(rows: QuerySet[CatalogueEntry], kind: str) -> QuerySet[CatalogueEntry]:
    """Of the rows those for `person` or `enterprise`; a kind for both is found under either."""
    return rows.filter(holder_kind__in=(kind, "any"))


def kinds_by_code() -> dict[str, str]:
    """The names of the published kinds by type code, in the order of names."""
    return dict(published_entries().values_list("type_code", "name"))


def published_kinds() -> QuerySet[CatalogueEntry]:
    """One row a published kind, of the department first in the list, with `issuers` of it."""
    return one_of_each_kind(published_entries())


def one_of_each_kind(rows: QuerySet[CatalogueEntry]) -> QuerySet[CatalogueEntry]:
    """Of published entries one a type code, with how many departments issue the kind."""
    same = CatalogueEntry.objects.filter(state="PUBLISHED", type_code=OuterRef("type_code"))
    counted = same.order_by().values("type_code").annotate(count=Count("pk")).values("count")
    before = same.filter(pk__lt=OuterRef("pk"))
    return rows.filter(~Exists(before)).annotate(
        issuers=Subquery(counted, output_field=IntegerField())
    )


def issuers_of(type_code: str) -> list[CatalogueEntry]:
    """The editions in force of a kind, one a department that issues it, by its name."""
    rows = published_entries().filter(type_code=type_code)
    return list(rows.order_by("issuing_department__name", "id"))


def known_editions(entry: CatalogueEntry) -> QuerySet[CatalogueEntry]:
    """A department's edition in force of a kind and those it replaced, newest first."""
    return CatalogueEntry.objects.filter(
        type_code=entry.type_code,
        issuing_department_id=entry.issuing_department_id,
        state__in=_KNOWN,
        published_at__isnull=False,
    ).order_by("-edition")


def latest_publications() -> QuerySet[CatalogueEntry]:
    """The editions in force, those published last first."""
    return published_entries().filter(published_at__isnull=False).order_by("-published_at", "-id")


def service_items_of(entry: CatalogueEntry) -> QuerySet[ServiceItem]:
    """The issuing department's service items that lead to a kind of licence (P.2.1.1)."""
    return (
        ServiceItem.objects.filter(
            licence_links__type_code=entry.type_code,
            department_id=entry.issuing_department_id,
        )
        .select_related("department")
        .order_by("code")
    )


def departments_with_entries() -> QuerySet[Department]:
    """The departments that issue a published kind, by name."""
    return (
        Department.objects.filter(catalogue_entries__state="PUBLISHED").distinct().order_by("name")
    )
