"""The auditor's page: search the trail, read why and under which article, take it away (M.25)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DataError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from audit.supervision.pages.forms import TrailFilter
from audit.supervision.services import trail_searching
from audit.supervision.services.origins import open_origin
from audit.supervision.things import ACCOUNT, Thing, thing_of
from audit.supervision.wording import Wording, wording_of
from audit.trail.selectors import NEWEST_FIRST, Record, record_at
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.pagekit.lists import Empty, ListPage
from zezhou_portal.pagekit.responses import CSV, never_kept, not_found, streamed_attachment
from zezhou_portal.pagekit.timeline import Event, timeline
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrailSearch(ListPage[Record]):
    """The search; nothing is asked of the trail until the button is pressed."""

    capability = Capability.SEARCH_TRAIL
    template_name = "trail/search.html"
    title = "操作记录"
    order = NEWEST_FIRST
    size = 30
    kept = ("about",)
    filters: TrailFilter
    about: Thing | None
    nothing = Empty("先写要查什么", "不写日期，查最近 30 天；一次最多查一年。", "history")
    no_match = Empty(
        "没有符合这些条件的记录",
        "按证照编号、持证人查的，从“查一份证照、一个人”进。",
        "history",
    )

    def filtered(self) -> "QuerySet[Record]":
        """The records found by the verb, which records the search; none before it is asked."""
        self.filters = self.asked_by(self.request.GET)
        self.about = _thing(self.request.GET.get("about", ""))
        if self.request.GET and not self.is_wrong:
            try:
                found: QuerySet[Record] = trail_searching.search(
                    actor=self.actor, query=self.filters.query(self.about)
                )
            except RuleBroken as refusal:
                show_refusal(self.filters.form, refusal)
            else:
                return found
        return Record.objects.none()

    def asked_by(self, sent: Any) -> TrailFilter:
        """What was sent, as a question."""
        return TrailFilter(sent, queryset=Record.objects.none(), actor=self.actor)

    def present(self, rows: Sequence[Record]) -> list[Event]:
        wording = wording_of(rows)
        return timeline(rows, details=lambda record: _details(record, wording), link=_page_of)

    def empty(self, *, is_narrowed: bool) -> Empty:  # noqa: ARG002
        return self.no_match if self.request.GET else self.nothing

    def context(self) -> dict[str, Any]:
        asked = self.request.GET
        sent = {name: asked[name] for name in (*self.filters.filters, "about") if asked.get(name)}
        query = self.filters.query(self.about) if asked and not self.is_wrong else None
        return {
            "asked": query,
            "sent": sent,
            "about": self.about,
            "may_answer": self.about is not None and self.about.kind != ACCOUNT,
            "most": trail_searching.MOST_ROWS,
        }


class TrailExport(TrailSearch):
    """POST: the records found as CSV, line by line as the database gives them."""

    action = Action.LIST_EXPORTED
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The file, or the search again with what is wrong."""
        self.filters = self.asked_by(request.POST)
        self.about = _thing(request.POST.get("about", ""))
        if not self.is_wrong:
            try:
                lines = trail_searching.export(
                    actor=self.actor, query=self.filters.query(self.about)
                )
            except RuleBroken as refusal:
                show_refusal(self.filters.form, refusal)
            else:
                return streamed_attachment(lines, f"操作记录_{clock.today():%Y%m%d}.csv", CSV)
        return self.get(request)

    def filtered(self) -> "QuerySet[Record]":
        """Nothing: what was wrong is told, and no record is read for it."""
        return Record.objects.none()


class RecordPage(PortalView):
    """One record with where its act came from; opening it is an act of its own."""

    capability = Capability.SEARCH_TRAIL
    action = Action.ORIGIN_OPENED
    template_name = "trail/record.html"
    record: Record

    def prepare(self, **kwargs: Any) -> None:
        """Finds the record of the address, or a 404."""
        try:
            found = record_at(_EPOCH + timedelta(microseconds=kwargs["moment"]), kwargs["seq"])
        except (OverflowError, DataError):
            found = None
        if found is None:
            raise not_found()
        self.record = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The record in words; never kept, since an address is personal data."""
        row = self.record
        origin = open_origin(actor=self.actor, record=row)
        wording = wording_of([row])
        events = timeline([row], details=lambda record: _details(record, wording))
        told = {
            "record": row,
            "events": events,
            "origin": origin,
            "is_machine": row.actor_kind == ActorKind.MACHINE.value,
        }
        return never_kept(self.render(told))


def _page_of(record: Record) -> str:
    """The address of a record: moment and number are its key."""
    moment = (record.at - _EPOCH) // timedelta(microseconds=1)
    return reverse("trail:record", args=[moment, record.seq])


def _thing(code: str) -> Thing | None:
    """What an address asks about; 404 for something that is not there."""
    thing = thing_of(code)
    if code and thing is None:
        raise Http404
    return thing


def _details(record: Record, wording: Wording) -> list[str]:
    """What an auditor reads of a record beside the act: of what, by which way, every fact."""
    channel = f"途径：{trail_searching.CHANNELS.get(record.channel, record.channel)}"
    about = f"对象：{record.subject_label}　{channel}" if record.subject_label else channel
    said = "；".join(wording.facts(record))
    return [about, said] if said else [about]
