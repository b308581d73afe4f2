"""The holder's wallet: cards, what ends soon, copies, changes, sign-ins (M.20, P.2.3.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from audit.trail import selectors as trail
from audit.trail.vocabulary.acts import BETWEEN_MACHINES
from audit.trail.vocabulary.reading import codes_of_acts
from licences.models import Licence, LicenceHolder, LicenceMark, LicenceStatus, LicenceVersion
from licences.register.selectors import in_force, with_marks
from licences.register.visibility import licences_held
from usage.models import PresentationOff, PurposeCopy
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Mandate, RealNameCheck, known_as

# In force first, then what is not (or no longer) usable today, at last what has ended.
CARDS_ORDER = ("rank", "-entered_at", "-id")
ENDED = ("EXPIRED", "CANCELLED", "REVOKED", "ANNULLED")
_TECHNICAL = codes_of_acts(BETWEEN_MACHINES)
_MOST_CHANGES = 200
_HEAVY = "seal_use__seal__structure"


def cards_of(actor: Actor) -> "QuerySet[Licence]":
    """The licences of the holder in whose place one acts, with all that their cards show.

    To be ordered by `CARDS_ORDER`.
    """
    return _as_cards(licences_held(actor), actor)


def cards_named(rows: "QuerySet[Licence]", text: str) -> "QuerySet[Licence]":
    """Of the rows those with a part of the kind's name or of the number."""
    return rows.filter(Q(kind_name__icontains=text) | Q(number__icontains=text))


def card(actor: Actor, key: UUID) -> Licence | None:
    """One licence of one's own, or nothing: a neighbour's is as little there as none."""
    return _as_cards(licences_held(actor).filter(uuid=key), actor).first()


def ending_soon(actor: Actor, most: int) -> Sequence[Licence]:
    """Licences in force whose last day draws near, the nearest first (P.2.3.5)."""
    today = clock.today()
    last = today + timedelta(days=max(settings.PORTAL_REMINDER_DAYS, default=0))
    rows = in_force(licences_held(actor), today).filter(valid_until__lte=last)
    return list(rows.select_related("issuing_department").order_by("valid_until", "pk")[:most])


def present_version(licence: Licence) -> LicenceVersion:
    """The version that a licence has now, with its file and its seal's impression."""
    return (
        LicenceVersion.objects.select_related("licence", "file", "seal_use__seal")
        .defer(_HEAVY)
        .get(licence=licence, no=licence.version_no)
    )


def copies_of(licence: Licence, principal_id: int) -> "QuerySet[PurposeCopy]":
    """One holder's purpose-marked copies of a licence, the newest first; no co-holder's."""
    rows = PurposeCopy.objects.filter(known_as("holder", principal_id), licence=licence)
    return rows.select_related("using_department").order_by("-made_at", "-pk")


@dataclass(frozen=True)
class Changes:
    """How a licence came to be what it is: versions, states and marks, each the newest first."""

    versions: Sequence[LicenceVersion]
    states: Sequence[LicenceStatus]
    marks: Sequence[LicenceMark]


def changes_of(licence: Licence) -> Changes:
    """The changes of a licence (M.8)."""
    versions = LicenceVersion.objects.filter(licence=licence).select_related("file")
    states = LicenceStatus.objects.filter(licence=licence)
    marks = LicenceMark.objects.filter(licence=licence)
    return Changes(
        list(versions.order_by("-no")[:_MOST_CHANGES]),
        list(states.order_by("-since", "-pk")[:_MOST_CHANGES]),
        list(marks.order_by("-since", "-pk")[:_MOST_CHANGES]),
    )


def looks_at(licence: Licence) -> "QuerySet[trail.Record]":
    """Who looked at a licence or used it (M.20, M.25)."""
    subject = licence.subject
    rows = trail.of_subject(subject.kind, subject.key)
    return rows.exclude(action__in=_TECHNICAL)


def agents_among(principal_id: int, keys: Sequence[str]) -> dict[str, str]:
    """Of the holders with these keys those who act or acted for a holder: key to their name."""
    rows = Mandate.objects.filter(known_as("principal", principal_id), agent__uuid__in=keys)
    return {str(key): name for key, name in rows.values_list("agent__uuid", "agent__name")}


def checks_of(holder_id: int, most: int) -> Sequence[RealNameCheck]:
    """A person's latest real-name checks, newest first (M.20)."""
    rows = RealNameCheck.objects.filter(holder_id=holder_id).select_related("enterprise")
    return list(rows.order_by("-checked_at", "-id")[:most])


def ended_at(licence: Licence) -> datetime | None:
    """When the present state began, of a licence from `cards_of`."""
    states: Sequence[LicenceStatus] = getattr(licence, "present_states", ())
    return states[0].since if states else None


def is_off(licence: Licence) -> bool:
    """Whether the holder at hand has switched a licence from `cards_of` off for presentation."""
    return bool(getattr(licence, "off", False))


def _as_cards(rows: "QuerySet[Licence]", actor: Actor) -> "QuerySet[Licence]":
    today = clock.today()
    off = PresentationOff.objects.filter(
        known_as("holder", actor.principal_id), licence=OuterRef("pk"), until__isnull=True
    )
    links = LicenceHolder.objects.select_related("holder").order_by("place", "pk")
    states = LicenceStatus.objects.filter(until__isnull=True)
    return with_marks(
        rows.annotate(rank=_rank(today), off=Exists(off))
        .select_related("issuing_department")
        .prefetch_related(
            Prefetch("holder_links", queryset=links, to_attr="links"),
            Prefetch("statuses", queryset=states, to_attr="present_states"),
        )
    )


def _rank(today: date) -> Case:
    return Case(
        When(Q(state__in=ENDED) | Q(valid_until__lt=today), then=Value(2)),
        When(state="IN_FORCE", then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
