"""/metrics: how the portal works, for Prometheus; with a token of its own and to nobody else.

Every figure is asked for when it is read, from the database, Redis and the disk, so that it is the
same whichever web worker answers; the text format is Prometheus' own (version 0.0.4).
"""

from collections.abc import Callable, Iterable, Iterator
from hmac import compare_digest

import structlog
from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seals.models import Seal
from zezhou_portal.kernel import clock, right_time, signs
from zezhou_portal.kernel.queues import queues
from zezhou_portal.parties.models import StalledRow
from zezhou_portal.parties.notices import watching
from zezhou_portal.regulation.workdays import announced_years

log = structlog.get_logger(__name__)

Figure = tuple[str, float]


def _waiting() -> Iterator[Figure]:
    now = clock.now()
    for queue in queues():
        if queue.since:
            oldest = queue.oldest()
            age = (now - oldest).total_seconds() if oldest else 0.0
            yield f'portal_oldest_waiting_seconds{{queue="{queue.code}"}}', max(age, 0.0)


def _stalled() -> Iterator[Figure]:
    counts = dict(StalledRow.objects.values_list("queue").annotate(count=Count("pk")))
    for queue in queues():
        yield f'portal_stalled_rows{{queue="{queue.code}"}}', counts.get(queue.code, 0)


def _signs() -> Iterator[Figure]:
    for name, age in signs.ages(watching.EXPECTED).items():
        yield f'portal_last_sign_seconds{{of="{name}"}}', float("inf") if age is None else age


def _space() -> Iterator[Figure]:
    for name, free in watching.free_bytes().items():
        yield f'portal_free_bytes{{place="{name}"}}', free


def _clock() -> Iterator[Figure]:
    yield "portal_clock_difference_seconds", right_time.difference().total_seconds()


def _ends() -> Iterator[Figure]:
    first = Seal.objects.filter(state="ACTIVE").aggregate(at=Min("valid_until"))["at"]
    if first is not None:
        yield "portal_first_seal_ends_seconds", (first - clock.now()).total_seconds()
    yield "portal_last_announced_year", max(announced_years(), default=0)


_ASKED: tuple[Callable[[], Iterable[Figure]], ...] = (
    _waiting, _stalled, _signs, _space, _clock, _ends,
)  # fmt: skip


def figures() -> list[Figure]:
    """Every figure that can be had; one group that cannot is counted and hides no other."""
    found: list[Figure] = []
    unknown = 0
    for ask in _ASKED:
        try:
            found += ask()
        except Exception as error:
            unknown += 1
            log.warning("figure_unknown", figure=ask.__name__, exc_info=error)
    return [*found, ("portal_unknown_figures", unknown)]


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, one a line; for whoever names the token, there is nothing for others."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.PORTAL_METRICS_TOKEN
    if not token or not compare_digest(given.encode(), token.encode()):
        raise Http404
    lines = [f"{name} {_written(value)}\n" for name, value in figures()]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4; charset=utf-8")


def _written(value: float) -> str:
    return "+Inf" if value == float("inf") else f"{value:.3f}".rstrip("0").rstrip(".")


metrics.public = "because a machine with its own token asks, and it names no licence"  # type: ignore[attr-defined]

urlpatterns = [path("metrics", metrics, name="metrics")]
