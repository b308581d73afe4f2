"""Looking up licences of the register for the desk and, without values, for supervision (M.8)."""

from datetime import date

from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from licences.models import CatalogueEntry, Licence, LicenceVersion
from licences.register.selectors import named, with_marks
from licences.register.visibility import licences_visible_to
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department

NEWEST_FIRST = ("-entered_at", "-id")
SHORTEST_NAME = 2


def register_of(actor: Actor) -> "QuerySet[Licence]":
    """One's own department's licences with their marks, in no order.

    `ends_on` is the last day, for one without an end the last day there is: so all can be sorted.
    """
    ends_on = Coalesce("valid_until", Value(date.max), output_field=DateField())
    return with_marks(licences_visible_to(actor)).annotate(ends_on=ends_on)


def found_by(rows: "QuerySet[Licence]", text: str) -> "QuerySet[Licence]":
    """Of the rows those with an identifier of any version, else those with a whole number, else
    those with a part of a holder's name of two characters or more."""
    wanted = text.strip()
    if wanted.startswith("1.2.156."):
        return rows.filter(versions__identifier=wanted.upper())
    numbered = rows.filter(number=wanted)
    if numbered.exists():
        return numbered
    if len(normalise_name(wanted)) < SHORTEST_NAME:
        return rows.none()
    return named(rows, wanted)


def with_identifier(rows: "QuerySet[Licence]", text: str) -> "QuerySet[Licence]":
    """Of the rows that with a version of a whole identifier."""
    return rows.filter(versions__identifier=text.strip().upper())


def kinds_issued(actor: Actor) -> list[tuple[str, str]]:
    """Type code and name of the kinds that one's own department has in the catalogue."""
    rows = CatalogueEntry.objects.filter(issuing_department_id=actor.department_id or 0)
    found = rows.order_by("type_code", "-edition").values_list("type_code", "name")
    latest: dict[str, str] = {}
    for code, name in found:
        latest.setdefault(code, name)
    return sorted(latest.items(), key=lambda one: one[1])


def licence_of(actor: Actor, identifier: str) -> Licence | None:
    """The licence that has a version of that identifier, if the actor may read it."""
    return (
        with_marks(licences_visible_to(actor))
        .filter(versions__identifier=identifier)
        .select_related("entry", "issuing_department", "application")
        .first()
    )


def version_of(actor: Actor, identifier: str) -> LicenceVersion | None:
    """The version of that identifier with what it is drawn from, if the actor may read it."""
    return (
        LicenceVersion.objects.filter(identifier=identifier, licence__in=licences_visible_to(actor))
        .select_related("licence__issuing_department", "seal_use__seal", "file")
        .first()
    )


def versions_of(licence: Licence) -> "QuerySet[LicenceVersion]":
    """A licence's versions with seal and file, newest first."""
    return (
        LicenceVersion.objects.filter(licence=licence)
        .select_related("seal_use__seal", "file")
        .order_by("-no")
    )


def county_register(actor: Actor) -> "QuerySet[Licence]":
    """Every department's licences as supervision may see them: no value, holder or number (M.5).

    Only those columns are read at all.
    """
    if not actor.has(Capability.SUPERVISE.value):
        return Licence.objects.none()
    return Licence.objects.select_related("issuing_department").only(
        "uuid", "identifier", "kind_name", "state", "entered_at", "issuing_department__name"
    )


def departments_that_issued() -> "QuerySet[Department]":
    """The departments that have issued anything, by name."""
    issued = Licence.objects.filter(issuing_department=OuterRef("pk"))
    return Department.objects.filter(Exists(issued)).order_by("name")


def departments_with_licences() -> dict[str, str]:
    """Credit code and name of the departments that have issued anything, by name."""
    return dict(departments_that_issued().values_list("credit_code", "name"))


def issued_by(rows: "QuerySet[Licence]", credit_code: str) -> "QuerySet[Licence]":
    """Of the rows those of one department: resolved first, so that they stay in their order."""
    department = Department.objects.filter(credit_code=credit_code)
    return rows.filter(issuing_department_id=Subquery(department.values("pk")[:1]))
