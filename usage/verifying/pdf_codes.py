"""The QR codes on the pages of a PDF: of a reading copy, a purpose-marked copy or a scan (S.10).

A PDF is a copy and proves nothing; its code leads to the licence's present state. Writers draw a
code as a picture or as filled shapes: both are read, from the first pages, in bounded work. The
file is read in memory and forgotten.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import structlog
import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.generic import DictionaryObject, StreamObject

from zezhou_portal.regulation.limits import CODE_PICTURE_BYTES

log = structlog.get_logger(__name__)

# What a stranger's PDF may cost (ours).
_MB = 1024 * 1024
_BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": CODE_PICTURE_BYTES,
    "zlib_maximum_output_length": 16 * _MB,
    "lzw_maximum_output_length": 16 * _MB,
    "run_length_maximum_output_length": 16 * _MB,
    "array_based_stream_maximum_output_length": 16 * _MB,
    "stream_decoding_work_maximum_length": 48 * _MB,
    "image_maximum_buffer_size": 48 * _MB,
    "page_tree_maximum_entries": 2000,
    "page_tree_maximum_page_entries": 20_000,
    "jbig2dec_binary": None,
}
_PAGES = 2
_MOST_IMAGES = 8
_MOST_USES = 64
_DEEPEST_FORM = 3
_MOST_TOKENS = 400_000
# Of filling shapes: each edge is looked at on each line of the picture, each point is painted.
_MOST_FILLING = 20_000_000
_POINTS_AN_EDGE = 16
_MOST_PIXELS = 24_000_000
# Of all pictures; a picture of wavelets (JPEG 2000) takes as long as several others.
_MOST_PIXELS_TOGETHER = 3 * _MOST_PIXELS
_WAVELETS = 6
_LONGEST_SIDE = 2400
_MOST_CODES = 4
_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|/[^\s/\[\]()<>{}%]*|[-+]?(?:\d+\.?\d*|\.\d+)"
    rb"|[A-Za-z'\"][A-Za-z0-9*'\"]*|<<|>>|[\[\]{}]"
)
_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]


def is_pdf(data: bytes) -> bool:
    """Tell a PDF by its mark, which may stand behind a few foreign bytes."""
    return b"%PDF-" in data[:1024] and not data.startswith(b"PK")


def codes_in_pdf(data: bytes) -> tuple[str, ...]:
    """Give the texts of the QR codes on the first pages, each once; none where none is read.

    Never raises for what is in the file. Article: S.10.
    """
    if not is_pdf(data) or len(data) > CODE_PICTURE_BYTES:
        return ()
    found: dict[str, None] = {}
    try:
        with apply_configuration(**_BOUNDS):
            for picture in _pictures(PdfReader(BytesIO(data))):
                found |= dict.fromkeys(one.text for one in _read(picture) if one.text)
    except Exception as error:  # a stranger's file ends in no code, never in a traceback
        log.info("pdf_unread", error=type(error).__name__)
    return tuple(found)[:_MOST_CODES]


def _read(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )


def _pictures(reader: PdfReader) -> Iterator[Image.Image]:
    """Give the first pages as their filled shapes make them, each with the pictures on it."""
    work = _Work()
    for number in range(min(_PAGES, len(reader.pages))):
        drawn, held = _drawn(reader.pages[number], work)
        yield drawn
        different = list({id(one): one for one in held}.values())
        for one in different[:_MOST_IMAGES]:
            yield from _grey(one, work)


def _grey(held: StreamObject, work: "_Work") -> Iterator[Image.Image]:
    pixels = int(held.get("/Width") or 0) * int(held.get("/Height") or 0)
    work.pixels -= pixels * (_WAVELETS if "/JPXDecode" in str(held.get("/Filter")) else 1)
    if pixels > _MOST_PIXELS or work.pixels < 0:
        return
    picture = _opened(held)
    if picture is not None and picture.width * picture.height <= _MOST_PIXELS:
        grey = picture.convert("L")
        grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        yield grey


def _opened(held: StreamObject) -> Image.Image | None:
    if held.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        # Opened here, so that its own head is looked at before a pixel of it is unpacked.
        return Image.open(BytesIO(held.get_data()), formats=("JPEG",))
    picture: Image.Image | None = held.decode_as_image()
    return picture


def _drawn(page: PageObject, work: "_Work") -> tuple[Image.Image, list[StreamObject]]:
    """Draw a page; give it with the pictures that it holds."""
    box = page.mediabox
    width, height = max(1.0, float(box.width)), max(1.0, float(box.height))
    scale = _LONGEST_SIDE / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.new("L", size, 255)
    start = (scale, 0, 0, -scale, -float(box.left) * scale, float(box.top) * scale)
    pen = _Pen(ImageDraw.Draw(picture), start, _objects(page), work, depth=0)
    contents = page.get_contents()
    if contents is not None:
        pen.draw(contents.get_data())
    return picture, pen.pictures


def _objects(holder: DictionaryObject) -> DictionaryObject:
    resources = holder.get("/Resources", DictionaryObject()).get_object()
    held: DictionaryObject = resources.get("/XObject", DictionaryObject()).get_object()
    return held


@dataclass
class _Work:
    """What is left of the work that the pages of one file may cost, their forms included."""

    tokens: int = _MOST_TOKENS
    uses: int = _MOST_USES
    filling: float = _MOST_FILLING
    pixels: int = _MOST_PIXELS_TOGETHER

    def fill(self, shape: list[_Point]) -> bool:
        """Count the filling of a shape; tell whether it may be done."""
        across, down = _within(x for x, _ in shape), _within(y for _, y in shape)
        self.filling -= len(shape) * (1 + down) + across * down / _POINTS_AN_EDGE
        return self.filling >= 0


def _within(places: Iterable[float]) -> float:
    """How far places lie apart, as far as the picture goes."""
    inside = [min(max(place, 0.0), float(_LONGEST_SIDE)) for place in places]
    return max(inside) - min(inside)


class _Pen:
    """Fills the straight shapes of a page and of the forms on it; gathers its pictures."""

    def __init__(
        self,
        draw: ImageDraw.ImageDraw,
        matrix: _Matrix,
        objects: DictionaryObject,
        work: _Work,
        *,
        depth: int,
    ) -> None:
        self.pictures: list[StreamObject] = []
        self._draw = draw
        self._matrix = matrix
        self._objects = objects
        self._work = work
        self._depth = depth
        self._name = ""
        self._kept: list[tuple[_Matrix, int | None]] = []
        self._shade: int | None = 0
        self._shapes: list[list[_Point]] = []

    def draw(self, content: bytes) -> None:
        """Follow the operators of a content stream."""
        numbers: list[float] = []
        for token in _TOKEN.finditer(content):
            self._work.tokens -= 1
            if self._work.tokens < 0:
                return
            text = token[0]
            if text[0] in b"+-.0123456789":
                numbers.append(float(text))
            elif text[:1] == b"/":
                self._name = text.decode("latin-1")
            else:
                if text[:1].isalpha():
                    self._follow(text, numbers)
                numbers = []

    def _use(self) -> None:
        """Draw the form, or keep the picture, that was named last."""
        self._work.uses -= 1
        if self._work.uses < 0:
            return
        named = self._objects.get(self._name)
        held = None if named is None else named.get_object()
        if not isinstance(held, StreamObject):
            return
        if held.get("/Subtype") == "/Image":
            self.pictures.append(held)
        elif held.get("/Subtype") == "/Form" and self._depth < _DEEPEST_FORM:
            a, b, c, d, e, f = (float(one) for one in held.get("/Matrix", (1, 0, 0, 1, 0, 0)))
            matrix = _times((a, b, c, d, e, f), self._matrix)
            pen = _Pen(self._draw, matrix, _objects(held), self._work, depth=self._depth + 1)
            pen.draw(held.get_data())
            self.pictures += pen.pictures

    def _follow(self, verb: bytes, numbers: list[float]) -> None:
        match verb, numbers:
            case b"q", _:
                self._kept.append((self._matrix, self._shade))
            case b"Q", _ if self._kept:
                self._matrix, self._shade = self._kept.pop()
            case b"cm", [a, b, c, d, e, f]:
                self._matrix = _times((a, b, c, d, e, f), self._matrix)
            case b"Do", _:
                self._use()
            case b"re", [x, y, w, h]:
                corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
                self._shapes.append([self._at(*corner) for corner in corners])
            case b"m", [x, y]:
                self._shapes.append([self._at(x, y)])
            case (b"l", [x, y]) | (b"c", [*_, x, y]) if self._shapes:
                self._shapes[-1].append(self._at(x, y))
            case ((b"g" | b"rg" | b"k" | b"sc" | b"scn" | b"cs"), _):
                self._shade = _shade(verb, numbers)
            case ((b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*"), _):
                self._fill()
            case ((b"n" | b"S" | b"s"), _):
                self._shapes = []

    def _fill(self) -> None:
        if self._shade is not None:
            for shape in self._shapes:
                if len(shape) > 2 and self._work.fill(shape):
                    self._draw.polygon(shape, fill=self._shade)
        self._shapes = []

    def _at(self, x: float, y: float) -> _Point:
        a, b, c, d, e, f = self._matrix
        return a * x + c * y + e, b * x + d * y + f


def _shade(verb: bytes, numbers: list[float]) -> int | None:
    """Give the grey of a colour; none for a pattern, which is not filled."""
    match numbers:
        case [grey]:
            light = grey
        case [red, green, blue]:
            light = 0.3 * red + 0.6 * green + 0.1 * blue
        case [cyan, magenta, yellow, black]:
            light = 1 - min(1.0, (cyan + magenta + yellow) / 3 + black)
        case _:
            return 0 if verb == b"cs" else None
    return max(0, min(255, round(light * 255)))


def _times(new: _Matrix, old: _Matrix) -> _Matrix:
    a, b, c, d, e, f = new
    g, h, i, j, k, m = old
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip
