"""Sound rows of a signed-off sheet become licences: in chunks, resumable, each exactly once.

A worker claims a batch by lease and converts chunk by chunk; every chunk is one transaction
that locks the batch first, so that a second worker, or the same one after a SIGKILL, goes on
behind the last chunk that was committed. A sheet may wait days for its sign-off: dates are judged
again on the day of conversion, by the rule of the check. Article: M.10, P.2.2.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.urls import reverse

from audit.trail.recording import Act, acting
from licences.catalogue.numbers import given_numbers, go_behind
from licences.data_items import DataItem, items_of
from licences.lifecycle import BATCH
from licences.models import Licence, LicenceOrigin, RowOutcome, StockBatch, StockRow
from licences.queues import CONVERT
from licences.register.entering import NewLicence, enter_many
from licences.stock import checking
from licences.stock.files import let_file_go
from licences.stock.people import entered_holders, opened, people_of, tell_operators
from licences.stock.sheets.cells import RowFaultKind
from licences.stock.sheets.judging import why_not_in_force
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.kernel.locks import again, claim, lock
from zezhou_portal.kernel.rows import NOT_THE_ROWS, Failed, is_technical, one_by_one, reason_of
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account, Holder
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault, RuleBroken

log = structlog.get_logger(__name__)

CHUNK = 100
# Renewed with every chunk, which takes about a second; what a killed worker leaves waits for it.
LEASE = timedelta(seconds=20)
# Where so few rows are left and none of them can be converted, again and again, it is the rows.
_FEW, _TRIED_ENOUGH = 10, 3
_FATE = ["outcome", "fault", "faults", "reason", "values"]
_TROUBLE = "转换没有成功，系统会再试，已转换的不会重来。若一直不成，请找系统管理员。"


def convert_waiting() -> int:
    """Converts every signed-off sheet that nobody else is converting; gives the rows done."""
    waiting = CONVERT.rows()
    count = 0
    # One at a time: the lease of a sheet that waits behind a long one would run out meanwhile.
    while claimed := claim(waiting, most=1, lease=LEASE):
        count += convert(claimed[0])
    return count


def convert(batch: StockBatch) -> int:
    """Converts a claimed sheet to its end or until it is stopped; gives the rows done.

    A row that cannot be converted gets its own reason and stops none of the others. What keeps
    the whole sheet from going on is written beside it and it is tried again later; the chunks
    before stay.
    """
    count = 0
    try:
        while done := _convert_next(batch):
            count += done
    except RuleBroken as refusal:
        _put_off(batch, refusal)
    except Exception as error:
        log.exception("sheet_not_converted", batch=batch.pk)
        _put_off(batch, error)
    else:
        stalled.went_on(CONVERT, [batch.pk])
    return count


def _convert_next(batch: StockBatch) -> int:
    """The next chunk; where it fails, each of its rows by itself."""
    try:
        return convert_chunk(batch.pk)
    except (RuleBroken, *NOT_THE_ROWS):
        raise
    except Exception as error:
        rows = list(_waiting(batch)[:CHUNK])
        failed = one_by_one(rows, lambda row: convert_chunk(batch.pk, only=row.pk))
        if len(failed) == len(rows) and (len(rows) > _FEW or batch.tries <= _TRIED_ENOUGH):
            raise error  # not one of them: it is the sheet, or the portal
    for one in failed:
        log.error("row_not_converted", batch=batch.pk, row=one.row.pk, exc_info=one.error)
    _set_aside_unreadable(batch, failed)
    return len(rows)


def _waiting(batch: StockBatch) -> "QuerySet[StockRow]":
    rows = batch.rows.filter(outcome=RowOutcome.CONVERT, licence__isnull=True)
    return rows.order_by("row_number")


def _set_aside_unreadable(batch: StockBatch, failed: Sequence[Failed[StockRow]]) -> None:
    """Rows that could not be converted are faulty from now on, each with its own reason."""
    if not failed:
        return
    for one in failed:
        sentence = f"转换时读不出来：{reason_of(one.error)}"
        fault = Fault("", RowFaultKind.UNREADABLE_ROW, sentence)
        _as_fault(one.row, fault)
    StockRow.objects.bulk_update([one.row for one in failed], _FATE)
    StockBatch.objects.filter(pk=batch.pk).update(
        rows_convert=F("rows_convert") - len(failed), rows_fault=F("rows_fault") + len(failed)
    )


def _as_fault(row: StockRow, fault: Fault) -> None:
    row.outcome, row.fault, row.faults = RowOutcome.FAULT, str(fault.kind), [asdict(fault)]
    row.reason = f"第 {row.row_number} 行：{fault.sentence}"
    row.values = None


def convert_chunk(batch_id: int, *, only: int | None = None) -> int:
    """Converts the next sound rows of a sheet in one transaction; gives how many it settled.

    `only` where it is one row's turn by itself. Nothing left: the sheet is closed and 0 given
    back; so it is if somebody stopped it. Article: M.10.
    """
    batch = StockBatch.objects.select_related("signed_off_by", "entry__issuing_department").get(
        pk=batch_id
    )
    signatory = batch.signed_off_by
    if signatory is None:
        raise ValueError("a sheet is converted only after its sign-off")
    if batch.is_stopped:
        _give_back(batch)
        return 0
    actor = _in_the_name_of(signatory, batch)
    with acting(actor, Action.ROW_CONVERTED, batch.subject) as act:
        batch = lock(StockBatch.objects.select_related("entry__issuing_department"), pk=batch_id)
        if batch.state != "SIGNED_OFF" or batch.is_stopped:
            _give_back(batch)
            return 0
        waiting = _waiting(batch)
        chunk = list((waiting if only is None else waiting.filter(pk=only))[:CHUNK])
        if chunk:
            ended = _set_aside_ended(batch, chunk)
            licences = _convert(act, actor, batch, chunk, signatory)
            for licence in licences:
                act.add_record(licence.subject, {"sheet": str(batch.uuid)})
            act.note("row_span", [chunk[0].row_number, chunk[-1].row_number])
            if ended:
                act.note("not_in_force", [one.row_number for one in ended])
            StockBatch.objects.filter(pk=batch.pk).update(
                rows_done=F("rows_done") + len(licences),
                leased_until=clock.now() + LEASE,
                tries=0,
                last_error="",
            )
            wake("licences.produce_waiting")
        elif only is None:
            _close(batch)
            act.fact("state", "SIGNED_OFF", batch.state)
    if not chunk and only is None and batch.rows_fault == 0:
        let_file_go(batch)  # nothing in it is left to be mended; it names representatives (M.26)
    return len(chunk)


def _set_aside_ended(batch: StockBatch, chunk: Sequence[StockRow]) -> list[StockRow]:
    """Gives the rows of a chunk that are no longer in force their new fate; gives those (M.10).

    They keep what they are looked up by in the file and nothing else, as after the check.
    """
    on = checking.judging_day(batch)
    ended = []
    for row in chunk:
        values = _values(row)
        why = why_not_in_force(*_term(values), on)
        if not why:
            continue
        row.outcome = RowOutcome.NOT_IN_FORCE
        row.reason = f"第 {row.row_number} 行：核对以后，{why}"
        row.values = {key: values[key] for key in ("number", "valid_from", "valid_until")}
        ended.append(row)
    if ended:
        StockRow.objects.bulk_update(ended, ["outcome", "reason", "values"])
        StockBatch.objects.filter(pk=batch.pk).update(
            rows_convert=F("rows_convert") - len(ended),
            rows_not_in_force=F("rows_not_in_force") + len(ended),
        )
    return ended


def _convert(
    act: Act,
    actor: Actor,
    batch: StockBatch,
    chunk: Sequence[StockRow],
    signatory: Account,
) -> list[Licence]:
    entry = batch.entry
    items = items_of(entry.items)
    chunk = [row for row in chunk if row.outcome == RowOutcome.CONVERT]
    taken = given_numbers(entry, [_values(row)["number"] for row in chunk])
    late = [row for row in chunk if _values(row)["number"] in taken]
    for row in late:
        sentence = "核对以后，这个编号已由别的途径入库。没有重复转换"
        _as_fault(row, Fault("number", RowFaultKind.ALREADY_REGISTERED, sentence))
    StockRow.objects.bulk_update(late, _FATE)
    sound = [row for row in chunk if row.values is not None]
    holders = entered_holders([_values(row) for row in sound])
    new = [_new(items, _values(row), holders) for row in sound]
    licences = enter_many(
        actor=actor,
        entry=entry,
        items=items,
        new=new,
        signed_off_by_id=signatory.pk,
        signed_off_by_name=signatory.name,
    )
    tell_operators(act, {row.row_number: _values(row) for row in sound}, holders)
    go_behind(entry, [one.number for one in new])
    for row, licence in zip(sound, licences, strict=True):
        row.licence = licence
        row.values = None  # the licence's version holds them now; the sheet keeps nothing twice
    StockRow.objects.bulk_update(sound, ["licence", "values"])
    if late:
        StockBatch.objects.filter(pk=batch.pk).update(
            rows_convert=F("rows_convert") - len(late), rows_fault=F("rows_fault") + len(late)
        )
    return licences


def _new(
    items: Sequence[DataItem], values: Mapping[str, Any], holders: Mapping[str, Holder]
) -> NewLicence:
    clear = {key: opened(value) for key, value in values["items"].items()}
    people = people_of(values)
    gaps = any(item.required and not clear.get(item.key) for item in items)
    valid_from, valid_until = _term(values)
    return NewLicence(
        number=values["number"],
        holders=[holders[one.index] for one in people],
        names=[one.name for one in people],
        values=clear,
        issued_on=date.fromisoformat(values["decided_on"]),
        valid_from=valid_from,
        valid_until=valid_until,
        origin=LicenceOrigin.STOCK,
        has_gaps=gaps,
        remarks={
            "document_name": values["document_name"],
            "document_number": values["document_number"],
        },
    )


def _values(row: StockRow) -> Mapping[str, Any]:
    if row.values is None:
        raise ValueError(f"row {row.row_number} has no values")
    values: Mapping[str, Any] = row.values
    return values


def _term(values: Mapping[str, Any]) -> tuple[date, date | None]:
    """First and last day of a row's licence; no last day for a long-term one."""
    end = values["valid_until"]
    return date.fromisoformat(values["valid_from"]), date.fromisoformat(end) if end else None


def _close(batch: StockBatch) -> None:
    batch.state = BATCH.move(batch.state, "convert")
    batch.finished_at = clock.now()
    batch.leased_until = None
    batch.save(update_fields=["state", "finished_at", "leased_until"])


def _put_off(batch: StockBatch, error: Exception) -> None:
    is_known = isinstance(error, RuleBroken) or not is_technical(error)
    reason = reason_of(error) if is_known or isinstance(error, OSError) else _TROUBLE
    about = stalled.About(
        batch.subject,
        batch.issuing_department,
        reverse("licences:stock-sheet", args=[batch.uuid]),
        Capability.SIGN_OFF_STOCK,
    )
    at = stalled.put_off(CONVERT, batch.pk, about, reason, is_technical=not is_known)
    again(batch, at=at, error=reason)


def _give_back(batch: StockBatch) -> None:
    StockBatch.objects.filter(pk=batch.pk).update(leased_until=None)


def _in_the_name_of(signatory: Account, batch: StockBatch) -> Actor:
    """The worker acts under the sign-off: the trail names who signed, and that a task did it."""
    department = batch.entry.issuing_department
    return Actor(
        kind=ActorKind.OFFICIAL,
        key=str(signatory.uuid),
        name=signatory.name,
        role="签发人",
        account_id=signatory.pk,
        department_id=department.pk,
        department_code=department.credit_code,
        department_name=department.name,
        channel=Channel.TASK,
    )
