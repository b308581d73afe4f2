"""What a presentation holds, found by itself or by one of its codes, in one query.

All that a verification asks of the register comes with the version: how it stands in force by
the register's one definition, its marks, what the city was told of it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from licences.models import Licence, LicenceHolder, LicenceMark, LicenceVersion
from licences.register.selectors import in_force
from usage.models import Presentation, PresentationOff, PresentedLicence
from zezhou_portal.exchange.selectors import last_file_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.prepared import Prepared

# What a verification does not read, by where it stands from the version: the structure of a seal
# alone is 30 kB, and each column takes Python longer than the database.
_UNREAD = (
    "due_at", "tries", "leased_until", "last_error", "photo_digest", "layout_digest",
    "signed_off_by", "signed_off_by_name", "signed_off_at",
    *(f"licence__{name}" for name in (
        "name_bigrams", "has_gaps", "application", "entered_at", "entry", "type_code", "origin",
        "number", "holder_names", "issued_on", "issuing_department",
    )),
    *(f"seal_use__{name}" for name in (
        "uuid", "subject_kind", "subject_key", "subject_label", "approved_by_key",
        "approved_by_name", "approved_by_role", "approved_at", "used_at", "file_digest",
    )),
    *(f"seal_use__seal__{name}" for name in (
        "structure", "uuid", "kind", "number", "certificate", "impression_digest", "width_mm",
        "height_mm",
    )),
    "file__size", "file__sealed_at",
)  # fmt: skip
# What is written anew when a presentation is taken, or nobody asks.
_UNASKED = (
    "presenter", "is_elder", "opened_at", "closed_at", "read_at", "reader_account",
    "reader_department", "reader_name", "reader_key",
)  # fmt: skip
_JOINED = ("licence", "seal_use__seal", "file__proof")
_FACTS = ("marks_now", "in_force_now", "city_word")


@dataclass(frozen=True)
class Shown:
    """One licence of a presentation: the version with all a verification needs, and the items."""

    version: LicenceVersion
    items: tuple[str, ...]
    is_switched_off: bool


@dataclass(frozen=True)
class CityWord:
    """The last message to the city that carried a file of a licence: its state, which file."""

    state: str
    digest: str
    posted_at: datetime


def shown_in(presentation: Presentation) -> Sequence[Shown]:
    """The licences of a presentation, in their order."""
    rows = _SHOWN.rows(presentation.pk, clock.today())
    return [shown_of(row) for row in rows]


def _presented(today: date, **presentation: Any) -> "QuerySet[PresentedLicence]":
    principal = OuterRef("presentation__principal")
    off = PresentationOff.objects.filter(
        Q(holder=principal) | Q(holder__same_as=principal),
        licence=OuterRef("licence"),
        until__isnull=True,
    )
    return (
        PresentedLicence.objects.filter(**presentation)
        .annotate(off=Exists(off), **_facts("version__licence__uuid", today))
        .select_related("version", *(f"version__{name}" for name in _JOINED))
        .defer(*(f"version__{name}" for name in _UNREAD))
        .order_by("place")
    )


def led_by_code(today: date, **code: str) -> "QuerySet[PresentedLicence]":
    """What the presentation that a code leads to holds, with it and the code's end."""
    found = _presented(today, **{f"presentation__codes__{name}": it for name, it in code.items()})
    return (
        found.annotate(code_ends=F("presentation__codes__expires_at"))
        .select_related("presentation")
        .defer(*(f"presentation__{name}" for name in _UNASKED))
    )


_SHOWN = Prepared(lambda key, today: _presented(today, presentation=key), -1, date.min)


def whole(
    rows: "QuerySet[LicenceVersion]", today: date | None = None
) -> "QuerySet[LicenceVersion]":
    """Versions with all that a verification needs to know of them."""
    facts = _facts("licence__uuid", today or clock.today())
    return (
        rows.annotate(**facts, off_for_all=_off_for_all()).select_related(*_JOINED).defer(*_UNREAD)
    )


def marks_of(version: LicenceVersion) -> list[tuple[str, str]]:
    """The present marks of a version's licence, oldest first, as (code, detail) pairs."""
    pairs = [one.partition(":") for one in version.marks_now]  # type: ignore[attr-defined]
    return [(kind, detail) for kind, _, detail in pairs]


def city_word_on(version: LicenceVersion) -> CityWord | None:
    """What the city was told last, with a file, of a version's licence."""
    word: dict[str, str] | None = version.city_word  # type: ignore[attr-defined]
    if word is None:
        return None
    return CityWord(word["state"], word["digest"], datetime.fromisoformat(word["posted_at"]))


def is_off_for_all(version: LicenceVersion) -> bool:
    """Whether every holder of a licence has switched it off: the public sees nothing then.

    One of several who hold it together cannot close it for the others (ours).
    """
    off: bool = version.off_for_all  # type: ignore[attr-defined]
    return off


def _facts(uuid: str, today: date) -> dict[str, Any]:
    """How a licence stands at this moment; `uuid` is where its key is found from the row."""
    marks = LicenceMark.objects.filter(licence=OuterRef("licence"), until__isnull=True)
    return {
        "marks_now": ArraySubquery(
            marks.order_by("since", "pk").values(said=Concat("kind", Value(":"), "detail"))
        ),
        "in_force_now": Exists(in_force(Licence.objects.filter(pk=OuterRef("licence")), today)),
        "city_word": last_file_of("licence", uuid),
    }


def _off_for_all() -> Any:
    """Switched off by somebody, and by every holder: under their name or another of theirs."""
    off = PresentationOff.objects.filter(licence=OuterRef("licence"), until__isnull=True)
    own = off.filter(Q(holder=OuterRef("holder")) | Q(holder=OuterRef("holder__same_as")))
    still_on = LicenceHolder.objects.filter(licence=OuterRef("licence")).exclude(Exists(own))
    return Exists(off) & ~Exists(still_on)


def shown_of(row: PresentedLicence) -> Shown:
    """One licence of a presentation, from its row with what was asked of it."""
    for name in _FACTS:
        setattr(row.version, name, getattr(row, name))
    return Shown(row.version, tuple(row.items), row.off)  # type: ignore[attr-defined]
