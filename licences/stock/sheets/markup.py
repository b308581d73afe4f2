"""XML of a workbook read as a stream, without entities and in bounded memory.

A workbook has no document type declaration; one that has is built to trick its reader. Expat is
driven directly because a tree, even one that is cleared row by row, holds a whole row of a
hostile sheet at once (and reading rows through openpyxl was five times slower when tried).
"""

import re
from collections.abc import Callable, Iterator
from typing import IO, Protocol
from xml.parsers import expat

_BLOCK = 1 << 16
_SMALL_PART_ELEMENTS = 200_000
_WIDE_BLOCK = 1 << 20
# A run of empty cells up to what makes it safe to take them away: the row's end, or a cell that
# names its own place. The run itself is not possessive: before Python 3.11.5 a possessive group
# lost its last turn. Nothing after the run can fail, so nothing is tried again.
_EMPTY_RUN = re.compile(
    rb"(?:<(?:\w+:)?c\b[^<>]*+(?:(?<=/)>|(?<!/)></(?:\w+:)?c>)\s*+)+"
    rb"((?=</(?:\w+:)?row>)|(?=<(?:\w+:)?c\s[^<>]*\br=))?"
)


class Readable(Protocol):
    """What gives bytes block by block; nothing at its end."""

    def read(self, size: int, /) -> bytes: ...


class Hostile(Exception):
    """XML that declares a document type or entities, or exceeds a bound."""


StartHandler = Callable[[str, dict[str, str]], None]
EndHandler = Callable[[str], None]
TextHandler = Callable[[str], None]


def local_name(name: str) -> str:
    """The element's or attribute's name without its namespace."""
    return name[name.rfind(" ") + 1 :]


def parsed_blocks(
    stream: Readable, start: StartHandler, end: EndHandler, text: TextHandler | None = None
) -> Iterator[None]:
    """Feeds the stream to the handlers, pausing after every block.

    Names come as `namespace local`. Raises Hostile, and expat.ExpatError for broken XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    while block := stream.read(_BLOCK):
        parser.Parse(block, False)  # noqa: FBT003 - the C function takes no keywords
        yield
    parser.Parse(b"", True)  # noqa: FBT003
    yield


def _refuse_doctype(*_: object) -> None:
    raise Hostile("a document type in a workbook")


def elements(stream: IO[bytes]) -> list[tuple[str, dict[str, str]]]:
    """All elements of a small part, in order: local name and attributes by local name."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(found) >= _SMALL_PART_ELEMENTS:
            raise Hostile("too many elements in a small part")
        found.append(
            (local_name(name), {local_name(key): value for key, value in attributes.items()})
        )

    def end(name: str) -> None:
        pass

    for _ in parsed_blocks(stream, start, end):
        pass
    return found


class WithoutEmptyCells:
    """A worksheet's bytes without the empty cells whose going moves no other.

    A formatted sheet can have millions of them; expat calls back for each, and this does not.
    Blocks are cut between rows. A file in an encoding of two bytes comes through as it is.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._rest = b""

    def read(self, _size: int, /) -> bytes:
        """The next block, of whatever size; nothing at the end."""
        while block := self._stream.read(_WIDE_BLOCK):
            block = self._rest + block
            cut = block.rfind(b"row>") + 4
            if cut < 4:
                cut = len(block) if len(block) > 8 * _WIDE_BLOCK else 0
            self._rest, block = block[cut:], block[:cut]
            if block:
                return _slimmed(block)
        rest, self._rest = self._rest, b""
        return rest


def _slimmed(block: bytes) -> bytes:
    if b"<![CDATA[" in block or b"<!--" in block:
        return block
    return _EMPTY_RUN.sub(lambda run: run[0] if run[1] is None else b"", block)
