"""What becomes of each row of a permit sheet: converted, no longer in force, or faulty (M.10).

The rules and their order are those behind the sample county's answers: rows are judged in order,
of two rows with one number the first stands whatever became of it, a text that is too long is a
fault and never cut, and what the notice does not hold is no fault. Every fault of a row is told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from licences.stock.sheets.cell_values import HiddenCells
from licences.stock.sheets.cells import Row, RowFaultKind
from licences.stock.sheets.fates import Fate, Values, faulty, why_not_in_force
from licences.stock.sheets.headings import ALL_FIELDS, ITEM_PREFIX, Mapping
from licences.stock.sheets.kinds import KindRules
from licences.stock.sheets.no_data import why_no_data
from licences.stock.sheets.numbers import NumberPattern, plain_number
from licences.stock.sheets.row_reading import RowReading, Rules
from zezhou_portal.regulation.errors import Fault

__all__ = ["CHUNK", "Fate", "RowJudge", "Values", "why_not_in_force"]

AlreadyRegistered = Callable[[Sequence[str]], set[str]]
CHUNK = 500  # rows


class RowJudge:
    """Judges the rows of one sheet in their order and remembers the numbers it has met.

    `issuer_code` is the credit code of the department whose licences the sheet holds, `on` the
    day on which a licence must still be in force. Rows that the spreadsheet hides are left out
    unless `takes_hidden`. A judge serves one pass over one sheet. Raises ValueError for a
    mapping that lacks a required field. Article: M.10.
    """

    def __init__(
        self,
        kind: KindRules,
        issuer_code: str,
        on: date,
        mapping: Mapping,
        *,
        takes_hidden: bool = False,
    ) -> None:
        if mapping.missing:
            raise ValueError(mapping.complaint())
        pattern = NumberPattern(kind.number_pattern) if kind.number_pattern else None
        self._rules = Rules(kind, issuer_code, on, mapping.columns, pattern)
        self._takes_hidden = takes_hidden
        names = {ITEM_PREFIX + key: name for key, name in kind.item_names.items()}
        self._names = {**ALL_FIELDS, **names}
        self._first_row: dict[str, int] = {}

    def judge(self, row: int, cells: Sequence[object]) -> Fate:
        """The fate of one row; `row` counts the file's rows from 1, `cells` are raw values."""
        asked = Row(cells, self._rules.columns, self._names)
        if words := why_no_data(asked):
            return Fate(row, "no_data", reason=f"第 {row} 行：{words}，不是许可记录")
        if isinstance(cells, HiddenCells) and not self._takes_hidden:
            return Fate(row, "left_out", reason=f"第 {row} 行：这一行在表格里是隐藏的，没有读")
        same_as = self._rules.kind.number_item
        written = asked.code("number") or (asked.code(same_as) if same_as else "")
        first = self._first_row.setdefault(plain_number(written), row) if written else row
        return RowReading(self._rules, asked).fate(row, written, first)

    def judge_all(
        self,
        rows: Iterable[tuple[int, Sequence[object]]],
        already_registered: AlreadyRegistered | None = None,
        chunk: int = CHUNK,
    ) -> Iterator[Fate]:
        """The fates of all rows in order; the register is asked once for every `chunk` rows.

        `already_registered` gets the numbers of sound rows and returns those that the register
        holds.
        """
        source = iter(rows)
        while taken := list(islice(source, chunk)):
            fates = [self._judged(row, cells) for row, cells in taken]
            numbers = [fate.values["number"] for fate in fates if fate.values]
            known = already_registered(numbers) if already_registered and numbers else set()
            for fate in fates:
                yield _registered(fate) if _is_known(fate, known) else fate

    def _judged(self, row: int, cells: Sequence[object]) -> Fate:
        """The fate of one row, whatever is in it: one that nobody foresaw stops no sheet."""
        try:
            return self.judge(row, cells)
        except Exception as error:
            sentence = f"这一行读不出来（{type(error).__name__}）。请检查这一行的内容，改好再传"
            return faulty(row, (Fault("", RowFaultKind.UNREADABLE_ROW, sentence),))


def _is_known(fate: Fate, known: set[str]) -> bool:
    return fate.values is not None and fate.values["number"] in known


def _registered(fate: Fate) -> Fate:
    sentence = "这个许可编号已经有电子证照，不再转换。要改内容请办变更"
    return faulty(fate.row, (Fault("number", RowFaultKind.ALREADY_REGISTERED, sentence),))
