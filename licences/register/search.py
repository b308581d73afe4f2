"""Looking up licences of the register for the desk and, without values, for supervision (M.8)."""

from django.db.models import QuerySet

from licences.lifecycle import LICENCE
from licences.models import CatalogueEntry, Licence, LicenceVersion
from licences.register.selectors import named, with_marks
from licences.register.visibility import licences_visible_to
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department

NEWEST_FIRST = ("-entered_at", "-id")
SHORTEST_NAME = 2


def search_register(
    actor: Actor, text: str = "", *, kind: str = "", state: str = ""
) -> "QuerySet[Licence]":
    """One's own department's licences with their marks, in no order.

    text: an identifier of any version, else a whole number, else a part of a holder's name of
    two characters or more. kind: a type code. state: one of the table's.
    """
    rows = with_marks(licences_visible_to(actor))
    if kind:
        rows = rows.filter(type_code=kind)
    if state in LICENCE.labels:
        rows = rows.filter(state=state)
    wanted = text.strip()
    if not wanted:
        return rows
    if wanted.startswith("1.2.156."):
        return rows.filter(versions__identifier=wanted.upper())
    numbered = rows.filter(number=wanted)
    if numbered.exists():
        return numbered
    if len(normalise_name(wanted)) < SHORTEST_NAME:
        return rows.none()
    return named(rows, wanted)


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


def county_register(
    actor: Actor, *, identifier: str = "", department: str = "", state: str = ""
) -> "QuerySet[Licence]":
    """Every department's licences as supervision may see them: no value, holder or number (M.5).

    Only those columns are read at all.
    """
    if not actor.has(Capability.SUPERVISE.value):
        return Licence.objects.none()
    rows = Licence.objects.select_related("issuing_department").only(
        "uuid", "identifier", "kind_name", "state", "entered_at", "issuing_department__name"
    )
    if identifier.strip():
        rows = rows.filter(versions__identifier=identifier.strip().upper())
    if department:
        rows = rows.filter(issuing_department__credit_code=department)
    if state in LICENCE.labels:
        rows = rows.filter(state=state)
    return rows


def departments_with_licences() -> "QuerySet[Department]":
    """The departments that have issued anything, by name."""
    return Department.objects.filter(licences__isnull=False).distinct().order_by("name")
