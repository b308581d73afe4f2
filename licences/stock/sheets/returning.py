"""The faulty rows as a workbook with the reason beside each, to be mended and uploaded again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from licences.stock.sheets.cells import plain_text, unmapped_column
from licences.stock.sheets.headings import RETURNED, normalise_heading
from licences.stock.sheets.judging import Fate
from licences.stock.sheets.reading import Sheet
from zezhou_portal.kernel.workbooks import Noted, text_workbook

_REASON, _ROW = "原因", "原行号"
_WIDTHS = (60, 20)


def faulty_rows_workbook(
    sheet: Sheet, fates: Iterable[Fate], columns: Mapping[str, int] | None = None
) -> bytes:
    """An XLSX file of the sheet's faulty rows: reason, original row number, original cells.

    A cell at fault is coloured and says what is wrong with it; `columns` tells in which column
    a field stands. `fates` are those of the sheet's rows, in order; others than faults are left
    out. The columns 原因 and 原行号 are ignored when the file is uploaded again.
    """
    kept = [
        index
        for index, heading in enumerate(sheet.headings)
        if normalise_heading(heading) not in RETURNED
    ]
    headings = [_REASON, _ROW, *(sheet.headings[index] for index in kept)]
    rows = (
        [fate.reason, str(fate.row), *_cells(cells, kept, _noted(fate, columns or {}))]
        for fate, cells in _faulty(sheet, fates)
    )
    return text_workbook("有错的行", headings, rows, widths=_WIDTHS)


def _noted(fate: Fate, columns: Mapping[str, int]) -> dict[int, str]:
    """What is wrong with each column's cell."""
    notes: dict[int, str] = {}
    for fault in fate.faults:
        column = columns.get(fault.field, unmapped_column(fault.field))
        if column is not None:
            before = f"{notes[column]}\n" if column in notes else ""
            notes[column] = before + fault.sentence
    return notes


def _cells(
    cells: Sequence[object], kept: Sequence[int], notes: Mapping[int, str]
) -> Iterator[str | Noted]:
    for index in kept:
        text = _as_text(cells[index] if index < len(cells) else None)
        yield Noted(text, notes[index]) if index in notes else text


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
