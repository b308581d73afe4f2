"""A term as ledgers write it: two days in one cell, a length in words, or for good."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from licences.stock.sheets.dates import FAR_AWAY, DateFault, is_long_term, read_date
from zezhou_portal.kernel.dates import number_in_words, read_day

_SEPARATOR = re.compile(r"起?\s*[至到]\s*|\s*[-~―‐‑‒–—−－～]+\s*|\s+|起")
_LENGTH = re.compile(
    r"(?:有效期限?|期限)?(?:为|是)?"
    r"(?:自?(?:发证|签发|颁发|批准|许可|领证|决定)之?日期?起)?(?:有效期)?"
    r"([0-9一二三四五六七八九十两壹贰叁肆伍陆柒捌玖拾]{1,3})(年|个月)(?:有效|期|整)?"
)
_BEFORE = re.compile(r"^(?:有效期限?|期限)?[:：]?[自从由]?")
_BEHIND = re.compile(r"(?:止|为止|截止|有效|\.)+$")


@dataclass(frozen=True)
class WrittenTerm:
    """What a cell says of a term; what it leaves open is None."""

    first: date | None = None
    last: date | None = None
    months: int | None = None
    is_long_term: bool = False


def read_term(value: object) -> WrittenTerm | None:
    """The term in a cell, None for one that is no term and no day."""
    if is_long_term(value):
        return WrittenTerm(is_long_term=True)
    try:
        day = read_date(value)
    except DateFault:
        return _read_text(value) if isinstance(value, str) else None
    return None if day is None else _until(day)


def _until(day: date, first: date | None = None) -> WrittenTerm:
    if day in FAR_AWAY:
        return WrittenTerm(first, is_long_term=True)
    return WrittenTerm(first, day)


def _read_text(text: str) -> WrittenTerm | None:
    plain = text.strip()
    if (months := _months(plain)) is not None:
        return WrittenTerm(months=months)
    plain = _BEHIND.sub("", _BEFORE.sub("", plain)).strip()
    found = set()
    for mark in _SEPARATOR.finditer(plain):
        term = _between(plain[: mark.start()], plain[mark.end() :])
        if term is not None:
            found.add(term)
    return found.pop() if len(found) == 1 else None


def _between(before: str, after: str) -> WrittenTerm | None:
    try:
        first = read_day(before) if before else None
    except DateFault:
        return None
    if is_long_term(after):
        return WrittenTerm(first, is_long_term=True)
    if (months := _months(after)) is not None:
        return WrittenTerm(first, months=months)
    try:
        return _until(read_day(after), first)
    except DateFault:
        return None


def _months(text: str) -> int | None:
    match = _LENGTH.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if match is None:
        return None
    number = number_in_words(match[1].replace("两", "二"))
    if not number:
        return None
    return number * 12 if match[2] == "年" else number
