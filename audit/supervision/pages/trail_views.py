"""The auditor's page: search the trail, read why and under which article, take it away (M.25)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from audit.supervision.pages.forms import TrailForm
from audit.supervision.selectors import departments_by_code
from audit.supervision.services import trail_searching
from audit.trail.selectors import NEWEST_FIRST, Record
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.timeline import facts, timeline
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_PAGE = 30


class TrailSearch(PortalView):
    """The search; nothing is asked of the trail until the button is pressed."""

    capability = Capability.SEARCH_TRAIL
    template_name = "trail/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `first`, `last`, `person`, `department`, `subject`, `action`, `outcome`, `page`."""
        departments = departments_by_code()
        if "asked" not in request.GET:
            return self.render({"form": TrailForm(departments)})
        form = TrailForm(departments, request.GET)
        if form.is_valid():
            try:
                found = trail_searching.search(actor=self.actor, query=form.query())
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                return self._show(request, form, found)
        return self.render({"form": form}, status=422)

    def _show(self, request: HttpRequest, form: TrailForm, found: Any) -> HttpResponse:
        token = request.GET.get("page", "")
        page = page_of(found, order=NEWEST_FIRST, token=token, size=_PAGE)
        names = [name for name in (*form.fields, "asked") if request.GET.get(name)]
        sent = {name: request.GET[name] for name in names}
        return self.render(
            {
                "form": form,
                "asked": form.query(),
                "page": page,
                "events": timeline(page.rows, details=_details),
                "query": f"{urlencode(sent)}&",
                "sent": sent,
                "most": trail_searching.MOST_ROWS,
            }
        )


class TrailExport(PortalView):
    """POST: the records found as CSV, line by line as the database gives them."""

    capability = Capability.SEARCH_TRAIL
    action = Action.LIST_EXPORTED
    template_name = "trail/search.html"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = TrailForm(departments_by_code(), request.POST)
        if form.is_valid():
            try:
                lines = trail_searching.export(actor=self.actor, query=form.query())
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                return _file(lines)
        return self.render({"form": form}, status=422)


def _file(lines: Any) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"操作记录_{clock.today():%Y%m%d}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def _details(record: Record) -> list[str]:
    """What an auditor reads of a record beside the act: of what, by which way, every fact."""
    channel = f"途径：{trail_searching.CHANNELS.get(record.channel, record.channel)}"
    about = f"对象：{record.subject_label}　{channel}" if record.subject_label else channel
    said = "；".join(facts(record))
    return [about, said] if said else [about]
