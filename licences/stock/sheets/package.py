"""The parts of a workbook's archive, found as other readers find them.

Part names differ in capitals, slashes and leading dots from the relations that name them
(ECMA-376 part 2 compares them without regard to case), so every name is looked up by one form.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.parsers import expat

from licences.stock.sheets.markup import Hostile, elements
from licences.stock.sheets.refusals import MEGABYTE, damaged, has_password, hostile
from licences.stock.sheets.sources import Source, opened

MEMBERS = 1_000
UNPACKED_BYTES = 768 * MEGABYTE
SMALL_PART_BYTES = 8 * MEGABYTE
RATIO = 150  # a real sheet packs to a tenth of its size, a bomb to a thousandth
RATIO_FROM_BYTES = 4 * MEGABYTE
DIRECTORY_BYTES = 1 * MEGABYTE

_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_COMMENT_BYTES = 65_535
_IS_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    NotImplementedError,  # a packing method that we do not have
    RuntimeError,
)


def part_name(name: str) -> str:
    """The name by which a part is looked up: forward slashes, no dots, lower case."""
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").lower()


class Package:
    """An open archive whose parts are found by any spelling of their names."""

    def __init__(self, archive: zipfile.ZipFile, filename: str) -> None:
        members = archive.infolist()
        if any(member.flag_bits & _IS_ENCRYPTED for member in members):
            raise has_password(filename)
        files = [member for member in members if not member.filename.endswith(("/", "\\"))]
        self._archive = archive
        self._members = {part_name(member.filename): member for member in files}
        if len(members) > MEMBERS or len(self._members) < len(files):
            raise Hostile("too many members, or one twice")
        if sum(member.file_size for member in members) > UNPACKED_BYTES:
            raise Hostile("unpacks to too much")
        for member in members:
            large = member.file_size > RATIO_FROM_BYTES
            if large and member.file_size > RATIO * max(member.compress_size, 1):
                raise Hostile("packed too well to be a sheet")

    @property
    def names(self) -> set[str]:
        """The parts by the names they are looked up by."""
        return set(self._members)

    def open(self, name: str) -> IO[bytes]:
        """The part as a stream. Raises KeyError."""
        return self._archive.open(self._members[part_name(name)])

    def small_part(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """All elements of a part that is small in every genuine workbook. Raises KeyError."""
        if self._members[part_name(name)].file_size > SMALL_PART_BYTES:
            raise Hostile("a small part that is large")
        with self.open(name) as stream:
            return elements(stream)

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """Kind, id and part name of each relation of a part; of the package for no part."""
        folder, name = posixpath.split(part)
        found = []
        for tag, attributes in self.small_part(f"{folder}/_rels/{name}.rels"):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rsplit("/", 1)[-1]
                target = attributes["Target"].replace("\\", "/")
                found.append(
                    (kind, attributes["Id"], part_name(posixpath.join("/", folder, target)))
                )
        return found


@contextmanager
def opened_package(source: Source, filename: str) -> Iterator[Package]:
    """The workbook's archive within bounds; what a broken or hostile file raises is told."""
    try:
        with opened(source) as stream:
            _check_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                yield Package(archive, filename)
    except Hostile:
        raise hostile(filename) from None
    except _BROKEN:
        raise damaged(filename) from None


def _check_directory(stream: IO[bytes]) -> None:
    """Looks at the end record before the directory is read: ten thousand members are refused."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _COMMENT_BYTES - _END_RECORD_BYTES))
    tail = stream.read()
    at = tail.rfind(_END_RECORD)
    if at < 0:
        raise zipfile.BadZipFile
    count, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count > MEMBERS or directory_bytes > DIRECTORY_BYTES:
        raise Hostile("too many members")
