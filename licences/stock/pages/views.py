"""Permit sheets: list, upload, columns, the fate of every row, progress (M.10, P.2.2.1)."""

from pathlib import PurePath
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from licences.lifecycle import BATCH
from licences.models import StockBatch
from licences.stock import checking
from licences.stock import selectors as stock
from licences.stock.fault_export import export_faults
from licences.stock.pages.forms import ColumnsForm, UploadForm, initial_of
from licences.stock.pages.rows import (
    OUTCOMES,
    handing_in,
    line_of,
    outcome_of,
    progress_context,
    samples_of,
    shares_of,
    spot_of,
    steps_of,
)
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_PAGE = 20
_ROWS = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EITHER = (Capability.IMPORT_STOCK, Capability.SIGN_OFF_STOCK)
_VOICES = {"SUBMITTED": "done", "SIGNED_OFF": "done", "CONVERTED": "done", "DROPPED": "done"}


class StockList(PortalView):
    """The department's permit sheets, newest first."""

    capability = _EITHER
    template_name = "licences/stock.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `state`, `page`."""
        states = dict(BATCH.choices())
        state = request.GET.get("state", "")
        state = state if state in states else ""
        rows = stock.sheets_of(self.actor, state)
        token = request.GET.get("page", "")
        page = page_of(rows, order=("-received_at", "-id"), token=token, size=_PAGE)
        lines = [
            {"sheet": row, "voice": "back" if _is_back(row) else _VOICES.get(row.state, "open")}
            for row in page.rows
        ]
        query = f"state={state}&" if state else ""
        return self.render(
            {"page": page, "lines": lines, "states": states, "state": state, "query": query}
        )


class StockUpload(PortalView):
    """First step: which kind, which file."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_RECEIVED
    template_name = "licences/stock_upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form; GET `kind` chooses a kind beforehand."""
        form = UploadForm(self._kinds(), initial={"kind": request.GET.get("kind", "")})
        return self._show(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(self._kinds(), request.POST, request.FILES)
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                batch = checking.take_in(
                    actor=self.actor,
                    entry=form.cleaned_data["kind"],
                    file_name=upload.name,
                    data=upload.read(),
                    heading_row=form.cleaned_data["heading_row"],
                )
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                return redirect("licences:stock-columns", key=batch.uuid)
        return self._show(form, status=422)

    def _kinds(self) -> Any:
        return stock.entries_to_convert(self.actor).select_related("issuing_department")

    def _show(self, form: UploadForm, *, status: int = 200) -> HttpResponse:
        return self.render({"form": form, "steps": steps_of("")}, status=status)


class SheetView(PortalView):
    """A view of one sheet: a neighbour's is as little there as none."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = _EITHER

    def sheet(self, key: UUID) -> StockBatch:
        """The sheet; raises Http404."""
        found = stock.sheet_by_uuid(self.actor, str(key))
        if found is None:
            raise not_found()
        return found


class StockColumns(SheetView):
    """Second step: which column is what; the check follows at once."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_RECEIVED
    template_name = "licences/stock_columns.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        batch = self.sheet(key)
        if not BATCH.may(batch.state, "check"):
            return redirect("licences:stock-sheet", key=key)
        sheet = checking.sheet_of(batch)
        chosen = initial_of(batch.mapping["columns"])
        return self._show(batch, sheet, ColumnsForm(sheet.headings, batch.entry, initial=chosen))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        batch = self.sheet(key)
        sheet = checking.sheet_of(batch)
        form = ColumnsForm(sheet.headings, batch.entry, request.POST)
        if form.is_valid():
            try:
                checking.map_columns(actor=self.actor, batch=batch, columns=form.columns())
                checking.check(actor=self.actor, batch=batch)
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                return redirect("licences:stock-sheet", key=key)
        return self._show(batch, sheet, form, status=422)

    def _show(
        self, batch: StockBatch, sheet: Any, form: ColumnsForm, *, status: int = 200
    ) -> HttpResponse:
        fields = list(form)
        columns = [
            {"field": field, "samples": samples}
            for field, samples in zip(fields, samples_of(sheet), strict=True)
        ]
        context = {
            "batch": batch,
            "sheet": sheet,
            "form": form,
            "columns": columns,
            "known": sum(bool(field.value()) for field in fields),
            "duplicates": batch.mapping.get("duplicates", ()),
            "steps": steps_of("READ"),
        }
        return self.render(context, status=status)


class StockSheet(SheetView):
    """Third to fifth step: what became of every row, how far the conversion is, what came of it."""

    template_name = "licences/stock_sheet.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """GET `outcome`, `fault`, `page` narrow down the table of rows."""
        batch = self.sheet(key)
        if batch.state == "READ" and self.actor.has(Capability.IMPORT_STOCK):
            return redirect("licences:stock-columns", key=key)
        outcome, fault = outcome_of(request), request.GET.get("fault", "")[:40]
        found = stock.rows_of(batch, outcome, fault)
        token = request.GET.get("page", "")
        page = page_of(found, order=("row_number",), token=token, size=_ROWS)
        filled = {"outcome": outcome, "fault": fault}
        query = urlencode({name: value for name, value in filled.items() if value})
        is_converting = batch.state in ("SIGNED_OFF", "CONVERTED")
        progress = progress_context(request, batch) if is_converting else None
        is_finished = bool(progress and progress["reached"].is_finished)
        return self.render(
            {
                "batch": batch,
                "steps": steps_of(batch.state, is_finished=is_finished),
                "progress": progress,
                "is_finished": is_finished and batch.state == "CONVERTED",
                "shares": shares_of(batch),
                "faults": stock.faults_of(batch),
                "fault_words": stock.fault_words(fault) if fault else "",
                "outcomes": OUTCOMES,
                "filled": filled,
                "query": f"{query}&" if query else "",
                "page": page,
                "lines": [line_of(row) for row in page.rows],
                "spots": spots_of(batch) if batch.state == "CHECKED" else [],
                "took": batch.finished_at - batch.signed_off_at
                if batch.finished_at and batch.signed_off_at
                else None,
                "may_submit": batch.state == "CHECKED" and batch.rows_convert > 0,
                "may_drop": BATCH.may(batch.state, "drop"),
                "handing_in": handing_in(batch),
                "file_is_kept": batch.state != "DROPPED",
            }
        )


class StockProgress(SheetView):
    """The progress alone, asked every two seconds; sends the page on once all is done."""

    template_name = "licences/stock_progress.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        batch = self.sheet(key)
        context = progress_context(request, batch)
        response = self.render({**context, "batch": batch})
        if not context["poll"]:
            response["HX-Redirect"] = context["refresh"]
        return response


class StockFaults(SheetView):
    """The faulty rows as a workbook; a POST, for the export stands on the trail."""

    capability = Capability.IMPORT_STOCK
    action = Action.LIST_EXPORTED

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        batch = self.sheet(key)
        data = export_faults(actor=self.actor, batch=batch)
        name = f"{PurePath(batch.file_name).stem}-有问题的行.xlsx"
        response = HttpResponse(data, content_type=_XLSX)
        response["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
        return response


def spots_of(batch: StockBatch) -> list[dict[str, Any]]:
    """A few sound rows spread over the sheet, for the eye."""
    return [spot_of(row, batch) for row in stock.spot_rows(batch)]


def _is_back(batch: StockBatch) -> bool:
    return batch.state == "CHECKED" and bool(batch.remarks)
