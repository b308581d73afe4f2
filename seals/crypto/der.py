"""Strict DER: one value has one encoding, and whatever is read can be written again byte for byte.

Only what seals and signature values are made of. Reading never recurses by itself; a caller goes
as deep as the structure it knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

INTEGER, BIT_STRING, OCTET_STRING, OBJECT_ID = 0x02, 0x03, 0x04, 0x06
BOOLEAN, UTF8, PRINTABLE, IA5, UTC_TIME, GENERALIZED_TIME = 0x01, 0x0C, 0x13, 0x16, 0x17, 0x18
T61, VISIBLE, BMP = 0x14, 0x1A, 0x1E
SEQUENCE, SET, TAG_0 = 0x30, 0x31, 0xA0
STRINGS = (UTF8, PRINTABLE, IA5, T61, VISIBLE, BMP)
_BEIJING_AHEAD = timedelta(hours=8)

_UTC_TEXT = re.compile(r"([0-9]{2})([0-9]{10})(Z|[+-][0-9]{4})")
_GENERALIZED_TEXT = re.compile(r"([0-9]{14})(?:\.([0-9]{1,6}))?(Z|[+-][0-9]{4})")
_MOST_FIELDS = 4096  # that one structure may hold: a few bytes must not become a million objects


class BadStructure(ValueError):
    """The bytes are not the structure they claim to be; says where."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag with its content; `whole` are the bytes with tag and length."""

    tag: int
    content: bytes
    whole: bytes


def elements(data: bytes) -> Iterator[Element]:
    """Give the elements that lie one after another in the data.

    Raises BadStructure for a length that is not minimal, not definite, or too long.
    """
    at = count_given = 0
    while at < len(data):
        start = at
        count_given += 1
        if count_given > _MOST_FIELDS:
            raise BadStructure("there are more fields than any structure has")
        if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
            raise BadStructure("a tag is cut off or of an unknown form")
        tag, length = data[at], data[at + 1]
        at += 2
        if length > 0x80:
            count = length & 0x7F
            octets = data[at : at + count]
            length = int.from_bytes(octets, "big")
            if count > 4 or len(octets) != count or octets[0] == 0 or length < 0x80:
                raise BadStructure("a length is not written the shortest way")
            at += count
        elif length == 0x80:
            raise BadStructure("a length is indefinite")
        if at + length > len(data):
            raise BadStructure("a value is cut off")
        yield Element(tag, data[at : at + length], data[start : at + length])
        at += length


def only(data: bytes, tag: int) -> Element:
    """Give the one element that fills the data exactly.

    Raises BadStructure if there is another, none, or one of another tag.
    """
    found = list(elements(data))
    if len(found) != 1 or found[0].tag != tag:
        raise BadStructure("not exactly one element of the tag expected")
    return found[0]


class Cursor:
    """Walks over the fields of a SEQUENCE in their order."""

    def __init__(self, content: bytes) -> None:
        self._fields = list(elements(content))
        self._at = 0

    def __len__(self) -> int:
        return len(self._fields)

    def peek(self) -> int | None:
        """Give the tag of the next field, or nothing at the end."""
        return self._fields[self._at].tag if self._at < len(self._fields) else None

    def take(self, *tags: int) -> Element:
        """Give the next field, which must have one of the tags.

        Raises BadStructure otherwise.
        """
        if self.peek() not in tags:
            raise BadStructure("a field is missing or of another type")
        self._at += 1
        return self._fields[self._at - 1]

    def sequence(self) -> "Cursor":
        """Step into the next field, a SEQUENCE."""
        return Cursor(self.take(SEQUENCE).content)

    def integer(self) -> int:
        """Give the next field, an INTEGER written the shortest way."""
        content = self.take(INTEGER).content
        value = int.from_bytes(content, "big", signed=True)
        if not content or _integer_content(value) != content:
            raise BadStructure("an integer is not written the shortest way")
        return value

    def octets(self) -> bytes:
        """Give the next field, an OCTET STRING."""
        return self.take(OCTET_STRING).content

    def bits(self) -> bytes:
        """Give the next field, a BIT STRING of whole bytes."""
        return bit_string_bytes(self.take(BIT_STRING))

    def object_id(self) -> str:
        """Give the next field, an OBJECT IDENTIFIER, with dots."""
        content = self.take(OBJECT_ID).content
        value = _object_id_text(content)
        if object_id(value) != bytes((OBJECT_ID, len(content))) + content:
            raise BadStructure("an object identifier is malformed")
        return value

    def text(self) -> str:
        """Give the next field, a character string of whichever type."""
        return read_text(self.take(*STRINGS))

    def time(self) -> "Time":
        """Give the next field, a GeneralizedTime or UTCTime; without a zone it is Beijing time."""
        field = self.take(GENERALIZED_TIME, UTC_TIME)
        return read_time(field, default_zone="+0800")

    def end(self) -> None:
        """Demand that nothing follows.

        Raises BadStructure otherwise.
        """
        if self.peek() is not None:
            raise BadStructure("there are more fields than the structure has")


@dataclass(frozen=True, slots=True)
class Time:
    """A moment as it was written: the text is kept, for the same bytes again.

    Without a zone it may be as late as `latest`: the same digits in UTC.
    """

    moment: datetime
    tag: int
    text: bytes
    is_zone_stated: bool = True

    @property
    def latest(self) -> datetime:
        """Give the latest moment that may be meant."""
        return self.moment if self.is_zone_stated else self.moment + _BEIJING_AHEAD

    def encoded(self) -> bytes:
        """Give the DER it was read from, or is to be written as."""
        return encode(self.tag, self.text)


def bit_string_bytes(field: Element) -> bytes:
    """Give the bytes of a BIT STRING.

    Raises BadStructure if it does not hold whole bytes.
    """
    if not field.content or field.content[0] != 0:
        raise BadStructure("a bit string does not hold whole bytes")
    return field.content[1:]


def read_text(field: Element) -> str:
    """Give the text of a character string, by its bytes where its type is the wrong one."""
    encodings = ("utf-16-be",) if field.tag == BMP else ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return field.content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return field.content.decode("latin-1")


def read_time(field: Element, *, default_zone: str = "") -> Time:
    """Read a GeneralizedTime or UTCTime with its zone, or the default one.

    Raises BadStructure for a time without zone or one that no calendar has.
    """
    text = field.content.decode("ascii", "replace")
    pattern = _UTC_TEXT if field.tag == UTC_TIME else _GENERALIZED_TEXT
    matched = pattern.fullmatch(text)
    is_zone_stated = matched is not None
    if matched is None and default_zone:
        matched = pattern.fullmatch(text + default_zone)
    if matched is None:
        raise BadStructure("a time is malformed")
    if field.tag == UTC_TIME:
        year, rest, zone = matched.groups()
        digits, fraction = ("19" if int(year) >= 50 else "20") + year + rest, ""
    else:
        digits, fraction, zone = matched.groups()
    try:
        year, *clock = (int(digits[:4]), *(int(digits[at : at + 2]) for at in range(4, 14, 2)))
        month, day, hour, minute, second = clock
        microsecond = int((fraction or "0").ljust(6, "0"))
        moment = datetime(
            year, month, day, hour, minute, second, microsecond, tzinfo=_zone(zone)
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadStructure("a time is malformed") from error
    return Time(moment, field.tag, field.content, is_zone_stated)


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))
    return timezone(-offset if text[0] == "-" else offset)


def _object_id_text(content: bytes) -> str:
    if not content or content[-1] & 0x80 or len(content) > 64:
        raise BadStructure("an object identifier is malformed")
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _integer_content(value: int) -> bytes:
    return value.to_bytes(
        (value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True
    )


def encode(tag: int, *contents: bytes) -> bytes:
    """Write one element of the tag around the contents."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def sequence(*fields: bytes) -> bytes:
    """Write a SEQUENCE of fields that are already encoded."""
    return encode(SEQUENCE, *fields)


def integer(value: int) -> bytes:
    """Write an INTEGER."""
    return encode(INTEGER, _integer_content(value))


def bits(value: bytes) -> bytes:
    """Write a BIT STRING of whole bytes."""
    return encode(BIT_STRING, b"\0", value)


def octets(value: bytes) -> bytes:
    """Write an OCTET STRING."""
    return encode(OCTET_STRING, value)


def object_id(value: str) -> bytes:
    """Write an OBJECT IDENTIFIER given with dots."""
    first, second, *rest = (int(arc) for arc in value.split("."))
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content += bytes(reversed(groups))
    return encode(OBJECT_ID, bytes(content))


def text(tag: int, value: str) -> bytes:
    """Write a character string.

    Raises UnicodeEncodeError for a character that the type cannot hold.
    """
    return encode(tag, value.encode("utf-8" if tag == UTF8 else "ascii"))


def generalized_time(moment: datetime) -> Time:
    """Give an aware moment as GeneralizedTime, whole seconds in UTC."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return Time(whole, GENERALIZED_TIME, whole.strftime("%Y%m%d%H%M%SZ").encode())
