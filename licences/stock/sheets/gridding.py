"""From the events of a worksheet's XML to rows of cell values."""

import re
from array import array
from datetime import datetime, time

from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from licences.stock.sheets.cell_values import ErrorValue, HiddenCells, UndatedNumber
from licences.stock.sheets.markup import Hostile, local_name
from licences.stock.sheets.refusals import CELL_CHARACTERS, COLUMNS, formula

TabRow = tuple[int, list[object]]

SHARED_TEXTS = 4_000_000
SHARED_CHARACTERS = 80_000_000
CELLS = 8_000_000  # of a tab, empty ones counted: ours, forty for each row that is read
_LAST_ROW = 1_048_576
_FIVE_DIGITS = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """The text with the format's own escapes (_x000D_) undone."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Names(dict[str, str]):
    """Local names of qualified names, each worked out once."""

    def __missing__(self, name: str) -> str:
        known = self[name] = local_name(name)
        return known


class PackedTexts:
    """Texts by number, packed end to end: a third of the memory of a list of them."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, text: str) -> None:
        """Adds a text after the last."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        packed = self._bytes[self._ends[index] : self._ends[index + 1]]
        return packed.decode("utf-8", "surrogatepass")


class SharedTexts:
    """Collects the workbook's shared texts, without phonetic guides."""

    def __init__(self) -> None:
        self.texts = PackedTexts()
        self._local = _Names()
        self._pieces: list[str] = []
        self._is_text = self._is_guide = False
        self._characters = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = self._local[name]
        if tag == "si":
            self._pieces = []
        elif tag == "t":
            self._is_text = not self._is_guide
        elif tag == "rPh":
            self._is_guide = True

    def end(self, name: str) -> None:
        """An element ends."""
        tag = self._local[name]
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._is_guide = False
        elif tag == "si":
            self.texts.append(unescape("".join(self._pieces)))
            if len(self.texts) > SHARED_TEXTS:
                raise Hostile("too many shared texts")

    def text(self, data: str) -> None:
        """Characters between tags."""
        if self._is_text:
            self._characters += len(data)
            if self._characters > SHARED_CHARACTERS:
                raise Hostile("too long shared texts")
            self._pieces.append(data)


class Grid:
    """Collects a worksheet's rows; refuses the first formula by its cell.

    `hidden_columns` is filled with the columns (0 = first) that the spreadsheet hides; they stand
    before the rows.
    """

    def __init__(
        self,
        texts: PackedTexts,
        date_styles: frozenset[int],
        epoch: datetime,
        filename: str,
        tab: str,
        hidden_columns: set[int] | None = None,
    ) -> None:
        self._texts = texts
        self._hidden_columns = hidden_columns if hidden_columns is not None else set()
        self._date_styles = date_styles
        self._epoch = epoch
        self._is_1904 = epoch == CALENDAR_MAC_1904
        self._count = 0
        self._is_hidden = False
        self._filename = filename
        self._tab = tab
        self._local = _Names()
        self._columns: dict[str, int] = {}
        self._done: list[TabRow] = []
        self._number = 0
        self._cells: list[object] = []
        self._column = -1
        self._type, self._style = "n", ""
        self._pieces: list[str] = []
        self._length = 0
        self._takes_text = self._is_guide = False

    def taken(self) -> list[TabRow]:
        """The rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = self._local[name]
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or tag == "t":
            self._takes_text = not self._is_guide
        elif tag == "row":
            number = int(attributes.get("r", self._number + 1))
            if not self._number < number <= _LAST_ROW:
                raise ValueError("rows out of order")
            self._number, self._cells, self._column = number, [], -1
            self._is_hidden = _is_hidden(attributes)
        elif tag == "col" and _is_hidden_column(attributes):
            first = int(attributes.get("min", "1"))
            last = min(int(attributes.get("max", str(first))), COLUMNS)
            self._hidden_columns.update(range(first - 1, last))
        elif tag == "rPh":
            self._is_guide = True
        elif tag == "f" and self._column >= 0:
            cell = f"{get_column_letter(self._column + 1)}{self._number}"
            raise formula(self._filename, self._tab, cell)

    def end(self, name: str) -> None:
        """An element ends."""
        tag = self._local[name]
        if tag == "v" or tag == "t":
            self._takes_text = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            if any(cell not in (None, "") for cell in self._cells):
                cells = HiddenCells(self._cells) if self._is_hidden else self._cells
                self._done.append((self._number, cells))
            self._cells, self._column = [], -1
        elif tag == "rPh":
            self._is_guide = False

    def text(self, data: str) -> None:
        """Characters between tags."""
        if self._takes_text:
            self._length += len(data)
            if self._length > 2 * CELL_CHARACTERS:
                raise Hostile("a cell that no spreadsheet can hold")
            self._pieces.append(data)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > CELLS:
            raise Hostile("too many cells")
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_index_from_string(letters) - 1
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._pieces = []
        self._length = 0

    def _end_cell(self) -> None:
        if not self._pieces or self._column >= COLUMNS:
            return
        value = self._value("".join(self._pieces))
        missing = self._column - len(self._cells)
        if missing < 0:
            self._cells[self._column] = value
            return
        if missing:
            self._cells.extend([None] * missing)
        self._cells.append(value)

    def _value(self, text: str) -> object:
        kind = self._type
        if kind == "s":
            return self._words(self._texts[int(text)])
        if kind == "n":
            return self._numeric(text)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return _whole_day(datetime.fromisoformat(text))
        if kind == "e":
            return ErrorValue(text)
        return self._words(unescape(text))  # str, inlineStr

    def _words(self, text: str) -> str:
        return UndatedNumber(text) if self._is_1904 and _FIVE_DIGITS.fullmatch(text) else text

    def _numeric(self, text: str) -> object:
        try:
            value: int | float = int(text)
        except ValueError:
            value = float(text)
        if not self._style or int(self._style) not in self._date_styles:
            return UndatedNumber(text) if self._is_1904 and _FIVE_DIGITS.fullmatch(text) else value
        try:
            moment = from_excel(value, self._epoch)
        except (ValueError, OverflowError):
            return value
        return _whole_day(moment) if isinstance(moment, datetime) else value


def _whole_day(moment: datetime) -> object:
    """A day where the time is midnight, so that 2023-06-22 is not shown with hours."""
    return moment.date() if moment.time() == time.min else moment


def _is_hidden_column(attributes: dict[str, str]) -> bool:
    """Whether columns are hidden, or drawn without width."""
    if attributes.get("hidden", "0") in {"1", "true"}:
        return True
    return attributes.get("customWidth", "0") in {"1", "true"} and attributes.get("width") == "0"


def _is_hidden(attributes: dict[str, str]) -> bool:
    """Whether a row is hidden, by hand or by a filter, or drawn without height."""
    if attributes.get("hidden", "0") in {"1", "true"}:
        return True
    return attributes.get("customHeight", "0") in {"1", "true"} and attributes.get("ht") == "0"
