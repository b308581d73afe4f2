"""A permit sheet from upload to sign-off; nothing is written for a row before all are judged.

The dry run of the page, of the shell and the real run use the same rules
(`licences.stock.sheets.judging`). Article: M.10, P.2.2.1.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from audit.trail.recording import acting
from licences.applications.common import keep_hands_apart
from licences.lifecycle import BATCH
from licences.models import CatalogueEntry, StockBatch
from licences.register.entering import seal_for
from licences.stock import mappings
from licences.stock.files import let_file_go
from licences.stock.judged_rows import judge_into, rules_for
from licences.stock.mappings import columns_for
from licences.stock.selectors import batch_of_file
from licences.stock.sheets.headings import Mapping as Columns
from licences.stock.sheets.headings import map_by_hand
from licences.stock.sheets.reading import NotASheet, Sheet, open_sheet
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken

SAME_HANDS = "这份清单您上传、对应、核对或提交过，要由没有经手的人签批。"


def take_in(
    *,
    actor: Actor,
    entry: CatalogueEntry,
    file_name: str,
    data: bytes,
    heading_row: int | None = None,
    tab: str | None = None,
) -> StockBatch:
    """Keeps an uploaded sheet and maps its columns as far as known; no row is judged yet.

    `heading_row` (from 1) where a person says which row holds the headings, `tab` which sheet of
    the workbook is meant: each is a permit sheet of its own. Raises RuleBroken
    with the sentence for a file that is no sheet or was taken in before. Article: M.10.
    """
    with acting(actor, Action.SHEET_RECEIVED) as act:
        permit(actor, Capability.IMPORT_STOCK, entry.issuing_department_id)
        if entry.state != "PUBLISHED":
            raise RuleBroken("P.2.1.1", f"{entry.name}的目录还没有公布，不能导入清单。")
        sheet = _opened(data, file_name, heading_row, tab)
        digest = files.digest(data)
        lock(CatalogueEntry.objects.all(), pk=entry.pk)  # two uploads of one file come in turn
        twin = batch_of_file(entry, digest, sheet.tab)
        if twin is not None:
            day = clock.beijing_day(twin.received_at)
            raise FormFault(
                "M.10",
                f"这个文件 {day.month}月{day.day}日已上传过（{twin.file_name}）。原有数据没有变。",
                fields={"file": "这个文件已经上传过，不用再传"},
            )
        batch = StockBatch.objects.create(
            entry=entry,
            issuing_department=entry.issuing_department,
            file_name=file_name[:200],
            file_digest=files.store(data),
            file_size=len(data),
            tab=sheet.tab,
            mapping=_first_mapping(entry, sheet, heading_row),
            received_by_id=account_of(actor),
            received_at=clock.now(),
            hands=[account_of(actor)],
        )
        act.set_subject(batch.subject)
        act.note("file", digest)
    return batch


def _first_mapping(entry: CatalogueEntry, sheet: Sheet, named_row: int | None) -> dict[str, Any]:
    """What is known of a sheet's columns before anybody has looked at them."""
    rules = rules_for(entry)
    kept = mappings.remembered(entry, sheet, rules)
    columns = kept or columns_for(entry, sheet, rules)
    return {
        "columns": columns.columns,
        "duplicates": columns.duplicates,
        "heading_row": sheet.heading_row,
        "named_row": named_row,
        "is_row_given": named_row is not None,
        "is_remembered": kept is not None,
    }


def take_in_tab(*, actor: Actor, batch: StockBatch, tab: str) -> StockBatch:
    """Takes in another sheet of a workbook that was uploaded before.

    Raises RuleBroken where there is none of that name or it was taken in already. Article: M.10.
    """
    permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
    data = _data_of(batch)
    return take_in(actor=actor, entry=batch.entry, file_name=batch.file_name, data=data, tab=tab)


def map_columns(*, actor: Actor, batch: StockBatch, columns: Mapping[str, int]) -> StockBatch:
    """Sets which column holds which field, as a person chose. Article: M.10."""
    with acting(actor, Action.SHEET_MAPPED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        BATCH.move(batch.state, "check")
        sheet = sheet_of(batch)
        try:
            mapped = map_by_hand(columns, len(sheet.headings), rules_for(batch.entry).named_by)
        except ValueError as error:
            raise RuleBroken("M.10", "同一列不能对应两项，请重新选。") from error
        batch.mapping = {**batch.mapping, "columns": mapped.columns, "duplicates": []}
        mappings.keep(batch.entry, sheet, mapped.columns)
        _note_hand(batch, actor)
        batch.save(update_fields=["mapping", "hands"])
        act.note("columns", len(mapped.columns))
    return batch


def check(
    *,
    actor: Actor,
    batch: StockBatch,
    on: date | None = None,
    takes_hidden: bool | None = None,
) -> StockBatch:
    """Judges every row and keeps the fates in place of earlier ones; converts nothing.

    `on` where a person names the day, as the shell may; conversion then judges by that day too.
    `takes_hidden` where a person says whether rows that the spreadsheet hides are read.
    Raises RuleBroken where columns are missing or the file turns out to be damaged.
    Article: M.10.
    """
    with acting(actor, Action.SHEET_CHECKED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        batch.state = BATCH.move(batch.state, "check")
        batch.judged_on = on or clock.today()
        batch.mapping = {**batch.mapping, "is_day_given": on is not None}
        if takes_hidden is not None:
            batch.mapping["takes_hidden"] = takes_hidden
        counts = _judged(batch, batch.judged_on)
        batch.rows_total = sum(counts.values())
        batch.rows_convert = counts["convert"]
        batch.rows_not_in_force = counts["not_in_force"]
        batch.rows_fault = counts["fault"]
        batch.rows_left_out = counts["left_out"]
        _note_hand(batch, actor)
        batch.save()
        act.note("fates", counts)
    return batch


def submit(*, actor: Actor, batch: StockBatch) -> StockBatch:
    """Hands a checked sheet to the signatory. Article: M.10."""
    with acting(actor, Action.SHEET_SUBMITTED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        target = BATCH.move(batch.state, "submit")
        if batch.rows_convert == 0:
            raise RuleBroken("M.10", "这份清单没有可以转换的行，不能提交。请先改好有误的行。")
        act.fact("state", batch.state, target)
        batch.state, batch.submitted_at = target, clock.now()
        batch.submitted_by_id = account_of(actor)
        _note_hand(batch, actor)
        batch.save(update_fields=["state", "submitted_at", "submitted_by", "hands"])
    return batch


def send_back(*, actor: Actor, batch: StockBatch, remarks: str) -> StockBatch:
    """Gives a submitted sheet back. Article: M.7."""
    with acting(actor, Action.SHEET_RETURNED, batch.subject) as act:
        permit(actor, Capability.SIGN_OFF_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        target = BATCH.move(batch.state, "send_back")
        if not remarks.strip():
            raise FormFault("M.7", "还没有写退回意见。", fields={"remarks": "还没有写退回意见"})
        act.fact("state", batch.state, target)
        batch.state, batch.remarks = target, remarks.strip()[:500]
        batch.save(update_fields=["state", "remarks"])
    return batch


def sign_off(*, actor: Actor, batch: StockBatch) -> StockBatch:
    """Signs off a whole sheet: its sound rows will become licences and be sealed.

    Never by whoever took it in, mapped, checked or submitted it. Article: M.7, M.10, S.12.
    """
    with acting(actor, Action.SHEET_SIGNED_OFF, batch.subject) as act:
        permit(actor, Capability.SIGN_OFF_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        target = BATCH.move(batch.state, "sign_off")
        account_id = account_of(actor)
        keep_hands_apart(account_id, hands_on(batch), SAME_HANDS)
        seal_for(batch.entry)
        act.fact("state", batch.state, target)
        act.note("rows", batch.rows_convert)
        batch.state, batch.signed_off_at = target, clock.now()
        batch.signed_off_by_id = account_id
        batch.due_at = clock.now()
        batch.save(update_fields=["state", "signed_off_at", "signed_off_by", "due_at"])
        wake("licences.convert_batches")
    return batch


def drop(*, actor: Actor, batch: StockBatch) -> StockBatch:
    """Gives a sheet up before sign-off; its rows and the file are erased. Article: M.10."""
    with acting(actor, Action.SHEET_DROPPED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        act.fact("state", batch.state, BATCH.move(batch.state, "drop"))
        batch.state = BATCH.move(batch.state, "drop")
        batch.rows.all().delete()
        batch.finished_at = clock.now()
        batch.save(update_fields=["state", "finished_at"])
    let_file_go(batch)
    return batch


def stop_conversion(*, actor: Actor, batch: StockBatch) -> StockBatch:
    """Stops a running conversion between two chunks of rows. Article: M.10."""
    return _set_stopped(actor, batch, Action.CONVERSION_STOPPED, is_stopped=True)


def resume_conversion(*, actor: Actor, batch: StockBatch) -> StockBatch:
    """Lets a stopped conversion go on. Article: M.10."""
    return _set_stopped(actor, batch, Action.CONVERSION_RESUMED, is_stopped=False)


def _set_stopped(
    actor: Actor, batch: StockBatch, action: Action, *, is_stopped: bool
) -> StockBatch:
    with acting(actor, action, batch.subject) as act:
        permit(actor, Capability.SIGN_OFF_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        if batch.state != "SIGNED_OFF":
            raise RuleBroken("M.10", "这份清单没有在转换。")
        act.fact("stopped", batch.is_stopped, is_stopped)
        batch.is_stopped, batch.due_at = is_stopped, clock.now()
        batch.save(update_fields=["is_stopped", "due_at"])
        wake("licences.convert_batches")
    return batch


def judging_day(batch: StockBatch) -> date:
    """The day on which a sheet's rows must be in force: today, unless a person named one."""
    named = batch.judged_on if batch.mapping.get("is_day_given") else None
    return named or clock.today()


def hands_on(batch: StockBatch) -> set[int]:
    """The accounts of everyone who worked on a sheet before its sign-off (M.7)."""
    known = {batch.received_by_id, batch.submitted_by_id, *batch.hands}
    return {one for one in known if one is not None}


def sheet_of(batch: StockBatch) -> Sheet:
    """The sheet as it was uploaded. Raises RuleBroken where the file can no longer be read."""
    by_hand = batch.mapping.get("is_row_given")
    data = _data_of(batch)
    named = batch.mapping.get("named_row", batch.mapping["heading_row"]) if by_hand else None
    return _opened(data, batch.file_name, named, batch.tab or None)


def _data_of(batch: StockBatch) -> bytes:
    try:
        return files.read(batch.file_digest)
    except files.FileMissing as error:
        raise RuleBroken("M.10", "这份清单的原文件已经清除。请重新上传。") from error


def columns_of(batch: StockBatch, sheet: Sheet) -> Columns:
    """The columns as they are mapped now, with the headings met twice that nobody chose from."""
    named_by = rules_for(batch.entry).named_by
    mapped = map_by_hand(batch.mapping["columns"], len(sheet.headings), named_by)
    return replace(mapped, duplicates=tuple(batch.mapping.get("duplicates", ())))


def _judged(batch: StockBatch, on: date) -> dict[str, int]:
    sheet = sheet_of(batch)
    columns = columns_of(batch, sheet)
    if columns.complaint():
        raise RuleBroken("M.10", f"{columns.complaint()}。")
    try:
        return judge_into(batch, sheet.rows(), columns, on)
    except NotASheet as refusal:
        raise RuleBroken("M.10", str(refusal)) from refusal


def _note_hand(batch: StockBatch, actor: Actor) -> None:
    account_id = account_of(actor)
    if account_id not in batch.hands:
        batch.hands = [*batch.hands, account_id]


def _opened(data: bytes, file_name: str, heading_row: int | None, tab: str | None) -> Sheet:
    try:
        return open_sheet(data, file_name, heading_row, tab)
    except NotASheet as refusal:
        raise FormFault("M.10", str(refusal), fields={"file": str(refusal)}) from refusal


def _locked(batch: StockBatch) -> StockBatch:
    rows = StockBatch.objects.select_related("entry__issuing_department", "issuing_department")
    return lock(rows, pk=batch.pk)
