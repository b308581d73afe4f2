"""Reading a PDF as a reader of paper does: its filled shapes as a picture, its text."""

from io import BytesIO
from typing import Any

import pypdf
import zxingcpp
from PIL import Image, ImageDraw
from pypdf.generic import ContentStream

_DOTS = 4  # a point
Matrix = tuple[float, float, float, float, float, float]


def text_of(data: bytes) -> str:
    """The text of all pages without spaces."""
    return "".join("".join(page.extract_text().split()) for page in _pages(data))


def code_of(data: bytes) -> str:
    """What the QR code on the first page says; its squares are filled black shapes."""
    reader = pypdf.PdfReader(BytesIO(data))
    page = reader.pages[0]
    size = (int(page.mediabox.width * _DOTS), int(page.mediabox.height * _DOTS))
    picture = Image.new("L", size, 255)
    _fill(page, reader, ImageDraw.Draw(picture), size[1])
    read = zxingcpp.read_barcode(picture)
    assert read is not None, "no code is read from the paper"
    return str(read.text)


def _pages(data: bytes) -> Any:
    return pypdf.PdfReader(BytesIO(data)).pages


def _times(new: Matrix, old: Matrix) -> Matrix:
    a, b, c, d, e, f = new
    g, h, i, j, k, m = old
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _fill(page: Any, reader: Any, pen: Any, height: int) -> None:
    """Draws every straight shape of the page in black that is filled with a colour.

    What is filled with a pattern is the ground of the page: it is left white.
    """
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    kept: list[tuple[Matrix, bool]] = []
    is_ground = False
    shapes: list[list[tuple[float, float]]] = []
    for numbers, verb in ContentStream(page.get_contents(), reader).operations:
        match verb:
            case b"q":
                kept.append((matrix, is_ground))
            case b"Q":
                matrix, is_ground = kept.pop()
            case b"cs":
                is_ground = numbers == ["/Pattern"]
            case b"rg" | b"g" | b"k":
                is_ground = False
            case b"cm":
                matrix = _times(tuple(float(one) for one in numbers), matrix)  # type: ignore[arg-type]
            case b"re":
                x, y, w, h = (float(one) for one in numbers)
                corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
                shapes.append([_at(matrix, *corner, height) for corner in corners])
            case b"m":
                shapes.append([_at(matrix, *map(float, numbers), height)])
            case b"l":
                shapes[-1].append(_at(matrix, *map(float, numbers), height))
            case b"f" | b"f*":
                for shape in shapes:
                    if len(shape) > 3 and not is_ground:
                        pen.polygon(shape, fill=0)
                shapes = []
            case b"n" | b"S" | b"s" | b"B" | b"W":
                shapes = []


def _at(matrix: Matrix, x: float, y: float, height: int) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return ((a * x + c * y + e) * _DOTS, height - (b * x + d * y + f) * _DOTS)
