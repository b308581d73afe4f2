"""XLSX workbooks as a stream of rows (ECMA-376 SpreadsheetML), bounded and without formulas."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from licences.stock.sheets.gridding import Grid, PackedTexts, SharedTexts, TabRow
from licences.stock.sheets.markup import Hostile, WithoutEmptyCells, parsed_blocks
from licences.stock.sheets.package import Package, opened_package
from licences.stock.sheets.sniffing import zip_refusal
from licences.stock.sheets.sources import Source

TABS = 100
_LOCAL_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})  # dates in Chinese editions


@dataclass(frozen=True)
class Tab:
    """One sheet of a workbook: its name on the tab, its part in the file, whether it is shown."""

    name: str
    part: str
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """What is needed to read any tab: shared texts, which styles are dates, the epoch."""

    tabs: tuple[Tab, ...]
    texts: PackedTexts
    date_styles: frozenset[int]
    epoch: datetime


def open_book(source: Source, filename: str) -> Book:
    """The workbook's tabs and what their cells refer to.

    Raises NotASheet for another kind of archive, a damaged, a locked or a hostile one.
    """
    with opened_package(source, filename) as package:
        main = _main_part(package, filename)
        relations = package.relations(main)
        parts = {identity: target for kind, identity, target in relations if kind == "worksheet"}
        by_kind = {kind.lower(): target for kind, _, target in relations}
        tabs: list[Tab] = []
        epoch = CALENDAR_WINDOWS_1900
        for tag, attributes in package.small_part(main):
            if tag == "sheet" and attributes.get("id") in parts:  # chart sheets have other parts
                is_hidden = attributes.get("state", "visible") != "visible"
                tabs.append(Tab(attributes.get("name", ""), parts[attributes["id"]], is_hidden))
            elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                epoch = CALENDAR_MAC_1904
        if len(tabs) > TABS:
            raise Hostile("too many tabs")
        texts = PackedTexts()
        if "sharedstrings" in by_kind:
            texts = _shared_texts(package, by_kind["sharedstrings"])
        styles: frozenset[int] = frozenset()
        if "styles" in by_kind:
            styles = _date_styles(package.small_part(by_kind["styles"]))
        return Book(tuple(tabs), texts, styles, epoch)


def _main_part(package: Package, filename: str) -> str:
    """The part that the package's relations name as its workbook, whatever it is called."""
    if "_rels/.rels" not in package.names:
        raise zip_refusal(package.names, filename)
    relations = package.relations("")
    main = next((target for kind, _, target in relations if kind == "officeDocument"), "")
    if not main or main.endswith(".bin"):
        raise zip_refusal(package.names, filename)
    root, _ = package.small_part(main)[0]
    if root != "workbook":
        raise zip_refusal(package.names, filename)
    return main


def _shared_texts(package: Package, name: str) -> PackedTexts:
    collector = SharedTexts()
    with package.open(name) as stream:
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


def read_tab(
    source: Source, book: Book, tab: Tab, filename: str, hidden_columns: set[int] | None = None
) -> Iterator[TabRow]:
    """The tab's rows that are not empty, each with its number; a hidden row has HiddenCells.

    `hidden_columns` is filled with those that the spreadsheet hides before the first row comes.
    Raises NotASheet at the first formula and where the file turns out damaged or hostile.
    """
    grid = Grid(book.texts, book.date_styles, book.epoch, filename, tab.name, hidden_columns)
    with opened_package(source, filename) as package, package.open(tab.part) as stream:
        for _ in parsed_blocks(WithoutEmptyCells(stream), grid.start, grid.end, grid.text):
            yield from grid.taken()
