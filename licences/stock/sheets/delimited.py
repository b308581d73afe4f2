"""Delimited text (CSV) in the encodings departments use, row by row in constant memory.

Rows are counted as a spreadsheet shows them: a line break inside quotes does not begin a row,
an empty line counts.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from licences.stock.sheets.headings import HEADING_ROWS, recognised
from licences.stock.sheets.refusals import CELL_CHARACTERS, COLUMNS, NotASheet, not_a_sheet, refusal
from licences.stock.sheets.sniffing import has_utf16_mark, utf16_by_nulls
from licences.stock.sheets.sources import Source, opened

SAMPLE_BYTES = 65_536
GUESS_BYTES = 8_192
_BLOCK = 1 << 20
_TRADITIONAL = "big5hkscs"
_DELIMITERS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")

_END_OF_FILE = "\x1a"  # Ctrl-Z, which old exports write behind the last row
_CODE_PAGE_936 = "code page 936"


def _read_code_page_936(error: UnicodeError) -> tuple[str, int]:
    """The euro sign, which Windows writes as one byte that GB 18030 does not have."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error(_CODE_PAGE_936, _read_code_page_936)

TextRow = tuple[int, list[object]]


@dataclass(frozen=True)
class Dialect:
    """How a text file is written: its encoding and its delimiter."""

    encoding: str
    delimiter: str

    @property
    def errors(self) -> str:
        """How bytes that are no character are met: those of code page 936 are read."""
        return _errors_in(self.encoding)


@dataclass(frozen=True)
class _Scored:
    headings: int
    dialect: Dialect


def find_dialect(source: Source, filename: str) -> Dialect:
    """The encoding in which the whole file can be read and under which headings appear.

    Without headings, for mapping by hand, UTF-8 and GB18030 are believed. Raises NotASheet for a
    file that is no text in any encoding.
    """
    with opened(source) as stream:
        sample = stream.read(SAMPLE_BYTES)
    readable = [scored for name in _candidates(sample) if (scored := _scored(sample, name))]
    for scored in sorted(readable, key=lambda found: found.headings, reverse=True):
        if scored.headings and _decodes(source, scored.dialect.encoding):
            return scored.dialect
    guess = from_bytes(sample[:GUESS_BYTES]).best()
    guessed = None if guess is None else _scored(sample, guess.encoding)
    if guessed and guessed.headings and _decodes(source, guessed.dialect.encoding):
        return guessed.dialect
    for scored in readable:
        encoding = scored.dialect.encoding
        if encoding != _TRADITIONAL and _decodes(source, encoding):
            return scored.dialect
    raise _unreadable(source, sample, filename)


def _scored(sample: bytes, encoding: str) -> _Scored | None:
    """The best delimiter under an encoding, None where the sample is no text in it."""
    text = _decode_sample(sample, encoding)
    if text is None or _CONTROL.search(text):
        return None
    delimiter, headings = _best_delimiter(text)
    return _Scored(headings, Dialect(encoding, delimiter))


def _candidates(sample: bytes) -> list[str]:
    if sample.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if has_utf16_mark(sample):
        return ["utf-16"]
    if (wide := utf16_by_nulls(sample)) is not None:
        return [wide]
    # Order applications only between equals: text that is valid UTF-8 is hardly ever anything else.
    return ["utf-8-sig", "gb18030", _TRADITIONAL]


def _errors_in(encoding: str) -> str:
    return _CODE_PAGE_936 if encoding == "gb18030" else "strict"


def _decode_sample(sample: bytes, encoding: str) -> str | None:
    """The sample's text without the last line, which may be cut within a character."""
    try:
        text = codecs.getincrementaldecoder(encoding)(_errors_in(encoding)).decode(sample)
    except UnicodeError:
        return None
    if len(sample) < SAMPLE_BYTES:
        return text.rstrip(_END_OF_FILE + "\r\n")
    return text[: text.rfind("\n") + 1] or text


def _decodes(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(_errors_in(encoding))
    try:
        with opened(source) as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _best_delimiter(text: str) -> tuple[str, int]:
    """The delimiter under which one of the first rows names most fields, and how many."""
    scores = [(_score(text, delimiter), delimiter) for delimiter in _DELIMITERS]
    most = max(score for score, _ in scores)
    if most:
        return next(delimiter for score, delimiter in scores if score == most), most
    return max(_DELIMITERS, key=text[:2000].count), 0


def _score(text: str, delimiter: str) -> int:
    rows = itertools.islice(
        csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADING_ROWS
    )
    try:
        return max((recognised(row) for row in rows), default=0)
    except csv.Error:
        return 0


def read_rows(source: Source, dialect: Dialect, filename: str) -> Iterator[TextRow]:
    """The rows that are not empty, each with its number; NotASheet where the text breaks off."""
    with opened(source) as stream:
        text = io.TextIOWrapper(
            stream, encoding=dialect.encoding, errors=dialect.errors, newline=""
        )
        # Strict: a quote left open would otherwise swallow rows without a word.
        reader = csv.reader(_without_end_mark(text), delimiter=dialect.delimiter, strict=True)
        number = 0
        try:
            for number, row in enumerate(reader, start=1):
                if any(row):
                    yield number, _bounded(row, number, filename)
        except csv.Error:
            raise refusal(
                "broken_quotes",
                filename,
                f"第 {number + 1} 行起引号不成对，分不清哪些是一格",
                "补上引号，或用 WPS 打开后另存为 .xlsx 再传",
            ) from None
        except UnicodeError:
            raise unreadable_text(filename, number + 1) from None


def _without_end_mark(text: Iterable[str]) -> Iterator[str]:
    """The lines without the mark that some programs write behind the last."""
    for line in text:
        if not line.endswith(_END_OF_FILE):
            yield line
        elif kept := line.rstrip(_END_OF_FILE):
            yield kept


def _bounded(row: Sequence[str], number: int, filename: str) -> list[object]:
    if len(row) > COLUMNS:
        raise refusal(
            "too_many_columns",
            filename,
            f"第 {number} 行有 {len(row):,} 格，最多 {COLUMNS} 格",
            "检查分隔符，或另存为 .xlsx 再传",
        )
    if any(len(cell) > CELL_CHARACTERS for cell in row):
        raise refusal(
            "broken_quotes",
            filename,
            f"第 {number} 行有一格超过 {CELL_CHARACTERS:,} 个字，多半是引号不成对",
            "补上引号，或用 WPS 打开后另存为 .xlsx 再传",
        )
    return list(row)


def unreadable_text(filename: str, number: int) -> NotASheet:
    """The refusal of a text with bytes that are no character, near the row `number`."""
    return refusal(
        "unreadable_text",
        filename,
        f"第 {number:,} 行附近有读不出的字，文件可能损坏或混了两种编码",
        "用 WPS 打开核对，另存为 .xlsx 再传",
    )


def _unreadable(source: Source, sample: bytes, filename: str) -> NotASheet:
    """The refusal for bytes that no candidate reads: broken text, or no text at all."""
    if has_utf16_mark(sample) or len(re.findall(rb"[\x00-\x08\x0e-\x1f]", sample)) == 0:
        return unreadable_text(filename, _last_readable_line(source))
    return not_a_sheet(filename, "程序用的文件")


def _last_readable_line(source: Source) -> int:
    """The line at which the more patient of the two usual encodings gives up."""
    furthest = 1
    for encoding in ("utf-8", "gb18030"):
        with opened(source) as stream:
            # No byte of a character is a line feed in either, so lines can be cut before decoding.
            for number, line in enumerate(stream, start=1):
                try:
                    line.decode(encoding)
                except UnicodeError:
                    furthest = max(furthest, number)
                    break
    return furthest
