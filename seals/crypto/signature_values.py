"""SM2 signature values as vendors write them: what counts are the two numbers inside."""

from collections.abc import Iterator

from seals.crypto import der

_SIZE = 32
_INTEGER, _SEQUENCE = 0x02, 0x30


def readings(value: bytes) -> Iterator[tuple[int, int]]:
    """Give the pairs (r, s) that a value may stand for, likeliest first; none if it is no value.

    A SEQUENCE of two INTEGERs, padded too little (a number that looks negative) or too much, or
    the two numbers in 32 bytes each.
    """
    pair = _from_sequence(value)
    if pair is not None:
        yield pair
    if len(value) == 2 * _SIZE:
        yield int.from_bytes(value[:_SIZE], "big"), int.from_bytes(value[_SIZE:], "big")


def strict(r: int, s: int) -> bytes:
    """Write the two numbers as DER."""
    return der.sequence(der.integer(r), der.integer(s))


def _from_sequence(value: bytes) -> tuple[int, int] | None:
    content, rest = _field(value, _SEQUENCE)
    if content is None or rest.strip(b"\0"):
        return None
    first, rest = _field(content, _INTEGER)
    second, rest = _field(rest, _INTEGER)
    if first is None or second is None or rest:
        return None
    if max(len(first.lstrip(b"\0")), len(second.lstrip(b"\0"))) > _SIZE:
        return None
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")


def _field(data: bytes, tag: int) -> tuple[bytes | None, bytes]:
    """Give the content of a leading field and what follows; the length may be of any form."""
    if len(data) < 2 or data[0] != tag:
        return None, data
    length, at = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if at + length > len(data):
        return None, data
    return data[at : at + length], data[at + length :]
