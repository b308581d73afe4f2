"""A department's applications: the queue and its figures, one of them, the next (M.7, M.9)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Cast, Reverse

from audit.deadlines.models import Deadline
from audit.deadlines.selectors import OPEN as OPEN_CLOCKS
from audit.deadlines.selectors import of_application as clock_of_application
from licences.models import (
    Application,
    ApplicationHolder,
    CatalogueEntry,
    Licence,
    Review,
    ServiceItem,
    Substitute,
)
from licences.register.visibility import applications_visible_to
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.kernel.timing import ranked_by

SHORTEST_NAME = 2
NUMBER_BEGINS = "ZZ-"
ORDER = ("rank", "since", "id")
OPEN = ("RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED", "APPROVED")
CLOSED = ("CONCLUDED", "REFUSED", "WITHDRAWN", "ERASED")


def queue_rows(actor: Actor) -> QuerySet[Application]:
    """The department's applications, each with what its page shows: no query a row."""
    return _with_shown(applications_visible_to(actor), CatalogueEntry.objects.all())


def _with_shown(
    rows: QuerySet[Application], entries: QuerySet[CatalogueEntry]
) -> QuerySet[Application]:
    """Applications with what a row of the queue shows.

    Kinds and people are read once for all rows: joined, each row would carry its kind's items, and
    planning nine joins takes longer than reading a page.
    """
    substitutes = Substitute.objects.select_related("licence__issuing_department")
    holders = Prefetch("holder_links", ApplicationHolder.objects.select_related("holder"))
    return rows.select_related("issuing_department", "licence").prefetch_related(
        Prefetch("entry", entries),
        "service_item",
        "captured_by",
        "reviewed_by",
        holders,
        "attachments",
        Prefetch("substitutes", substitutes),
    )


def under_way() -> QuerySet[Application]:
    """Everybody's applications that are not concluded."""
    return Application.objects.filter(state__in=OPEN)


def awaiting_file_of(department_id: int | None) -> QuerySet[Licence]:
    """A department's licences that were applied for here and whose file is not made yet."""
    return Licence.objects.filter(
        issuing_department_id=department_id or 0, state="AWAITING_FILE", application__isnull=False
    )


def under_way_of(department_id: int | None) -> Q:
    """A department's applications that are not concluded or whose licence has no file yet.

    Two short lists put together: asked in one OR over the join, all that ever was is read.
    """
    mine = under_way().filter(issuing_department_id=department_id or 0)
    waiting = awaiting_file_of(department_id).values("application_id")
    return Q(pk__in=mine.values("pk").union(waiting))


def application(actor: Actor, key: UUID) -> Application | None:
    """One application of the department one acts for; None for a neighbour's."""
    return queue_rows(actor).filter(uuid=key).first()


def ranked(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with `rank`, `since` and `clock_at`, when the limit of their clock ends.

    M.9 has one clock an application: it runs on the application from its beginning, and on its
    licence from the sign-off until the city has it. An online one that is not concluded yet has
    no last day.
    """
    return rows.annotate(
        since=F("received_at"),
        clock_at=Case(
            When(state="CONCLUDED", then=_due_of("licence", "licence__uuid")),
            default=_due_of("application", "uuid"),
            output_field=DateTimeField(),
        ),
    ).annotate(rank=ranked_by("clock_at"))


def _due_of(kind: str, column: str) -> Subquery:
    key = Cast(OuterRef(column), CharField())
    clocks = Deadline.objects.filter(
        article="M.9", subject_kind=kind, subject_key=key, state__in=OPEN_CLOCKS
    )
    return Subquery(clocks.order_by().values("due_at")[:1], output_field=DateTimeField())


def due_of(application: Application) -> datetime | None:
    """When the limit of M.9 ends for a row of `ranked`; None before an online conclusion."""
    due_at: datetime | None = getattr(application, "clock_at", None)
    return due_at


def clock_of(application: Application) -> Deadline | None:
    """The clock of M.9 of an application, from its beginning until the city has the licence."""
    licence = getattr(application, "licence", None)
    return clock_of_application(application.subject, licence.subject if licence else None)


def not_mine(actor: Actor) -> Q:
    """Applications that the person has not captured, so that they may judge them (M.7)."""
    mine = Q(received_by_id=actor.account_id) | Q(capturers__contains=[actor.account_id or 0])
    return ~mine


def steps_of(actor: Actor) -> dict[str, Q]:
    """The queues of applications by name, as this person sees them."""
    me = actor.account_id
    in_my_hand = Q(in_hand_of_id=me) | Q(in_hand_of__isnull=True)
    to_sign = Q(state="APPROVED") & not_mine(actor)
    if not settings.PORTAL_REVIEWER_MAY_SIGN_OFF:
        to_sign &= ~Q(reviewed_by_id=me)
    return {
        "returned": Q(state="RETURNED") & in_my_hand,
        "capture": Q(state__in=("RECEIVED", "CAPTURING")) & in_my_hand,
        "passed": Q(state__in=("UNDER_REVIEW", "APPROVED"), captured_by_id=me),
        "review": Q(state="UNDER_REVIEW") & not_mine(actor),
        "sign-off": to_sign,
        "to-capture": Q(state__in=("RECEIVED", "CAPTURING", "RETURNED")),
        "file": Q(pk__in=awaiting_file_of(actor.department_id).values("application_id")),
        "open": under_way_of(actor.department_id),
        "closed": Q(state__in=CLOSED),
        **{state: Q(state=state) for state in OPEN},
    }


def queue(actor: Actor, step: str) -> QuerySet[Application]:
    """The rows of one of `steps_of`, to be paged in `ORDER`."""
    rows = _with_shown(applications_visible_to(actor), CatalogueEntry.objects.defer("layout"))
    return ranked(rows).filter(steps_of(actor)[step])


def named(words: str) -> Q:
    """Applications with a part of a holder's name, or the beginning or end of their own number.

    The number's beginning may be written without its letters. Each way is asked by itself, by its
    index; a single character of a name is looked for among the rows at hand only.
    """
    name = normalise_name(words)
    links = ApplicationHolder.objects.filter(holder__name__icontains=name or words)
    if len(name) < SHORTEST_NAME:
        return Q(Exists(links.filter(application=OuterRef("pk")))) | Q(number=words)
    links = links.filter(holder__name_bigrams__contains=bigrams(name))
    of_holders = links.order_by().values("application_id")
    number = words.strip().upper()
    if not number.isascii():
        return Q(pk__in=of_holders)
    keys = Application.objects.order_by().values("pk")
    ways = (
        keys.filter(number__startswith=number),
        keys.filter(number__startswith=f"{NUMBER_BEGINS}{number}"),
        keys.alias(backwards=Reverse("number")).filter(backwards__startswith=number[::-1]),
    )
    return Q(pk__in=of_holders.union(*ways))


def next_to_review(actor: Actor, after: Application | None = None) -> Application | None:
    """The next application of the queue that the person may review, after one of them."""
    rows = queue(actor, "review").order_by(*ORDER)
    if after is None:
        return rows.first()
    others = rows.exclude(pk=after.pk)
    later = Q(received_at__gt=after.received_at) | Q(received_at=after.received_at, pk__gt=after.pk)
    return others.filter(later).first() or others.first()


def kinds_of(actor: Actor) -> QuerySet[CatalogueEntry]:
    """The published kinds that the department issues, by name."""
    return CatalogueEntry.objects.filter(
        state="PUBLISHED", issuing_department_id=actor.department_id or 0
    ).order_by("name")


def service_items_for(entry: CatalogueEntry) -> QuerySet[ServiceItem]:
    """The department's service items that lead to a kind (P.2.1.1)."""
    return ServiceItem.objects.filter(
        licence_links__type_code=entry.type_code,
        department_id=entry.issuing_department_id,
    ).order_by("code")


def open_twins(
    actor: Actor, *, type_code: str, holder_ids: Sequence[int], but: Application | None = None
) -> QuerySet[Application]:
    """The department's applications under way for the same kind and one of the same holders."""
    rows = applications_visible_to(actor).filter(
        entry__type_code=type_code, state__in=OPEN, holder_links__holder_id__in=holder_ids
    )
    return (rows.exclude(pk=but.pk) if but else rows).distinct().order_by("received_at")


def reviews_of(application: Application) -> QuerySet[Review]:
    """What was judged, newest first."""
    return application.reviews.select_related("reviewer").order_by("-at", "-pk")
