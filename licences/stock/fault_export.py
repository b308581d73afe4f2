"""Giving the faulty rows of a sheet back to be mended (P.2.2.1)."""

from collections.abc import Mapping

from audit.trail.recording import acting
from licences.models import RowOutcome, StockBatch
from licences.stock.checking import columns_of, sheet_of
from licences.stock.sheets.cells import RowFaultKind
from licences.stock.sheets.judging import Fate
from licences.stock.sheets.returning import faulty_rows_workbook
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault, RuleBroken


def export_faults(*, actor: Actor, batch: StockBatch) -> bytes:
    """An XLSX of the sheet's faulty rows, every fault at its cell; the export is on the trail.

    Raises RuleBroken where no row is faulty or the file is gone. Article: M.10, M.25.
    """
    with acting(actor, Action.LIST_EXPORTED, batch.subject) as act:
        permit(actor, Capability.IMPORT_STOCK, batch.issuing_department_id)
        rows = batch.rows.filter(outcome=RowOutcome.FAULT).order_by("row_number")
        fates = [
            Fate(row, "fault", fault, reason, faults=tuple(_fault(each) for each in faults))
            for row, fault, reason, faults in rows.values_list(
                "row_number", "fault", "reason", "faults"
            )
        ]
        if not fates:
            raise RuleBroken("M.10", "这份清单没有有误的行，不用下载。")
        sheet = sheet_of(batch)
        data = faulty_rows_workbook(sheet, fates, columns_of(batch, sheet).columns)
        act.note("rows", len(fates))
    return data


def _fault(kept: Mapping[str, str]) -> Fault:
    return Fault(kept["field"], RowFaultKind(kept["kind"]), kept["sentence"])
