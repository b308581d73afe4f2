"""What a showing holds and where a code leads, each in one query."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from licences.models import LicenceMark, LicenceVersion
from usage.codes import Kind, Understood, number_index, secret_index
from usage.models import Presentation, PresentationCode, PresentedLicence, ShowingOff

# What a verification reads of a seal: not its structure, which is 30 kB.
_HEAVY = "seal_use__seal__structure"
_JOINED = (
    "licence__issuing_department",
    "seal_use__seal",
    "file__proof",
)


@dataclass(frozen=True)
class Shown:
    """One licence of a showing: the version with all a verification needs, and the items."""

    version: LicenceVersion
    items: tuple[str, ...]
    is_switched_off: bool


def code_of(understood: Understood) -> PresentationCode | None:
    """The code that a secret or a short number names, with its showing."""
    rows = PresentationCode.objects.select_related("presentation__mandate")
    if understood.kind is Kind.SHOWING:
        return rows.filter(secret_index=secret_index(understood.first)).first()
    return rows.filter(number_index=number_index(understood.first)).first()


def shown_in(presentation: Presentation) -> Sequence[Shown]:
    """The licences of a showing, in their order."""
    off = ShowingOff.objects.filter(
        Q(holder_id=presentation.principal_id) | Q(holder__same_as_id=presentation.principal_id),
        licence=OuterRef("licence"),
        until__isnull=True,
    )
    rows = (
        PresentedLicence.objects.filter(presentation=presentation)
        .annotate(off=Exists(off))
        .select_related("version", *(f"version__{name}" for name in _JOINED))
        .defer(f"version__{_HEAVY}")
        .prefetch_related(_marks("version__licence__marks"))
        .order_by("place")
    )
    return [Shown(row.version, tuple(row.items), row.off) for row in rows]


def whole(rows: "QuerySet[LicenceVersion]") -> "QuerySet[LicenceVersion]":
    """Versions with all that a verification needs to know of them."""
    return rows.select_related(*_JOINED).defer(_HEAVY).prefetch_related(_marks("licence__marks"))


def _marks(path: str) -> Prefetch:  # type: ignore[type-arg]
    on = LicenceMark.objects.filter(until__isnull=True).order_by("since", "pk")
    return Prefetch(path, queryset=on, to_attr="marks_on")


def is_off_for_all(version: LicenceVersion) -> bool:
    """Whether every holder of a licence has switched it off: the public sees nothing then.

    One of several who hold it together cannot close it for the others (ours).
    """
    closed = set(
        ShowingOff.objects.filter(licence_id=version.licence_id, until__isnull=True).values_list(
            "holder_id", flat=True
        )
    )
    if not closed:
        return False
    holders = set(version.licence.holder_links.values_list("holder_id", flat=True))
    return bool(holders) and holders <= closed
