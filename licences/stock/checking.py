"""A permit sheet from upload to sign-off; nothing is written for a row before all are judged.

The dry run of the page, of the shell and the real run use the same rules
(`licences.stock.sheets.judging`). Article: M.10, P.2.2.1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from audit.trail.recording import acting
from licences.applications.common import keep_hands_apart
from licences.catalogue.numbers import given_numbers
from licences.data_items import items_of
from licences.lifecycle import BATCH
from licences.models import CatalogueEntry, RowOutcome, StockBatch, StockRow
from licences.register.entering import seal_for
from licences.stock.files import let_file_go
from licences.stock.sheets.cells import plain_text
from licences.stock.sheets.headings import Mapping as Columns
from licences.stock.sheets.headings import guess_mapping, map_by_hand
from licences.stock.sheets.judging import Fate, RowJudge, Values
from licences.stock.sheets.kinds import KindRules, kind_rules
from licences.stock.sheets.reading import NotASheet, NumberedRow, Sheet, open_sheet
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

SAME_HANDS = "这份清单您上传、对应、核对或提交过，要由没有经手的人签批。"
_WRITE = 1000
_SHOWN = ("holder_name", "number", "valid_from", "valid_until")


def rules_for(entry: CatalogueEntry) -> KindRules:
    """What the judge must know of a kind, from its catalogue entry."""
    department = entry.issuing_department
    raw = {
        "name": entry.name,
        "code": entry.type_code,
        "issuing_department": department.name,
        "holder": entry.holder_kind,
        "items": entry.items,
        "number": entry.number_rule,
        "validity_years": entry.validity_years,
    }
    return kind_rules(raw, department.credit_code)


def judge(
    entry: CatalogueEntry, rows: Iterable[NumberedRow], columns: Columns, on: date
) -> Iterator[Fate]:
    """The fate of every row of a sheet on a day; reads the register, writes nothing.

    Ask `columns.complaint()` first. NotASheet may come on the way, from `rows`.
    """
    rules = rules_for(entry)
    judged = RowJudge(rules, rules.issuing_department_code, on, columns)
    return judged.judge_all(rows, lambda numbers: given_numbers(entry, numbers))


def take_in(
    *,
    actor: Actor,
    entry: CatalogueEntry,
    file_name: str,
    data: bytes,
    heading_row: int | None = None,
) -> StockBatch:
    """Keeps an uploaded sheet and guesses its columns; no row is judged yet.

    `heading_row` (from 1) where a person says which row holds the headings. Raises RuleBroken
    with the sentence for a file that is no sheet or was taken in before. Article: M.10.
    """
    with acting(actor, Action.SHEET_RECEIVED) as act:
        permit(actor, Capability.IMPORT_STOCK, entry.issuing_department_id)
        if entry.state != "PUBLISHED":
            raise RuleBroken("P.2.1.1", f"{entry.name}的目录还没有公布，不能导入清单。")
        sheet = _opened(data, file_name, heading_row)
        digest = files.digest(data)
        lock(CatalogueEntry.objects.all(), pk=entry.pk)  # two uploads of one file come in turn
        twin = StockBatch.objects.filter(
            issuing_department=entry.issuing_department, entry=entry, file_digest=digest
        ).exclude(state="DROPPED").first()  # fmt: skip
        if twin is not None:
            day = clock.beijing_day(twin.received_at)
            raise RuleBroken(
                "M.10",
                f"这个文件 {day.month}月{day.day}日已上传过（{twin.file_name}）。原有数据没有变。",
                fields={"file": "这个文件已经上传过，不用再传"},
            )
        columns = guess_mapping(sheet.headings, rules_for(entry).item_names)
        batch = StockBatch.objects.create(
            entry=entry,
            issuing_department=entry.issuing_department,
            file_name=file_name[:200],
            file_digest=files.store(data),
            file_size=len(data),
            mapping={
                "columns": columns.columns,
                "duplicates": columns.duplicates,
                "heading_row": sheet.heading_row,
                "is_row_given": heading_row is not None,
            },
            received_by_id=account_of(actor),
            received_at=clock.now(),
            hands=[account_of(actor)],
        )
        act.set_subject(batch.subject)
        act.note("file", digest)
    return batch


def map_columns(*, actor: Actor, batch: StockBatch, columns: Mapping[str, int]) -> StockBatch:
    """Sets which column holds which field, as a person chose. Article: M.10."""
    with acting(actor, Action.SHEET_MAPPED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        BATCH.move(batch.state, "check")
        sheet = sheet_of(batch)
        try:
            mapped = map_by_hand(columns, len(sheet.headings))
        except ValueError as error:
            raise RuleBroken("M.10", "同一列不能对应两项，请重新选。") from error
        batch.mapping = {**batch.mapping, "columns": mapped.columns, "duplicates": []}
        _note_hand(batch, actor)
        batch.save(update_fields=["mapping", "hands"])
        act.note("columns", len(mapped.columns))
    return batch


def check(*, actor: Actor, batch: StockBatch, on: date | None = None) -> StockBatch:
    """Judges every row and keeps the fates in place of earlier ones; converts nothing.

    `on` where a person names the day, as the shell may; conversion then judges by that day too.
    Raises RuleBroken where columns are missing or the file turns out to be damaged.
    Article: M.10.
    """
    with acting(actor, Action.SHEET_CHECKED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        batch = _locked(batch)
        batch.state = BATCH.move(batch.state, "check")
        batch.judged_on = on or clock.today()
        batch.mapping = {**batch.mapping, "is_day_given": on is not None}
        counts = _judge_into(batch)
        batch.rows_total = sum(counts.values())
        batch.rows_convert = counts["convert"]
        batch.rows_not_in_force = counts["not_in_force"]
        batch.rows_fault = counts["fault"]
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
            raise RuleBroken("M.7", "还没有写退回意见。", fields={"remarks": "还没有写退回意见"})
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
    try:
        data = files.read(batch.file_digest)
    except files.FileMissing as error:
        raise RuleBroken("M.10", "这份清单的原文件已经清除。请重新上传。") from error
    return _opened(data, batch.file_name, batch.mapping["heading_row"] if by_hand else None)


def columns_of(batch: StockBatch, sheet: Sheet) -> Columns:
    """The columns as they are mapped now, with the headings met twice that nobody chose from."""
    mapped = map_by_hand(batch.mapping["columns"], len(sheet.headings))
    return replace(mapped, duplicates=tuple(batch.mapping.get("duplicates", ())))


def stored(entry_items: Mapping[str, bool], values: Values) -> dict[str, Any]:
    """A sound row's values as JSON; sensitive items and personal numbers encrypted (M.26)."""
    number = values["holder_id_number"]
    return {
        "items": {
            key: {"enc": vault.encrypt(text)} if entry_items.get(key) and text else text
            for key, text in values["items"].items()
        },
        "number": values["number"],
        "document_name": values["document_name"],
        "document_number": values["document_number"],
        "decided_on": values["decided_on"].isoformat(),
        "valid_from": values["valid_from"].isoformat(),
        "valid_until": values["valid_until"].isoformat() if values["valid_until"] else None,
        "holder_kind": values["holder_kind"],
        "holder_name": values["holder_name"],
        "holder_id_type": values["holder_id_type"],
        "holder_id_number": {"enc": vault.encrypt(number)}
        if values["holder_id_type"] != "001" and number
        else number,
    }


def _judge_into(batch: StockBatch) -> dict[str, int]:
    sheet = sheet_of(batch)
    columns = columns_of(batch, sheet)
    if columns.complaint():
        raise RuleBroken("M.10", f"{columns.complaint()}。")
    sensitive = {item.key: item.is_sensitive for item in items_of(batch.entry.items)}
    batch.rows.all().delete()
    counts = dict.fromkeys(RowOutcome.values, 0)
    pending: list[StockRow] = []
    shown: dict[int, dict[str, str]] = {}
    rows = _noting(sheet.rows(), columns, shown)
    try:
        for fate in judge(batch.entry, rows, columns, batch.judged_on or clock.today()):
            counts[fate.outcome] += 1
            pending.append(_row(batch, fate, sensitive, shown.pop(fate.row)))
            if len(pending) == _WRITE:
                StockRow.objects.bulk_create(pending)
                pending = []
    except NotASheet as refusal:
        raise RuleBroken("M.10", str(refusal)) from refusal
    StockRow.objects.bulk_create(pending)
    return counts


def _noting(
    rows: Iterable[NumberedRow], columns: Columns, shown: dict[int, dict[str, str]]
) -> Iterator[NumberedRow]:
    """The rows as they come; leaves behind how the file writes what tells one from another."""
    places = [(key, columns.columns[key]) for key in _SHOWN]
    for number, cells in rows:
        shown[number] = {
            key: plain_text(cells[at]).removesuffix(" 00:00:00") if at < len(cells) else ""
            for key, at in places
        }
        yield number, cells


def _row(
    batch: StockBatch, fate: Fate, sensitive: Mapping[str, bool], shown: Mapping[str, str]
) -> StockRow:
    """A sound row with its values; any other with what people look it up by in the file."""
    values = fate.values
    name = values["holder_name"] if values else shown["holder_name"]
    return StockRow(
        batch=batch,
        row_number=fate.row,
        outcome=fate.outcome,
        fault=fate.fault or "",
        fault_field=fate.field,
        reason=fate.reason[:300],
        label=name[:200],
        values=stored(sensitive, values)
        if values
        else {key: text[:40] for key, text in shown.items() if key != "holder_name"},
    )


def _note_hand(batch: StockBatch, actor: Actor) -> None:
    account_id = account_of(actor)
    if account_id not in batch.hands:
        batch.hands = [*batch.hands, account_id]


def _opened(data: bytes, file_name: str, heading_row: int | None) -> Sheet:
    try:
        return open_sheet(data, file_name, heading_row)
    except NotASheet as refusal:
        raise RuleBroken("M.10", str(refusal), fields={"file": str(refusal)}) from refusal


def _locked(batch: StockBatch) -> StockBatch:
    rows = StockBatch.objects.select_related("entry__issuing_department", "issuing_department")
    return lock(rows, pk=batch.pk)
