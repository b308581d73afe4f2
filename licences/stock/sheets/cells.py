"""One row of a permit sheet seen by field names, and the faults its cells can have."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from licences.stock.sheets.dates import DateFault, read_date
from licences.stock.sheets.headings import FIELDS
from zezhou_portal.regulation.errors import Fault
from zezhou_portal.regulation.identifiers import normalise_code

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_EXACT_DIGITS = 15  # a number cell of a spreadsheet keeps no more
_SHOWN = 30


class RowFaultKind(StrEnum):
    """In what way a row is wrong; the codes are published with a sheet's answers."""

    ALREADY_REGISTERED = "already_registered"
    BAD_CHOICE = "bad_choice"
    BAD_CITIZEN_ID = "bad_citizen_id"
    BAD_CREDIT_CODE = "bad_credit_code"
    BAD_LICENCE_NUMBER = "bad_licence_number"
    DUPLICATE_NUMBER = "duplicate_number"
    FUTURE_DECISION = "future_decision"
    IMPOSSIBLE_DATE = "impossible_date"
    MISSING_DATE = "missing_date"
    MISSING_HOLDER_NAME = "missing_holder_name"
    MISSING_NUMBER = "missing_number"
    NO_HOLDER_IDENTITY = "no_holder_identity"
    OTHER_DEPARTMENT = "other_department"
    REVERSED_DATES = "reversed_dates"
    TOO_LONG = "too_long"
    UNKNOWN_LICENCE_KIND = "unknown_licence_kind"
    UNKNOWN_STATUS = "unknown_status"
    UNLIMITED_VALIDITY = "unlimited_validity"
    UNREADABLE_CHARACTER = "unreadable_character"
    UNREADABLE_DATE = "unreadable_date"
    UNSUPPORTED_IDENTITY = "unsupported_identity"


# The column that a kind of fault lies in; of the others whoever finds the fault says it.
_FIELDS = {
    RowFaultKind.ALREADY_REGISTERED: "number",
    RowFaultKind.BAD_CREDIT_CODE: "credit_code",
    RowFaultKind.BAD_LICENCE_NUMBER: "number",
    RowFaultKind.DUPLICATE_NUMBER: "number",
    RowFaultKind.FUTURE_DECISION: "decided_on",
    RowFaultKind.MISSING_HOLDER_NAME: "holder_name",
    RowFaultKind.MISSING_NUMBER: "number",
    RowFaultKind.OTHER_DEPARTMENT: "issuing_department",
    RowFaultKind.REVERSED_DATES: "valid_until",
    RowFaultKind.UNKNOWN_LICENCE_KIND: "licence_kind",
    RowFaultKind.UNKNOWN_STATUS: "status",
    RowFaultKind.UNLIMITED_VALIDITY: "valid_until",
    RowFaultKind.UNSUPPORTED_IDENTITY: "holder_id_type",
}


def row_fault(kind: RowFaultKind, sentence: str, field: str = "") -> Fault:
    """A fault of a row; the sentence is without the row's number."""
    return Fault(field or _FIELDS.get(kind, ""), kind, sentence)


class RowFault(Exception):
    """What is wrong with a row."""

    def __init__(self, kind: RowFaultKind, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.fault = row_fault(kind, sentence, field)


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


def fitting(name: str, text: str, limit: int | None) -> str:
    """The text, if it fits into `limit` characters and can be read; RowFault otherwise."""
    if limit is not None and len(text) > limit:
        raise RowFault(
            RowFaultKind.TOO_LONG,
            f"{name}有 {len(text)} 个字，最多 {limit} 个字。请对照纸质证照改短",
        )
    if (strange := _UNREADABLE.search(text)) is not None:
        raise RowFault(
            RowFaultKind.UNREADABLE_CHARACTER,
            f"{name}里第 {strange.start() + 1} 个字（U+{ord(strange[0]):04X}）显示不出来。"
            "请用规范的字重新输入",
        )
    return text


class Row:
    """The cells of one row, asked for by field."""

    def __init__(self, cells: Sequence[object], columns: Mapping[str, int]) -> None:
        self._cells = cells
        self._columns = columns

    def has(self, key: str) -> bool:
        """Whether the sheet has a column for the field."""
        return key in self._columns

    def at(self, column: int) -> object:
        """The raw value of a column (0 = first), None beyond the row's end."""
        return self._cells[column] if column < len(self._cells) else None

    def raw(self, key: str) -> object:
        """The raw value of a field, None where the sheet has no such column."""
        column = self._columns.get(key)
        return None if column is None else self.at(column)

    def text(self, key: str) -> str:
        """The field as trimmed text."""
        return plain_text(self.raw(key))

    def word(self, key: str) -> str:
        """The field as text without any white space."""
        return "".join(self.text(key).split())

    def code(self, key: str) -> str:
        """The field as a code: half-width, without white space, upper case."""
        text = self.text(key)
        if text.isascii():
            return "".join(text.split()).upper()
        return normalise_code(text)

    def lost_digits(self, key: str) -> str:
        """The sentence for a code that the spreadsheet kept as a number, else empty."""
        value = self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            if not re.fullmatch(r"[0-9.]+E\+[0-9]+", self.code(key)):
                return ""
        elif abs(value) < 10**_EXACT_DIGITS:
            return ""
        return f"{FIELDS[key]}被表格存成了数字，后几位已经丢了。把这一列设为文本，对照原件重新填写"

    def day(self, key: str) -> date:
        """The field as a day; RowFault where it is missing or no day."""
        value = self.raw(key)
        try:
            found = read_date(value)
        except DateFault as fault:
            # An impossible day explains itself; an unreadable one must say in which column.
            name = FIELDS[key] if fault.code == "unreadable_date" else ""
            kind = RowFaultKind(fault.code)
            raise RowFault(kind, name + self._located(key, fault), key) from None
        if found is None:
            raise RowFault(RowFaultKind.MISSING_DATE, f"还没有填{FIELDS[key]}", key)
        return found

    def _located(self, key: str, fault: DateFault) -> str:
        if fault.code == "unreadable_date":
            return fault.sentence
        return f"{FIELDS[key]}的{fault.sentence}。请对照纸质证照改正"
