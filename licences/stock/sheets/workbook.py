"""XLSX workbooks as a stream of rows (ECMA-376 SpreadsheetML), bounded and without formulas."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from licences.stock.sheets.gridding import Grid, PackedTexts, SharedTexts, TabRow
from licences.stock.sheets.markup import Hostile, elements, parsed_blocks
from licences.stock.sheets.refusals import MEGABYTE, damaged, has_password, hostile
from licences.stock.sheets.sniffing import zip_refusal
from licences.stock.sheets.sources import Source, opened

MEMBERS = 1_000
TABS = 100
UNPACKED_BYTES = 768 * MEGABYTE
SMALL_PART_BYTES = 8 * MEGABYTE
RATIO = 150  # a real sheet packs to a tenth of its size, a bomb to a thousandth
RATIO_FROM_BYTES = 4 * MEGABYTE
DIRECTORY_BYTES = 1 * MEGABYTE

_LOCAL_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})  # dates in Chinese editions
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


@dataclass(frozen=True)
class Tab:
    """One sheet of a workbook: its name on the tab and its part in the file."""

    name: str
    part: str


@dataclass(frozen=True)
class Book:
    """What is needed to read any tab: shared texts, which styles are dates, the epoch."""

    tabs: tuple[Tab, ...]
    texts: PackedTexts
    date_styles: frozenset[int]
    epoch: datetime


@contextmanager
def _guarded(filename: str) -> Iterator[None]:
    """Tells whatever a broken or hostile file raises as the refusal of that file."""
    try:
        yield
    except Hostile:
        raise hostile(filename) from None
    except _BROKEN:
        raise damaged(filename) from None


@contextmanager
def _archive(source: Source, filename: str) -> Iterator[zipfile.ZipFile]:
    """The workbook's archive after its directory was found to be within bounds."""
    with _guarded(filename), opened(source) as stream:
        _check_directory(stream)
        with zipfile.ZipFile(stream) as archive:
            yield archive


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


def _check_members(archive: zipfile.ZipFile, filename: str) -> None:
    members = archive.infolist()
    if any(member.flag_bits & _IS_ENCRYPTED for member in members):
        raise has_password(filename)
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(
        name.startswith("xl/") and name.endswith("workbook.xml") for name in names
    ):
        raise zip_refusal(names, filename)
    if len(members) > MEMBERS or len(names) < len(members):
        raise Hostile("too many members, or one twice")
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise Hostile("unpacks to too much")
    for member in members:
        large = member.file_size > RATIO_FROM_BYTES
        if large and member.file_size > RATIO * max(member.compress_size, 1):
            raise Hostile("packed too well to be a sheet")


def open_book(source: Source, filename: str) -> Book:
    """The workbook's tabs and what their cells refer to.

    Raises NotASheet for another kind of archive, a damaged, a locked or a hostile one.
    """
    with _archive(source, filename) as archive:
        _check_members(archive, filename)
        main = next(
            target
            for kind, _, target in _relations(archive, "", "_rels/.rels")
            if kind == "officeDocument"
        )
        folder, name = posixpath.split(main)
        relations = _relations(archive, folder, f"{folder}/_rels/{name}.rels")
        parts = {identity: target for kind, identity, target in relations if kind == "worksheet"}
        by_kind = {kind: target for kind, _, target in relations}
        tabs: list[Tab] = []
        epoch = CALENDAR_WINDOWS_1900
        for tag, attributes in _small_part(archive, main):
            if tag == "sheet" and attributes.get("id") in parts:  # chart sheets have other parts
                tabs.append(Tab(attributes.get("name", ""), parts[attributes["id"]]))
            elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                epoch = CALENDAR_MAC_1904
        if len(tabs) > TABS:
            raise Hostile("too many tabs")
        texts = PackedTexts()
        if "sharedStrings" in by_kind:
            texts = _shared_texts(archive, by_kind["sharedStrings"])
        styles: frozenset[int] = frozenset()
        if "styles" in by_kind:
            styles = _date_styles(_small_part(archive, by_kind["styles"]))
        return Book(tuple(tabs), texts, styles, epoch)


def _small_part(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    if archive.getinfo(name).file_size > SMALL_PART_BYTES:
        raise Hostile("a small part that is large")
    with archive.open(name) as stream:
        return elements(stream)


def _relations(archive: zipfile.ZipFile, folder: str, name: str) -> list[tuple[str, str, str]]:
    """Kind, id and part name of each relation."""
    found = []
    for tag, attributes in _small_part(archive, name):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rsplit("/", 1)[-1]
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
            found.append((kind, attributes["Id"], target.lstrip("/")))
    return found


def _shared_texts(archive: zipfile.ZipFile, name: str) -> PackedTexts:
    collector = SharedTexts()
    with archive.open(name) as stream:
        for _ in parsed_blocks(stream, collector.start, collector.end, collector.text):
            pass
    return collector.texts


def _date_styles(styles: list[tuple[str, dict[str, str]]]) -> frozenset[int]:
    """The cell styles that show a number as a day."""
    formats = dict(BUILTIN_FORMATS)
    found: set[int] = set()
    container, index = "", 0
    for tag, attributes in styles:
        if tag in {"cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}:
            container = tag
        elif tag == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "xf" and container == "cellXfs":
            number = int(attributes.get("numFmtId", "0"))
            if number in _LOCAL_DATE_FORMATS or is_date_format(formats.get(number)):
                found.add(index)
            index += 1
    return frozenset(found)


def read_tab(source: Source, book: Book, tab: Tab, filename: str) -> Iterator[TabRow]:
    """The tab's rows that are not empty, each with its number; hidden rows are rows.

    Raises NotASheet at the first formula and where the file turns out damaged or hostile.
    """
    grid = Grid(book.texts, book.date_styles, book.epoch, filename, tab.name)
    with _archive(source, filename) as archive, archive.open(tab.part) as stream:
        for _ in parsed_blocks(stream, grid.start, grid.end, grid.text):
            yield from grid.taken()
