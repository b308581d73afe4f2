"""The faulty rows as a workbook with the reason beside each, to be mended and uploaded again."""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from licences.stock.sheets.cells import plain_text
from licences.stock.sheets.headings import RETURNED, normalise_heading
from licences.stock.sheets.judging import Fate
from licences.stock.sheets.reading import Sheet
from licences.stock.sheets.refusals import CELL_CHARACTERS

_REASON, _ROW = "原因", "原行号"
_TEXT = "@"  # the number format that keeps a spreadsheet from computing or rounding what is typed
_REASON_WIDTH = 60
_COLUMN_WIDTH = 20


def faulty_rows_workbook(sheet: Sheet, fates: Iterable[Fate]) -> bytes:
    """An XLSX file of the sheet's faulty rows: reason, original row number, original cells.

    Every cell is text, also one that begins with = + - or @, so nothing is computed when the
    file is opened. `fates` are those of the sheet's rows, in order; others than faults are left
    out. The columns 原因 and 原行号 are ignored when the file is uploaded again.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet("有错的行")
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width = _REASON_WIDTH
    kept = [
        index
        for index, heading in enumerate(sheet.headings)
        if normalise_heading(heading) not in RETURNED
    ]
    for offset in range(len(kept)):
        letter = get_column_letter(offset + 3)
        page.column_dimensions[letter].width = _COLUMN_WIDTH

    def text_cell(value: object, *, is_bold: bool = False) -> Cell:
        shown = ILLEGAL_CHARACTERS_RE.sub("", _as_text(value))[:CELL_CHARACTERS]
        cell = WriteOnlyCell(page, value=shown)
        cell.data_type = "s"
        cell.number_format = _TEXT
        if is_bold:
            cell.font = Font(bold=True)
        return cell

    headings = [_REASON, _ROW, *(sheet.headings[index] for index in kept)]
    page.append([text_cell(heading, is_bold=True) for heading in headings])
    for fate, cells in _faulty(sheet, fates):
        reason = text_cell(fate.reason)
        reason.alignment = Alignment(wrap_text=True, vertical="top")
        originals = [cells[index] if index < len(cells) else None for index in kept]
        page.append([reason, text_cell(fate.row), *(text_cell(value) for value in originals)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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
