"""One row of a permit sheet seen by field names, and the faults its cells can have."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from openpyxl.utils.cell import get_column_letter

from licences.stock.sheets.cell_values import ErrorValue
from licences.stock.sheets.dates import DateFault, read_date
from licences.stock.sheets.headings import ALL_FIELDS
from zezhou_portal.regulation.errors import Fault
from zezhou_portal.regulation.identifiers import normalise_code

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")
_LINE_BREAK = re.compile(r"\s*[\r\n]+\s*")
_EXACT_DIGITS = 15  # a number cell of a spreadsheet keeps no more
_SHOWN = 30
_UNMAPPED = "column:"


class RowFaultKind(StrEnum):
    """In what way a row is wrong; the codes are published with a sheet's answers."""

    ALREADY_REGISTERED = "already_registered"
    BAD_CHOICE = "bad_choice"
    BAD_CITIZEN_ID = "bad_citizen_id"
    BAD_CREDIT_CODE = "bad_credit_code"
    BAD_IDENTITY_NUMBER = "bad_identity_number"
    BAD_LICENCE_NUMBER = "bad_licence_number"
    BEGINS_TOO_EARLY = "begins_too_early"
    CONTRADICTING_DATES = "contradicting_dates"
    DUPLICATE_NUMBER = "duplicate_number"
    ERROR_CELL = "error_cell"
    FUTURE_DECISION = "future_decision"
    IMPOSSIBLE_DATE = "impossible_date"
    LOST_DIGITS = "lost_digits"
    MISSING_DATE = "missing_date"
    MISSING_HOLDER_NAME = "missing_holder_name"
    MISSING_NUMBER = "missing_number"
    NOT_THE_HOLDER = "not_the_holder"
    NO_HOLDER_IDENTITY = "no_holder_identity"
    OTHER_DEPARTMENT = "other_department"
    PERHAPS_ENDED = "perhaps_ended"
    REVERSED_DATES = "reversed_dates"
    TERM_DOES_NOT_FIT = "term_does_not_fit"
    TOO_LONG = "too_long"
    UNKNOWN_LICENCE_KIND = "unknown_licence_kind"
    UNKNOWN_STATUS = "unknown_status"
    UNLIMITED_VALIDITY = "unlimited_validity"
    UNREADABLE_CHARACTER = "unreadable_character"
    UNREADABLE_DATE = "unreadable_date"
    UNREADABLE_ROW = "unreadable_row"
    UNSUPPORTED_IDENTITY = "unsupported_identity"


class RowFault(Exception):
    """Raised where a cell cannot be read; carries its fault, without the row's number."""

    def __init__(self, kind: RowFaultKind, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(field, kind, sentence)


def plain_text(value: object) -> str:
    """A cell's value as text: trimmed, without invisible characters; empty for no value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip() if value.isascii() else _INVISIBLE.sub("", value).strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def shown(text: str) -> str:
    """The text as a sentence quotes it: at most 30 characters."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def unmapped(column: int) -> str:
    """How a fault names a column (0 = first) that holds none of the fields."""
    return f"{_UNMAPPED}{column}"


def unmapped_column(field: str) -> int | None:
    """The column of a fault that `unmapped` names; None for a field."""
    number = field.removeprefix(_UNMAPPED)
    return int(number) if number != field and number.isdecimal() else None


def fitting(field: str, name: str, text: str, limit: int | None) -> str:
    """The text, if it fits into `limit` characters and can be read; RowFault otherwise."""
    if limit is not None and len(text) > limit:
        raise RowFault(
            RowFaultKind.TOO_LONG,
            field,
            f"{name}有 {len(text)} 个字，最多 {limit} 个字。请对照纸质证照改短",
        )
    if (strange := _UNREADABLE.search(text)) is not None:
        raise RowFault(
            RowFaultKind.UNREADABLE_CHARACTER,
            field,
            f"{name}里第 {strange.start() + 1} 个字（U+{ord(strange[0]):04X}）显示不出来。"
            "请用规范的字重新输入",
        )
    return text


class Row:
    """The cells of one row, asked for by field; `names` gives the fields' Chinese names."""

    def __init__(
        self,
        cells: Sequence[object],
        columns: Mapping[str, int],
        names: Mapping[str, str] = ALL_FIELDS,
    ) -> None:
        self.cells = cells
        self._columns = columns
        self._names = names

    @property
    def fields(self) -> Sequence[str]:
        """The fields that have a column, in the order they were mapped."""
        return tuple(self._columns)

    def name(self, key: str) -> str:
        """The field's Chinese name."""
        return self._names.get(key, key)

    def has(self, key: str) -> bool:
        """Whether the sheet has a column for the field."""
        return key in self._columns

    def at(self, column: int) -> object:
        """The raw value of a column (0 = first), None beyond the row's end."""
        return self.cells[column] if column < len(self.cells) else None

    def raw(self, key: str) -> object:
        """The raw value of a field, None where the sheet has no such column."""
        column = self._columns.get(key)
        return None if column is None else self.at(column)

    def text(self, key: str) -> str:
        """The field as trimmed text."""
        return plain_text(self.raw(key))

    def line(self, key: str) -> str:
        """The field as text of one line: a break that fitted it into its cell is taken out."""
        return _LINE_BREAK.sub("", self.text(key))

    def word(self, key: str) -> str:
        """The field as text without any white space."""
        return "".join(self.text(key).split())

    def code(self, key: str) -> str:
        """The field as a code: half-width, without white space, upper case."""
        text = self.text(key)
        if text.isascii():
            return "".join(text.split()).upper()
        return normalise_code(text)

    def letter(self, key: str) -> str:
        """The field's column as a spreadsheet shows it; empty where it has none."""
        column = self._columns.get(key)
        return "" if column is None else f"{letter_of(column)} 列"

    def placed(self, key: str) -> str:
        """The field's name with its column."""
        place = self.letter(key)
        return f"{self.name(key)}（{place}）" if place else self.name(key)

    def error(self, key: str) -> str:
        """The sentence for a cell that the spreadsheet could not compute, else empty."""
        value = self.raw(key)
        if not _is_error(value):
            return ""
        return f"{self.placed(key)}是表格算不出来的错误值 {value}。请对照纸质证照重新填写"

    def errors_elsewhere(self) -> list[Fault]:
        """The faults of cells that could not be computed, in columns that hold no field."""
        known = set(self._columns.values())
        return [
            Fault(
                unmapped(column),
                RowFaultKind.ERROR_CELL,
                f"{letter_of(column)} 列没有对应的一格是表格算不出来的错误值 {value}。"
                "请改正，或者删掉这一格",
            )
            for column, value in enumerate(self.cells)
            if _is_error(value) and column not in known
        ]

    def lost_digits(self, key: str) -> str:
        """The sentence for a value that the spreadsheet kept as a number too long, else empty."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            if not re.fullmatch(r"[0-9.]+E\+[0-9]+", self.code(key)):
                return ""
        elif abs(value) < 10**_EXACT_DIGITS and not _is_rounded(value):
            return ""
        return (
            f"{self.name(key)}被表格存成了数字，后几位已经丢了。把这一列设为文本，对照原件重新填写"
        )

    def day(self, key: str) -> date:
        """The field as a day; RowFault where it is missing or no day."""
        try:
            found = read_date(self.raw(key))
        except DateFault as fault:
            raise RowFault(RowFaultKind(fault.code), key, self._located(key, fault)) from None
        if found is None:
            raise RowFault(RowFaultKind.MISSING_DATE, key, f"还没有填{self.name(key)}")
        return found

    def _located(self, key: str, fault: DateFault) -> str:
        """An impossible day explains itself; an unreadable one must say in which column."""
        if fault.code == "unreadable_date":
            return self.name(key) + fault.sentence
        return f"{self.name(key)}的{fault.sentence}。请对照纸质证照改正"


def letter_of(column: int) -> str:
    """The letter of a column (0 = first) as a spreadsheet shows it."""
    return str(get_column_letter(column + 1))


def _is_error(value: object) -> bool:
    """Whether a cell holds what a spreadsheet shows where it could not compute."""
    if not isinstance(value, str) or not value.startswith("#"):
        return False
    return isinstance(value, ErrorValue) or _ERROR.fullmatch(value.strip()) is not None


def _is_rounded(value: int | float) -> bool:
    """Whether a number has more digits than a spreadsheet keeps: it was computed, not typed."""
    return isinstance(value, float) and len(re.sub(r"[^0-9]", "", repr(value))) > _EXACT_DIGITS
