"""What a verification knows of a licence's version, as it stands at this moment (M.8, M.19).

Built here alone, in one query however many versions are asked about: how the register says the
licence stands, its marks, what the city was told of it last, whether its holders closed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from licences.models import Licence, LicenceFile, LicenceHolder, LicenceMark, LicenceVersion
from licences.register.selectors import in_force
from usage.models import Presentation, PresentationOff, PresentedLicence
from zezhou_portal.exchange.selectors import last_file_of
from zezhou_portal.kernel import clock

# Thirty kilobytes that no question is asked of.
_HEAVY = "seal_use__seal__structure"


@dataclass(frozen=True)
class CityMessage:
    """The last message to the city that carried a file of a licence: its state, which file."""

    state: str
    digest: str
    posted_at: datetime


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
    city_message: CityMessage | None

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
    """The facts of every version of the set, in its order."""
    today = clock.today()
    marks = LicenceMark.objects.filter(licence=OuterRef("licence"), until__isnull=True)
    pair = JSONObject(kind="kind", detail="detail")
    rows = (
        versions.annotate(
            marks_now=ArraySubquery(marks.order_by("since", "pk").values(pair=pair)),
            in_force_now=Exists(in_force(Licence.objects.filter(pk=OuterRef("licence")), today)),
            off_for_all=_off_for_all(),
            city_word=last_file_of("licence", "licence__uuid"),
        )
        .select_related("licence", "seal_use__seal", "file__proof")
        .defer(_HEAVY)
    )
    return [
        VersionFacts(
            version=row,
            file=getattr(row, "file", None),
            marks=tuple((one["kind"], one["detail"]) for one in row.marks_now),
            is_in_force=row.in_force_now,
            is_off_for_all=row.off_for_all,
            city_message=_message(row.city_word),
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
    """The licences of a presentation in their order; two queries however many they are."""
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


def _message(word: dict[str, str] | None) -> CityMessage | None:
    if word is None:
        return None
    return CityMessage(word["state"], word["digest"], datetime.fromisoformat(word["posted_at"]))


def _off_for_all() -> Any:
    """Switched off by somebody, and by every holder: under their name or another of theirs."""
    off = PresentationOff.objects.filter(licence=OuterRef("licence"), until__isnull=True)
    own = off.filter(Q(holder=OuterRef("holder")) | Q(holder=OuterRef("holder__same_as")))
    still_on = LicenceHolder.objects.filter(licence=OuterRef("licence")).exclude(Exists(own))
    return Exists(off) & ~Exists(still_on)
