"""Writing XLSX files in which nothing is ever computed."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_CHARACTERS = 32_767  # what a spreadsheet cell can hold
_AT_FAULT = PatternFill("solid", fgColor="FFF2CC")
_TEXT = "@"  # the number format that keeps a spreadsheet from computing or rounding what is typed


@dataclass(frozen=True)
class Noted:
    """A cell's text and what is to be said of it: the cell is coloured and has a note."""

    text: str
    note: str


def text_workbook(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Iterable[str | Noted]],
    *,
    widths: Sequence[int],
) -> bytes:
    """An XLSX file of one sheet: headings in bold, then the rows.

    Every cell is text, also one that begins with = + - or @, so nothing is computed when the
    file is opened. `widths` are the columns', in characters; the last one counts for the rest.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place in range(len(headings)):
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = widths[min(place, len(widths) - 1)]

    def text_cell(given: str | Noted) -> Cell:
        text = given.text if isinstance(given, Noted) else given
        shown = ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_CHARACTERS]
        cell = WriteOnlyCell(sheet, value=shown)
        cell.data_type = "s"
        cell.number_format = _TEXT
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(given, Noted):
            cell.fill = _AT_FAULT
            cell.comment = Comment(given.note, "门户", height=120, width=320)
        return cell

    heads = [text_cell(heading) for heading in headings]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([text_cell(text) for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
