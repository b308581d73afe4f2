"""A value against its data item: type, length, code list, check digit (M.6, M.7).

The same rules serve the form at the desk, the permit sheet and the API. A fault is a sentence
for the person who typed the value; the item's name stands in the sentence where the page does
not already show it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.dates import DateFault, read_day
from zezhou_portal.parties.holders.identity_rules import identity_fault
from zezhou_portal.parties.identity_numbers import ORGANISATION_TYPES, read_identity
from zezhou_portal.regulation.errors import Fault, FaultKind
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault, normalise_code

KINDS = (
    "text", "long_text", "choice", "date", "datetime", "number",
    "credit_code", "citizen_id", "identity_number", "image",
)  # fmt: skip
PERSONAL = frozenset({"citizen_id", "identity_number"})
_TIME = re.compile(r"(.+?)[T\s]+(\d{1,2})[:：时](\d{1,2})分?(?:[:：]\d{1,2})?")


class ItemFault(ValueError):
    """A value that does not fit its data item: in what way, and a sentence that says what to do."""

    def __init__(self, kind: FaultKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence

    def at(self, field: str) -> Fault:
        """The fault of a named field."""
        return Fault(field, self.kind, self.sentence)


@dataclass(frozen=True)
class DataItem:
    """One data item of a kind (GB/T 36903 extension element)."""

    key: str
    name: str
    kind: str
    required: bool = True
    max_length: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    default: str = ""
    sensitivity: str = ""
    # "annex": what is too long for the face goes to its annex; empty: as the face template says
    overflow: str = ""
    # what it says of a holder, and of which (`licences.roles`); empty: as its standard key says
    role: str = ""
    holder: int = 0

    @property
    def is_sensitive(self) -> bool:
        """Whether the value is encrypted at rest and masked on pages (M.22, M.26)."""
        return bool(self.sensitivity) or self.kind in PERSONAL

    @property
    def is_personal(self) -> bool:
        """Whether somebody decides each time that others see it: also whoever's face is shown."""
        return self.is_sensitive or self.kind == "image"


def items_of(raw: Iterable[Mapping[str, Any]]) -> tuple[DataItem, ...]:
    """The data items of a catalogue entry, in their order."""
    return tuple(
        DataItem(
            key=item["key"],
            name=item["name"],
            kind=item["kind"],
            required=item.get("required", True),
            max_length=item.get("max_length"),
            choices=tuple(item.get("choices", ())),
            pattern=item.get("pattern", ""),
            default=item.get("default", ""),
            sensitivity=item.get("sensitivity", ""),
            overflow=item.get("overflow", ""),
            role=item.get("role", ""),
            holder=item.get("holder", 0),
        )
        for item in raw
    )


def clean(item: DataItem, text: str) -> str:
    """The value as it is stored: dates as ISO 8601, codes half-width and upper case.

    Empty text stays empty; whether that is allowed is asked on submission. Raises ItemFault.
    """
    stripped = text.strip()
    if not stripped:
        return ""
    cleaned = _CLEANERS[item.kind](item, stripped)
    if item.max_length is not None and len(cleaned) > item.max_length:
        raise ItemFault(
            FaultKind.TOO_LONG,
            f"最多 {item.max_length} 个字，现在是 {len(cleaned)} 个。"
            f"请缩短到 {item.max_length} 个字以内",
        )
    if item.pattern and not re.fullmatch(item.pattern, cleaned):
        raise ItemFault(FaultKind.MALFORMED, _pattern_sentence(item))
    return cleaned


def missing(item: DataItem) -> Fault:
    """The fault of a required value that is not there."""
    verb = "选" if item.kind == "choice" else ("上传" if item.kind == "image" else "填")
    return Fault(item.key, FaultKind.MISSING, f"还没有{verb}{item.name}")


def read_date(text: str) -> date:
    """A day in any of the ways in which people write one (`zezhou_portal.kernel.dates`).

    Raises ItemFault with a sentence that tells an impossible day from an unreadable one.
    """
    try:
        return read_day(text)
    except DateFault as fault:
        raise ItemFault(
            FaultKind.MALFORMED,
            fault.advice or "看不出是哪一天。请写成 2026-11-24 或 2026年11月24日",
        ) from fault


def _text(item: DataItem, text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ItemFault(FaultKind.MALFORMED, f"{item.name}只能写一行。请去掉换行")
    return _printable(text)


def _long_text(_item: DataItem, text: str) -> str:
    return _printable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _printable(text: str) -> str:
    strange = next((c for c in text if (ord(c) < 32 and c != "\n") or c in "\ufffe\uffff"), None)
    if strange is not None:
        raise ItemFault(FaultKind.UNREADABLE, "里面有看不见的控制字符。请重新输入，不要从别处粘贴")
    private = next((c for c in text if 0xE000 <= ord(c) <= 0xF8FF), None)
    if private is not None:
        raise ItemFault(
            FaultKind.UNREADABLE,
            f"“{private}”（U+{ord(private):04X}）是自造字，别的电脑显示不出来。请改用标准字",
        )
    return text


def _choice(item: DataItem, text: str) -> str:
    if text not in item.choices:
        raise ItemFault(FaultKind.UNKNOWN_CODE, f"只能选：{'、'.join(item.choices)}")
    return text


def _date(_item: DataItem, text: str) -> str:
    return read_date(text).isoformat()


def _datetime(_item: DataItem, text: str) -> str:
    return read_moment(text).isoformat(timespec="minutes")


def read_moment(text: str) -> datetime:
    """A Beijing moment to the minute, naive: 2026-11-24 09:30, 2026年11月24日 9时30分.

    Raises ItemFault.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ItemFault(FaultKind.MALFORMED, "要写到几点几分，例如 2026-11-24 09:30")
    day, hour, minute = read_date(match[1]), int(match[2]), int(match[3])
    if hour > 23 or minute > 59:
        raise ItemFault(
            FaultKind.OUT_OF_RANGE, f"没有 {hour} 点 {minute} 分。小时写 0 到 23，分钟写 0 到 59"
        )
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001


def _number(_item: DataItem, text: str) -> str:
    plain = normalise_code(text).replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise ItemFault(FaultKind.MALFORMED, "只能填数字，可以有小数点，例如 12.5") from error
    if not number.is_finite():
        raise ItemFault(FaultKind.MALFORMED, "只能填数字，可以有小数点，例如 12.5")
    if number < 0:
        raise ItemFault(FaultKind.OUT_OF_RANGE, "不能小于零")
    return plain


def _credit_code(_item: DataItem, text: str) -> str:
    code = normalise_code(text)
    fault = credit_code_fault(code)
    if fault:
        raise ItemFault(FaultKind.MALFORMED, fault)
    return code


def _citizen_id(_item: DataItem, text: str) -> str:
    number = normalise_code(text)
    fault = citizen_id_fault(number, clock.today())
    if fault:
        raise ItemFault(FaultKind.MALFORMED, fault)
    return number


def _identity_number(item: DataItem, text: str) -> str:
    """A number of any of the sixteen types; an organisation's only where the holder may be one."""
    read = read_identity(text)
    if not read.type:
        raise ItemFault(FaultKind.MALFORMED, "还没有选证件类型。也可以写成“护照 E12345678”")
    if not read.number:
        raise ItemFault(FaultKind.MISSING, f"选了{read.document}，还没有填号码")
    if read.type in ORGANISATION_TYPES and item.role != "holder_number":
        raise ItemFault(FaultKind.UNKNOWN_CODE, f"这一项写的是人，不用{read.document}")
    fault = identity_fault(read.type, read.number)
    if fault:
        raise ItemFault(FaultKind.MALFORMED, fault)
    return str(read)


def _image(_item: DataItem, text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ItemFault(FaultKind.MALFORMED, "照片没有传上来。请重新选择文件")
    return text


def _pattern_sentence(item: DataItem) -> str:
    if item.pattern == "^[0-9A-Z]{28}$":
        return f"{item.name}应为 28 位数字或大写字母，中间不留空格"
    return f"{item.name}的写法不对。请对照原件核一遍"


_CLEANERS = {
    "text": _text,
    "long_text": _long_text,
    "choice": _choice,
    "date": _date,
    "datetime": _datetime,
    "number": _number,
    "credit_code": _credit_code,
    "citizen_id": _citizen_id,
    "identity_number": _identity_number,
    "image": _image,
}
