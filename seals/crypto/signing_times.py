"""When something was signed, as signature values and Signature.xml state it: read strictly.

A year of two digits, hours without minutes or a time without zone inside a signature value is not
guessed at: the text is kept, to be shown, and the moment is not known.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from seals.crypto import der
from seals.crypto.der import BadStructure, Element

_BEIJING = timezone(timedelta(hours=8))
_DAY = r"([0-9]{4})([-/.])([0-9]{2})\2([0-9]{2})"
_SPELLED = re.compile(
    _DAY + r"[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_COMPACT = re.compile(r"([0-9]{14})(?:[.,][0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_LOOKS_LIKE_A_TIME = re.compile(r"[0-9]{6}|[0-9][-/.:年月][0-9]")
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class SigningTime:
    """A moment, or the text that states one in a way that cannot be relied on; neither for none."""

    moment: datetime | None = None
    text: str = ""

    def or_else(self, other: "SigningTime") -> "SigningTime":
        """Give this time, or the other one where this states none at all."""
        return self if self.moment is not None or self.text else other


def of_text(text: str) -> SigningTime:
    """Read the time that Signature.xml states; without a zone it is Beijing time."""
    text = text[:_LONGEST].strip()
    spelled, compact = _SPELLED.fullmatch(text), _COMPACT.fullmatch(text)
    try:
        if spelled is not None:
            year, _, month, day, *clock, zone = spelled.groups()
            return SigningTime(_moment((year, month, day, *clock), zone))
        if compact is not None:
            digits, zone = compact.groups()
            parts = (digits[:4], *(digits[at : at + 2] for at in range(4, 14, 2)))
            return SigningTime(_moment(parts, zone))
    except (ValueError, OverflowError):
        pass
    return SigningTime(text=text)


def _moment(parts: tuple[str, ...], zone: str | None) -> datetime:
    year, month, day, hour, minute, second = map(int, parts)
    offset = _BEIJING if zone is None else _offset(zone)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=offset)
    return moment.astimezone(UTC)


def _offset(zone: str) -> timezone:
    if zone == "Z":
        return UTC
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-ahead if zone[0] == "-" else ahead)


def of_field(field: Element) -> SigningTime:
    """Read the time field of a signature value: a time of DER, or what a vendor put in its place.

    The first edition keeps it in a BIT STRING: the time of DER itself, or its bare text.
    """
    if field.tag in (der.GENERALIZED_TIME, der.UTC_TIME):
        return _of_time(field)
    inner = field.content[1:] if field.tag == der.BIT_STRING else field.content
    try:
        held = list(der.elements(inner))
    except BadStructure:
        held = []
    if len(held) == 1 and held[0].tag in (der.GENERALIZED_TIME, der.UTC_TIME):
        return _of_time(held[0])
    for tag in (der.GENERALIZED_TIME, der.UTC_TIME):
        read = _of_time(Element(tag, inner, b""))
        if read.moment is not None:
            return read
    text = _text(inner)
    return SigningTime(text=text) if _LOOKS_LIKE_A_TIME.search(text) else SigningTime()


def _of_time(field: Element) -> SigningTime:
    try:
        return SigningTime(der.read_time(field).moment)
    except BadStructure:
        return SigningTime(text=_text(field.content))


def _text(content: bytes) -> str:
    return content[:_LONGEST].decode("utf-8", "replace").strip()
