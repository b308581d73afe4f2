"""A department's applications: the queue and its figures, one of them, the next (M.7, M.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from audit.deadlines.models import Deadline
from licences.models import Application, ApplicationHolder, CatalogueEntry, Review, ServiceItem
from licences.register.visibility import applications_visible_to
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.limits import GENERATION_OFFLINE

ORDER = ("rank", "received_at", "id")
CLOSED_ORDER = ("-received_at", "-id")
OPEN = ("RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED", "APPROVED")
CLOSED = ("CONCLUDED", "REFUSED", "WITHDRAWN", "ERASED")
OVERDUE, TODAY, LATER = 0, 1, 2

AWAITING_FILE = Q(state="CONCLUDED", licence__state="AWAITING_FILE")
UNDER_WAY = Q(state__in=OPEN) | AWAITING_FILE


@dataclass(frozen=True)
class Figure:
    """One figure above the queue: so many, and the filter that shows them."""

    count: int
    words: str
    step: str = ""
    limit: str = ""
    voice: str = ""


def queue_rows(actor: Actor) -> QuerySet[Application]:
    """The department's applications, each with what a row of the queue shows: no query a row."""
    holders = Prefetch("holder_links", ApplicationHolder.objects.select_related("holder"))
    return (
        applications_visible_to(actor)
        .select_related(
            "entry", "service_item", "captured_by", "received_by", "reviewed_by", "in_hand_of",
            "signed_off_by", "issuing_department", "licence",
        )
        .prefetch_related(holders)
    )  # fmt: skip


def application(actor: Actor, key: UUID) -> Application | None:
    """One application of the department one acts for; None for a neighbour's."""
    return queue_rows(actor).filter(uuid=key).first()


def ranked(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with `rank` (overdue, due today, later) and `clock_at`, where a clock runs.

    M.9 starts with the conclusion: an application concluded elsewhere (offline) has its limit from
    that day, a licence that awaits its file has its clock; anything else has no limit yet.
    """
    clocks = Deadline.objects.filter(
        article="M.9",
        subject_kind="licence",
        subject_key=Cast(OuterRef("licence__uuid"), CharField()),
        state__in=["RUNNING", "BREACHED"],
    )
    now, midnight = clock.now(), _midnight(clock.today() + timedelta(days=1))
    offline = Q(mode=Application.Mode.OFFLINE, state__in=OPEN)
    over, soon = _concluded_before(overdue=True), _concluded_before(overdue=False)
    return rows.annotate(
        clock_at=Subquery(clocks.values("due_at")[:1], output_field=DateTimeField())
    ).annotate(
        rank=Case(
            When(offline & Q(concluded_elsewhere_at__lt=over), then=Value(OVERDUE)),
            When(AWAITING_FILE & Q(clock_at__lte=now), then=Value(OVERDUE)),
            When(offline & Q(concluded_elsewhere_at__lt=soon), then=Value(TODAY)),
            When(AWAITING_FILE & Q(clock_at__lte=midnight), then=Value(TODAY)),
            default=Value(LATER),
            output_field=IntegerField(),
        )
    )


def due_of(application: Application) -> datetime | None:
    """When the limit of M.9 ends for a row of `ranked`; None where no limit runs yet."""
    if application.state == "CONCLUDED":
        return getattr(application, "clock_at", None)
    if application.mode == Application.Mode.OFFLINE and application.concluded_elsewhere_at:
        return workdays.due(GENERATION_OFFLINE, application.concluded_elsewhere_at).at
    return None


def not_mine(actor: Actor) -> Q:
    """Applications that the person has not captured, so that they may judge them (M.7)."""
    mine = Q(received_by_id=actor.account_id) | Q(capturers__contains=[actor.account_id or 0])
    return ~mine


def steps_of(actor: Actor) -> dict[str, Q]:
    """The queues that the desk knows, by name; `mine` is what waits for this person."""
    me = actor.account_id
    in_my_hand = Q(in_hand_of_id=me) | Q(in_hand_of__isnull=True)
    to_sign = Q(state="APPROVED") & not_mine(actor)
    if not settings.PORTAL_REVIEWER_MAY_SIGN_OFF:
        to_sign &= ~Q(reviewed_by_id=me)
    steps = {
        "returned": Q(state="RETURNED") & in_my_hand,
        "capture": Q(state__in=("RECEIVED", "CAPTURING")) & in_my_hand,
        "passed": Q(state__in=("UNDER_REVIEW", "APPROVED"), captured_by_id=me),
        "review": Q(state="UNDER_REVIEW") & not_mine(actor),
        "sign-off": to_sign,
        "to-capture": Q(state__in=("RECEIVED", "CAPTURING", "RETURNED")),
        "file": AWAITING_FILE,
        "open": UNDER_WAY,
        "closed": Q(state__in=CLOSED),
        **{state: Q(state=state) for state in OPEN},
    }
    mine = Q(pk__in=[])
    if actor.has(Capability.CAPTURE_VALUES.value):
        mine |= steps["returned"] | steps["capture"]
    if actor.has(Capability.REVIEW_APPLICATIONS.value):
        mine |= steps["review"]
    if actor.has(Capability.ISSUE_LICENCES.value):
        mine |= steps["sign-off"] | steps["file"]
    return {"mine": mine, **steps}


def queue(
    actor: Actor, *, step: str, search: str = "", kind: str = "", limit: str = ""
) -> QuerySet[Application]:
    """The rows of a queue, to be paged in `ORDER` (`CLOSED_ORDER` where they are closed).

    search: a part of a holder's name, or of the application's number. kind: type code. limit:
    `over`, `today` or nothing.
    """
    steps = steps_of(actor)
    rows = ranked(queue_rows(actor)).filter(steps.get(step, steps["mine"]))
    if limit in {"over", "today"}:
        rows = rows.filter(Q(rank=OVERDUE if limit == "over" else TODAY))
    if kind:
        rows = rows.filter(entry__type_code=kind)
    words = search.strip()
    if words:
        name = normalise_name(words)
        named = ApplicationHolder.objects.filter(holder__name__icontains=name or words)
        rows = rows.filter(Q(number__icontains=words) | Q(pk__in=named.values("application_id")))
    return rows


def figures(actor: Actor) -> list[Figure]:
    """What is most pressing, in figures that are filters: one query."""
    steps = steps_of(actor)
    rows = ranked(applications_visible_to(actor))
    found = rows.aggregate(
        over=Count("pk", filter=UNDER_WAY & Q(rank=OVERDUE)),
        today=Count("pk", filter=UNDER_WAY & Q(rank=TODAY)),
        **{
            name.replace("-", "_"): Count("pk", filter=steps[name])
            for name in ("returned", "capture", "passed", "review", "sign-off", "file")
        },
    )
    shown = [
        Figure(found["over"], "已超期", "open", "over", "no"),
        Figure(found["today"], "今天到期", "open", "today", "heed"),
    ]
    if actor.has(Capability.CAPTURE_VALUES.value):
        shown += [
            Figure(found["returned"], "被退回，等我补正", "returned"),
            Figure(found["capture"], "等我采集", "capture"),
            Figure(found["passed"], "已交，等别人审核签发", "passed"),
        ]
    if actor.has(Capability.REVIEW_APPLICATIONS.value):
        shown.append(Figure(found["review"], "等我审核", "review"))
    if actor.has(Capability.ISSUE_LICENCES.value):
        shown.append(Figure(found["sign_off"], "等我签发", "sign-off"))
    return [*shown, Figure(found["file"], "已签发，等制证", "file")]


def next_to_review(actor: Actor, after: Application | None = None) -> Application | None:
    """The next application of the queue that the person may review, after one of them."""
    rows = queue(actor, step="review").order_by(*ORDER)
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


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.BEIJING)


def _concluded_before(*, overdue: bool) -> datetime:
    """What was concluded before this moment is overdue, or else due by the end of today."""
    today = clock.today()
    day = today
    while True:
        last, _ = workdays.add(GENERATION_OFFLINE.days, day)
        if last < today or (last == today and not overdue):
            return _midnight(day + timedelta(days=1))
        day -= timedelta(days=1)
