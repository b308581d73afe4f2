"""The faulty rows as a workbook with the reason beside each, to be mended and uploaded again."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from licences.stock.sheets.cells import plain_text
from licences.stock.sheets.headings import RETURNED, normalise_heading
from licences.stock.sheets.judging import Fate
from licences.stock.sheets.reading import Sheet
from zezhou_portal.kernel.workbooks import text_workbook

_REASON, _ROW = "原因", "原行号"
_WIDTHS = (60, 20)


def faulty_rows_workbook(sheet: Sheet, fates: Iterable[Fate]) -> bytes:
    """An XLSX file of the sheet's faulty rows: reason, original row number, original cells.

    `fates` are those of the sheet's rows, in order; others than faults are left out. The columns
    原因 and 原行号 are ignored when the file is uploaded again.
    """
    kept = [
        index
        for index, heading in enumerate(sheet.headings)
        if normalise_heading(heading) not in RETURNED
    ]
    headings = [_REASON, _ROW, *(sheet.headings[index] for index in kept)]
    rows = (
        [
            fate.reason,
            str(fate.row),
            *(_as_text(cells[index] if index < len(cells) else None) for index in kept),
        ]
        for fate, cells in _faulty(sheet, fates)
    )
    return text_workbook("有错的行", headings, rows, widths=_WIDTHS)


def _faulty(sheet: Sheet, fates: Iterable[Fate]) -> Iterator[tuple[Fate, list[object]]]:
    """Each faulty fate with the cells of its row; both come in the order of the file."""
    rows = sheet.rows()
    for fate in fates:
        if fate.outcome != "fault":
            continue
        for number, cells in rows:
            if number == fate.row:
                yield fate, cells
                break


def _as_text(value: object) -> str:
    """The original cell: text as it was, a day as it can be read again."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return plain_text(value)
