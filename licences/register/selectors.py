"""The register: by identifier, by number, by holder; what is in force on a day (M.8)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from licences import values
from licences.models import (
    Licence,
    LicenceFile,
    LicenceHolder,
    LicenceMark,
    LicenceStatus,
    LicenceVersion,
)
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.mandates.selectors import live
from zezhou_portal.parties.models import Holder, HolderKind, MandateKind

BUSINESS_LICENCE = "11100000MB0143028R001"


def in_force(rows: "QuerySet[Licence]", on: date) -> "QuerySet[Licence]":
    """The only definition of validity: state, dates and sealed file together.

    It never trusts the expiry timer to have run, nor a state without a file.
    """
    sealed = LicenceFile.objects.filter(
        version__licence=OuterRef("pk"), version__no=OuterRef("version_no")
    )
    return rows.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on),
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        Exists(sealed),
        state="IN_FORCE",
    )


def is_in_force(licence: Licence, on: date) -> bool:
    """Whether one licence is in force on a day, by the same definition."""
    return in_force(Licence.objects.filter(pk=licence.pk), on).exists()


def is_in_force_version(version: LicenceVersion, on: date) -> bool:
    """The same definition, of a version read with its licence and file: in force as this version.

    Asks nothing of the database. Of a version that a newer one replaced it is False.
    """
    licence = version.licence
    return (
        licence.state == "IN_FORCE"
        and version.no == licence.version_no
        and (licence.valid_from is None or licence.valid_from <= on)
        and (licence.valid_until is None or licence.valid_until >= on)
        and getattr(version, "file", None) is not None
    )


def state_on(licence: Licence, moment: datetime) -> str | None:
    """The state that a licence was in at a past moment; None before it was entered."""
    row = (
        LicenceStatus.objects.filter(licence=licence, since__lte=moment)
        .filter(Q(until__isnull=True) | Q(until__gt=moment))
        .first()
    )
    return row.state if row else None


def by_identifier(identifier: str) -> LicenceVersion | None:
    """The version of that identifier, with its licence and file."""
    return (
        LicenceVersion.objects.filter(identifier=identifier)
        .select_related("licence__issuing_department", "licence__entry", "file")
        .first()
    )


def by_file_digest(digest: str) -> LicenceFile | None:
    """The register's file of that digest."""
    return (
        LicenceFile.objects.filter(digest=digest)
        .select_related("version__licence__issuing_department")
        .first()
    )


def named(rows: "QuerySet[Licence]", text: str) -> "QuerySet[Licence]":
    """Licences whose holder's name holds `text` (two characters and more use the index)."""
    name = normalise_name(text)
    if not name:
        return rows
    if len(name) >= 2:
        rows = rows.filter(name_bigrams__contains=bigrams(name))
    return rows.filter(holder_names__icontains=text.strip())


def with_marks(rows: "QuerySet[Licence]") -> "QuerySet[Licence]":
    """Licences with their present marks, in one more query for the whole page."""
    on = LicenceMark.objects.filter(until__isnull=True).order_by("since")
    return rows.prefetch_related(Prefetch("marks", queryset=on, to_attr="marks_on"))


def business_licence_of(holder_id: int) -> LicenceVersion | None:
    """The enterprise's business licence in force today: what other forms take over (M.17)."""
    held = LicenceHolder.objects.filter(holder_id=holder_id, licence=OuterRef("pk"))
    licence = (
        in_force(Licence.objects.filter(type_code=BUSINESS_LICENCE), clock.today())
        .filter(Exists(held))
        .order_by("-entered_at")
        .first()
    )
    if licence is None:
        return None
    return LicenceVersion.objects.get(licence=licence, no=licence.version_no)


def representatives_known(holders: Sequence[Holder]) -> dict[int, tuple[str, ...]]:
    """Who represents each enterprise: by its business licence in force, as a sole trader's
    operator, by the mandate that an identity service vouched for. Several names where these
    differ; nothing for a person (M.7, M.20).
    """
    keys = [one.pk for one in holders if one.kind != HolderKind.NATURAL_PERSON]
    found: dict[int, list[str]] = {}
    if not keys:
        return {}
    versions = (
        LicenceVersion.objects.filter(
            licence__in=in_force(Licence.objects.filter(type_code=BUSINESS_LICENCE), clock.today()),
            licence__holder_links__holder__in=keys,
            no=F("licence__version_no"),
        )
        .annotate(held_by=F("licence__holder_links__holder_id"))
        .order_by("-signed_off_at")
    )
    for version in versions:
        stored = version.frozen["values"].get("legal_representative")
        if stored and version.held_by not in found:
            found[version.held_by] = [values.open_(stored)]
    for key, name in Holder.objects.filter(trading_as__in=keys).values_list("trading_as", "name"):
        found.setdefault(key, []).append(name)
    mandates = live(clock.today()).filter(
        principal_id__in=keys, kind=MandateKind.LEGAL_REPRESENTATIVE.value
    )
    for mandate in mandates.select_related("agent"):
        found.setdefault(mandate.principal_id, []).append(mandate.agent.name)
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


def possible_duplicates(type_code: str, holder_ids: list[int]) -> "QuerySet[Licence]":
    """Licences of the same kind that the same holders have and that have not ended."""
    known = Holder.objects.filter(Q(pk__in=holder_ids) | Q(same_as__in=holder_ids)).values("pk")
    held = LicenceHolder.objects.filter(holder__in=known, licence=OuterRef("pk"))
    return Licence.objects.filter(
        Exists(held), type_code=type_code, state__in=["AWAITING_FILE", "IN_FORCE", "DETAINED"]
    ).order_by("-entered_at")
