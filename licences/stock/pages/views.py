"""Permit sheets: list, upload, columns, the fate of every row, progress (M.10, P.2.2.1)."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit.trail.selectors import of_subject as records_of
from licences.lifecycle import BATCH
from licences.models import StockBatch, StockRow
from licences.stock import checking
from licences.stock import selectors as stock
from licences.stock.faces import face_of
from licences.stock.fault_export import export_faults
from licences.stock.pages.forms import ColumnsForm, UploadForm, initial_of
from licences.stock.pages.rows import (
    OUTCOMES,
    ShownRow,
    progress_context,
    renamed_in,
    samples_of,
    shares_of,
    shown_row,
    spot_of,
    steps_of,
)
from licences.stock.sheets.refusals import TEXT_BYTES
from zezhou_portal.kernel.workbooks import XLSX
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage, ListPage
from zezhou_portal.pagekit.responses import attachment, not_found
from zezhou_portal.pagekit.timeline import timeline
from zezhou_portal.pagekit.views import WRAPPING, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_ROWS = 50
_EITHER = (Capability.IMPORT_STOCK, Capability.SIGN_OFF_STOCK)
_VOICES = {"SUBMITTED": "done", "SIGNED_OFF": "done", "CONVERTED": "done", "DROPPED": "done"}


_RECORDS = 20


class BatchRow(NamedTuple):
    """A permit sheet as the list shows it."""

    batch: StockBatch
    word: str
    voice: str


class BatchFilter(ListFilter):
    """Which of the department's permit sheets."""

    state = ChoiceFilter("到哪一步", BATCH.labels, column="state")
    first = DayFilter("上传，从", "received_at")
    last = DayFilter("上传，到", "received_at", until=True)


class StockList(ExportedListPage[StockBatch]):
    """The department's permit sheets, newest first."""

    capability = _EITHER
    template_name = "licences/stock.html"
    title = "存量转换"
    filter_class = BatchFilter
    columns = (
        Column("清单", sort="file_name", cell=lambda row: row.batch.file_name),
        Column("证照", cell=lambda row: row.batch.entry.name),
        Column("到哪一步", cell=lambda row: row.word),
        Column(
            "可转换",
            sort="rows_convert",
            falls=True,
            css="zz-n",
            cell=lambda row: row.batch.rows_convert,
        ),
        Column(
            "有问题",
            sort="rows_fault",
            falls=True,
            css="zz-n",
            cell=lambda row: row.batch.rows_fault,
        ),
        Column("上传", sort="received_at", falls=True, cell=lambda row: row.batch.received_at),
    )
    order = ("-received_at", "-id")
    unit = "份"
    counts = True
    nothing = Empty("还没有许可清单", "上传一份以后，会列在这里。", "table-2")
    no_match = Empty("没有到这一步的清单", "换一步再看。", "table-2")

    def rows(self) -> "QuerySet[StockBatch]":
        return stock.batches_of(self.actor)

    def present(self, rows: Sequence[StockBatch]) -> list[BatchRow]:
        return [_as_listed(row) for row in rows]


class StockUpload(PortalView):
    """First step: which kind, which file."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_RECEIVED
    template_name = "licences/stock_upload.html"
    most_body = TEXT_BYTES + WRAPPING
    too_much = f"许可清单不能超过 {TEXT_BYTES // 1024 // 1024} MB。请分成几份。"

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


class BatchView(PortalView):
    """A view of one sheet: a neighbour's is as little there as none."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = _EITHER

    def batch_of(self, key: UUID) -> StockBatch:
        """The sheet; raises Http404."""
        found = stock.batch_by_uuid(self.actor, str(key))
        if found is None:
            raise not_found()
        return found


class StockColumns(BatchView):
    """Second step: which column is what; the check follows at once."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_MAPPED
    template_name = "licences/stock_columns.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        batch = self.batch_of(key)
        if not BATCH.may(batch.state, "check"):
            return redirect("licences:stock-sheet", key=key)
        sheet = checking.sheet_of(batch)
        chosen = initial_of(batch.mapping["columns"])
        return self._show(batch, sheet, ColumnsForm(sheet.headings, batch.entry, initial=chosen))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        batch = self.batch_of(key)
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
            "is_remembered": batch.mapping.get("is_remembered", False),
            "steps": steps_of("READ"),
        }
        return self.render(context, status=status)


class RowFilter(ListFilter):
    """Which rows of a sheet."""

    outcome = ChoiceFilter(
        "结论", {code: look[0] for code, look in OUTCOMES.items()}, column="outcome"
    )
    fault = ChoiceFilter("问题", stock.FAULT_WORDS, narrow=stock.with_fault)


class BatchPage(BatchView, ListPage[StockRow]):
    """Third to fifth step: what became of every row, how far the conversion is, what came of it."""

    template_name = "licences/stock_sheet.html"
    title = "逐行结论"
    filter_class = RowFilter
    columns = (
        Column("行号", css="zz-n"),
        *(
            Column(words)
            for words in ("持证主体名称", "许可编号", "有效期起", "有效期至", "结论", "说明")
        ),
    )
    order = ("row_number",)
    order_words = "按行号"
    size = _ROWS
    unit = "行"
    counts = True
    nothing = no_match = Empty("没有这样的行", "", "table-2")
    batch: StockBatch

    def prepare(self, **kwargs: Any) -> None:
        self.batch = self.batch_of(kwargs["key"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; a sheet whose columns are not mapped yet leads to where they are."""
        if self.batch.state == "READ" and self.actor.has(Capability.IMPORT_STOCK):
            return redirect("licences:stock-columns", key=self.batch.uuid)
        return super().get(request, *args, **kwargs)

    def rows(self) -> "QuerySet[StockRow]":
        return stock.rows_of(self.batch)

    def present(self, rows: Sequence[StockRow]) -> list[ShownRow]:
        renamed = renamed_in(self.actor, rows)
        return [shown_row(row, renamed.get(row.pk)) for row in rows]

    def context(self) -> dict[str, Any]:
        batch = self.batch
        is_converting = batch.state in ("SIGNED_OFF", "CONVERTED")
        progress = progress_context(self.request, batch) if is_converting else None
        is_finished = bool(progress and progress["reached"].is_finished)
        took = None
        if batch.finished_at and batch.signed_off_at:
            took = batch.finished_at - batch.signed_off_at
        return {
            "batch": batch,
            "steps": steps_of(batch.state, is_finished=is_finished),
            "progress": progress,
            "is_finished": is_finished and batch.state == "CONVERTED",
            "shares": shares_of(batch),
            "faults": stock.faults_of(batch),
            "gaps": stock.gaps_of(batch) if batch.state in ("CHECKED", "SUBMITTED") else [],
            "outcomes": OUTCOMES,
            "outcome": self.request.GET.get("outcome", ""),
            "spots": spots_of(batch) if batch.state == "CHECKED" else [],
            "took": took,
            "events": timeline(records_of(batch.subject.kind, batch.subject.key)[:_RECORDS]),
            "may_submit": batch.state == "CHECKED" and batch.rows_convert > 0,
            "may_drop": BATCH.may(batch.state, "drop"),
        }


class StockProgress(BatchView):
    """The progress alone, asked every two seconds; sends the page on once all is done."""

    template_name = "licences/_stock_progress.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        batch = self.batch_of(key)
        context = progress_context(request, batch)
        response = self.render({**context, "batch": batch})
        if not context["poll"]:
            response["HX-Redirect"] = context["refresh"]
        return response


class StockFaults(BatchView):
    """The faulty rows as a workbook; a POST, for the export stands on the trail."""

    capability = Capability.IMPORT_STOCK
    action = Action.LIST_EXPORTED

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        batch = self.batch_of(key)
        data = export_faults(actor=self.actor, batch=batch)
        return attachment(data, f"{PurePath(batch.file_name).stem}-有问题的行.xlsx", XLSX)


class StockFace(BatchView):
    """The face that a sound row would get: what the signatory looks at before signing off."""

    def get(self, request: HttpRequest, key: UUID, row: int) -> HttpResponse:  # noqa: ARG002
        """The SVG; a 404 for a row without a face."""
        found = stock.sound_row(self.batch_of(key), row)
        if found is None:
            raise not_found()
        try:
            return HttpResponse(face_of(found), content_type="image/svg+xml")
        except RuleBroken as refusal:
            raise not_found() from refusal


def spots_of(batch: StockBatch) -> list[dict[str, Any]]:
    """A few sound rows spread over the sheet, for the eye."""
    return [spot_of(row, batch) for row in stock.spot_rows(batch)]


def _as_listed(batch: StockBatch) -> BatchRow:
    if batch.state == "CHECKED" and batch.remarks:
        return BatchRow(batch, "退回修改", "back")
    return BatchRow(batch, BATCH.labels[batch.state], _VOICES.get(batch.state, "open"))
