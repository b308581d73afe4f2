"""Bytes that stand before or behind a licence's file: mail gateways and drives add them (S.9)."""

import struct
from dataclasses import dataclass

_FIRST = b"PK\x03\x04"
_END_MARK = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_MOST_MARKS = 16


@dataclass(frozen=True)
class Core:
    """The zip within a file, and how many bytes stand before and behind it."""

    data: bytes
    before: int
    behind: int

    @property
    def stray(self) -> int:
        """How many bytes do not belong to the zip."""
        return self.before + self.behind


def core_of(data: bytes) -> Core | None:
    """The zip in a file that has foreign bytes about it; None where there are none, or no zip.

    The zip begins where its end says, counted back. Only where to cut is found here: the
    register's digest alone says whether what is left is its file.
    """
    end = len(data)
    for _ in range(_MOST_MARKS):
        end = data.rfind(_END_MARK, 0, end)
        if end < 0:
            return None
        if (core := _cut(data, end)) is not None:
            return core if core.stray else None
    return None


def _cut(data: bytes, end: int) -> Core | None:
    """The zip whose end stands at a place; None where none can."""
    if end + _END.size > len(data):
        return None
    *_, size, offset, comment = _END.unpack_from(data, end)
    first, until = end - size - offset, end + _END.size + comment
    if first < 0 or until > len(data) or data[first : first + len(_FIRST)] != _FIRST:
        return None
    return Core(data[first:until], first, len(data) - until)
