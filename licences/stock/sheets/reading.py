"""Opens a permit sheet: text in any usual encoding or an XLSX workbook, as a stream of rows.

A sheet keeps no row: every call of `rows` reads the file again. Of a workbook it keeps the shared
texts, as the format refers to them by number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol

from licences.stock.sheets.cells import letter_of
from licences.stock.sheets.delimited import find_dialect, read_rows
from licences.stock.sheets.headings import HEADING_ROWS, HeadingRows, find_headings, headings_at
from licences.stock.sheets.refusals import (
    ROWS,
    TEXT_BYTES,
    WORKBOOK_BYTES,
    NotASheet,
    empty,
    no_headings,
    no_such_tab,
    refusal,
    too_large,
    too_many_rows,
)
from licences.stock.sheets.sniffing import HEAD_BYTES, OLE, ZIP, ole_refusal, refuse_foreign
from licences.stock.sheets.sources import Source, opened, size_of
from licences.stock.sheets.workbook import Tab, open_book, read_tab

__all__ = ["NotASheet", "Sheet", "open_sheet"]

NumberedRow = tuple[int, list[object]]


class _ReadsAll(Protocol):
    def __call__(self) -> Iterator[NumberedRow]: ...


@dataclass(frozen=True)
class Sheet:
    """A permit sheet: where its headings stand, and its rows as often as they are wanted.

    `heading_row` counts the file's rows from 1, as a spreadsheet shows them; of two rows of
    headings it is the second. `tab` is the workbook's sheet that is read (empty for text),
    `left_out` names the others that hold rows, `hidden_tabs` those that the workbook hides.
    `hidden_columns` (0 = first) are read like all others, and told.
    """

    filename: str
    headings: tuple[str, ...]
    heading_row: int
    tab: str = ""
    left_out: tuple[str, ...] = ()
    hidden_tabs: tuple[str, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    _read_all: _ReadsAll = field(repr=False, compare=False, default=lambda: iter(()))

    @property
    def hidden_headings(self) -> list[str]:
        """The columns that the spreadsheet hides, by their headings and letters."""
        return [
            f"“{self.headings[column] or '没有列名'}”（{letter_of(column)} 列）"
            for column in self.hidden_columns
        ]

    def rows(self) -> Iterator[NumberedRow]:
        """The rows below the headings that are not empty: row number and raw cell values.

        Values are text, numbers, bools, dates, None or of `cell_values`; the cells of a hidden row
        are HiddenCells. Raises NotASheet on the way, at a formula
        or where the file is damaged: write nothing before the last row has been read.
        """
        count = 0
        for number, cells in self._read_all():
            if number <= self.heading_row:
                continue
            count += 1
            if count > ROWS:
                raise too_many_rows(self.filename)
            yield number, cells


def open_sheet(
    source: Path | str | bytes,
    filename: str,
    heading_row: int | None = None,
    tab: str | None = None,
) -> Sheet:
    """The permit sheet in a file; `filename` is what its owner calls it.

    `heading_row` (from 1) tells where the headings stand when they cannot be recognised, for
    mapping by hand; `tab` which sheet of a workbook is meant, also a hidden one. Raises NotASheet
    with a Chinese sentence; the file is not read where its size alone refuses it.
    """
    origin: Source = Path(source) if isinstance(source, str) else source
    size = size_of(origin)
    if size == 0:
        raise empty(filename)
    if size > max(TEXT_BYTES, WORKBOOK_BYTES):
        raise too_large(filename, size, max(TEXT_BYTES, WORKBOOK_BYTES))
    with opened(origin) as stream:
        head = stream.read(HEAD_BYTES)
    refuse_foreign(head, filename)
    if head.startswith((OLE, ZIP)) and size > WORKBOOK_BYTES:
        raise too_large(filename, size, WORKBOOK_BYTES)
    if head.startswith(OLE):
        with opened(origin) as stream:
            raise ole_refusal(stream.read(), filename)
    if head.startswith(ZIP):
        return _open_workbook(origin, filename, heading_row, tab)
    return _open_text(origin, filename, heading_row)


def _open_text(source: Source, filename: str, heading_row: int | None) -> Sheet:
    dialect = find_dialect(source, filename)
    read_all = partial(read_rows, source, dialect, filename)
    first = list(islice(read_all(), HEADING_ROWS))
    if not first:
        raise empty(filename)
    number, headings = _headings(first, read_all, heading_row, filename)
    return Sheet(filename, headings, number, _read_all=read_all)


def _open_workbook(
    source: Source, filename: str, heading_row: int | None, wanted: str | None
) -> Sheet:
    """The wanted tab, or the first shown with recognised headings; all that hold rows are told.

    With `heading_row` and no tab the first shown that holds rows is taken.
    """
    book = open_book(source, filename)
    if wanted is not None and wanted not in {tab.name for tab in book.tabs}:
        raise no_such_tab(filename, wanted)
    filled: list[Tab] = []
    chosen: Sheet | None = None
    computed: NotASheet | None = None
    for tab in book.tabs:
        hidden_columns: set[int] = set()
        read_all = partial(read_tab, source, book, tab, filename, hidden_columns)
        try:
            first = list(islice(read_all(), HEADING_ROWS))
            if first:
                filled.append(tab)
            is_meant = not tab.is_hidden if wanted is None else tab.name == wanted
            if chosen is not None or not first or not is_meant:
                continue
            number, headings = _headings(first, read_all, heading_row, filename)
        except NotASheet as fault:
            if fault.code not in {"formula", "no_headings"} or tab.name == wanted:
                raise
            # A summary tab may compute what it likes, as long as it is not the one we read.
            if fault.code == "formula":
                filled.append(tab)
                computed = computed or fault
            continue
        hidden = tuple(sorted(one for one in hidden_columns if one < len(headings)))
        chosen = Sheet(
            filename, headings, number, tab.name, hidden_columns=hidden, _read_all=read_all
        )
    if not filled:
        raise empty(filename)
    if chosen is None:
        raise computed or no_headings(filename, [tab.name for tab in filled if tab.is_hidden])
    others = [tab for tab in filled if tab.name != chosen.tab]
    return replace(
        chosen,
        left_out=tuple(tab.name for tab in others),
        hidden_tabs=tuple(tab.name for tab in others if tab.is_hidden),
    )


def _headings(
    first: list[NumberedRow], read_all: _ReadsAll, heading_row: int | None, filename: str
) -> tuple[int, tuple[str, ...]]:
    """The number of the last row of headings, and what they say."""
    if heading_row is None:
        found = find_headings([cells for _, cells in first])
        if found is None:
            raise no_headings(filename)
        return first[found.last][0], found.headings
    rows = list(islice((row for row in read_all() if row[0] >= heading_row), 2))
    if not rows or rows[0][0] != heading_row:
        raise refusal(
            "no_headings", filename, f"的第 {heading_row} 行是空的，不能作列名", "指明列名在第几行"
        )
    named: HeadingRows = headings_at([cells for _, cells in rows], 0)
    return rows[named.last][0], named.headings
