"""What a verification knows of a licence's version, as it stands at this moment (M.8, M.19).

Built here alone, in four statements however many versions are asked about: how the register
says the licence stands, its marks, what the city was told of it last, whether its holders
closed it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from licences.models import Licence, LicenceFile, LicenceHolder, LicenceMark, LicenceVersion
from licences.register.selectors import is_in_force_version
from usage.models import Presentation, PresentationOff, PresentedLicence
from zezhou_portal.exchange.selectors import FileMessage, last_files_of
from zezhou_portal.kernel import clock

# Thirty kilobytes that no question is asked of.
_HEAVY = "seal_use__seal__structure"


@dataclass(frozen=True)
class VersionFacts:
    """One version with its licence, seal and file, and how it stands now.

    `marks` are (code, detail) pairs, oldest first. `is_off_for_all`: every holder has switched
    the licence off; one of several who hold it together cannot close it for the others (ours).
    """

    version: LicenceVersion
    file: LicenceFile | None
    marks: tuple[tuple[str, str], ...]
    is_in_force: bool
    is_off_for_all: bool
    city_message: FileMessage | None

    @property
    def licence(self) -> Licence:
        """The licence of the version."""
        return self.version.licence


@dataclass(frozen=True)
class PresentedVersion:
    """One licence of a presentation: its facts, the chosen items, whether it was closed since."""

    facts: VersionFacts
    items: tuple[str, ...]
    is_switched_off: bool


def facts_of(versions: "QuerySet[LicenceVersion]") -> list[VersionFacts]:
    """The facts of every version of the set, in its order; each asked of its own table by key.

    Four plain statements however many versions: one wide one took the framework and the database
    longer to plan than all four take (decision 0025).
    """
    rows = list(versions.select_related("licence", "seal_use__seal", "file__proof").defer(_HEAVY))
    licences = {row.licence_id: row.licence for row in rows}
    today, marks, off = clock.today(), _marks_on(licences), _off_for_all(licences)
    messages = last_files_of([licence.subject for licence in licences.values()])
    return [
        VersionFacts(
            version=row,
            file=getattr(row, "file", None),
            marks=tuple(marks[row.licence_id]),
            is_in_force=is_in_force_version(row, today),
            is_off_for_all=row.licence_id in off,
            city_message=messages.get(row.licence.subject.key),
        )
        for row in rows
    ]


def facts_of_version(key: int) -> VersionFacts:
    """The facts of the version with this row's key. Raises LicenceVersion.DoesNotExist."""
    found = facts_of(LicenceVersion.objects.filter(pk=key))
    if not found:
        raise LicenceVersion.DoesNotExist
    return found[0]


def presented_in(presentation: Presentation) -> Sequence[PresentedVersion]:
    """The licences of a presentation in their order; as many statements for one as for all."""
    holder = presentation.principal_id
    off = PresentationOff.objects.filter(
        Q(holder_id=holder) | Q(holder__same_as_id=holder),
        licence=OuterRef("licence"),
        until__isnull=True,
    )
    rows = list(
        PresentedLicence.objects.filter(presentation=presentation)
        .annotate(is_off=Exists(off))
        .order_by("place")
    )
    versions = LicenceVersion.objects.filter(pk__in=[row.version_id for row in rows])
    facts = {one.version.pk: one for one in facts_of(versions)}
    return [PresentedVersion(facts[row.version_id], tuple(row.items), row.is_off) for row in rows]


def _marks_on(licences: Iterable[int]) -> Mapping[int, list[tuple[str, str]]]:
    """The present marks of each licence, oldest first."""
    rows = LicenceMark.objects.filter(licence__in=licences, until__isnull=True)
    marks = defaultdict(list)
    for licence, kind, detail in rows.order_by("since", "pk").values_list(
        "licence_id", "kind", "detail"
    ):
        marks[licence].append((kind, detail))
    return marks


def _off_for_all(licences: Iterable[int]) -> set[int]:
    """Switched off by somebody, and by every holder: under their name or another of theirs."""
    switched = PresentationOff.objects.filter(licence__in=licences, until__isnull=True)
    off = set(switched.values_list("licence_id", "holder_id"))
    some = {licence for licence, _ in off}
    if not some:
        return some
    holders = LicenceHolder.objects.filter(licence__in=some)
    still_on = {
        licence
        for licence, holder, same_as in holders.values_list(
            "licence_id", "holder_id", "holder__same_as_id"
        )
        if (licence, holder) not in off and (licence, same_as) not in off
    }
    return some - still_on
