"""XML of a workbook read as a stream, without entities and in bounded memory.

A workbook has no document type declaration; one that has is built to trick its reader. Expat is
driven directly because a tree, even one that is cleared row by row, holds a whole row of a
hostile sheet at once (and reading rows through openpyxl was five times slower when tried).
"""

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

_BLOCK = 1 << 16
_SMALL_PART_ELEMENTS = 200_000


class Hostile(Exception):
    """XML that declares a document type or entities, or exceeds a bound."""


StartHandler = Callable[[str, dict[str, str]], None]
EndHandler = Callable[[str], None]
TextHandler = Callable[[str], None]


def local_name(name: str) -> str:
    """The element's or attribute's name without its namespace."""
    return name[name.rfind(" ") + 1 :]


def parsed_blocks(
    stream: IO[bytes], start: StartHandler, end: EndHandler, text: TextHandler | None = None
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
