"""The reading copy: a placed face to a PDF that opens anywhere and can be read aloud (S.10).

It is a copy and says so in its foot (FaceInput.copy_note); the seal's picture is the last object
of the page. Words are text in reading order, with tags, title and language (PDF/UA); border,
lines and marks are decoration. Same face, same picture, same bytes.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PIL import ImageFile

from licences.production.face.fonts import ASCENT
from licences.production.face.pdf_words import Block, FontsInUse, Piece, blocks_of
from licences.production.face.primitives import Face, Page, Picture
from licences.production.face.svg import (
    code_path,
    mark_group,
    n,
    ornament_group,
    outline,
    rule_path,
)

Box = tuple[float, float, float, float]

_PHOTO, _CODE, _SEAL = "照片", "查验二维码", "电子印章图样"
_STYLE = (
    "html,body,h1,p{margin:0;padding:0}section{position:relative;break-before:page}"
    "section:first-child{break-before:auto}"
    "span,img,div{position:absolute;white-space:pre;line-height:1;font-weight:400}"
    "div,section{background-size:100% 100%}"
)


@cache
def open_writer() -> Any:
    """WeasyPrint, imported when a process first asks for it.

    It opens Pango and its fonts, a quarter of the time in which the portal starts: commands and
    workers, which write no PDF, do without. A web process asks before it takes requests (wsgi).
    """
    import weasyprint

    # WeasyPrint has Pillow take pictures that are cut off, for the whole process; a photo that
    # arrives incomplete must still be refused (licences.applications.photo_rules).
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def reading_copy(face: Face, *, seal_png: bytes | None) -> bytes:
    """Write the face as PDF, one page a face page, text in the same order and places as in the
    OFD. seal_png: RGBA PNG of the seal's impression, or None for a face without one."""
    fonts = FontsInUse(face)
    sheets = "".join(_sheet(face, page, seal_png, fonts) for page in face.pages)
    mark = face.pages[0].mark
    about = f"<meta name=description content={quoteattr(mark.words)}>" if mark else ""
    html = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">{about}'
        f"<title>{escape(face.title)}</title><style>{fonts.faces()}"
        f"@page{{size:{n(face.width)}mm {n(face.height)}mm;margin:0}}{_STYLE}"
        f"section{{width:{n(face.width)}mm;height:{n(face.height)}mm}}"
        f"</style></head><body>{sheets}</body></html>"
    )
    # The document's id follows from its content, not from the clock.
    identifier = hashlib.sha256(html.encode()).digest()[:16].hex().encode()
    weasyprint = open_writer()
    # Everything is inside the page; nothing may be fetched, whatever a value may hold.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    configuration = weasyprint.text.fonts.FontConfiguration()
    written: bytes = document.write_pdf(
        font_config=configuration, pdf_identifier=identifier, pdf_variant="pdf/ua-1"
    )
    return written


def _sheet(face: Face, page: Page, seal_png: bytes | None, fonts: FontsInUse) -> str:
    whole = (0.0, 0.0, face.width, face.height)
    under = [*map(ornament_group, page.ground), *map(rule_path, page.rules)]
    under += map(outline, page.outlines)
    body = [_words(block, fonts) for block in blocks_of(page)]
    for photo in page.pictures:
        body.append(_image(photo.at, "image/jpeg", photo.jpeg, _PHOTO))
        body.append(_decoration(photo.at, photo.at, [_frame(photo)]))
    if page.code is not None:
        drawn = _svg(page.code.at, [code_path(page.code)])
        body.append(_image(page.code.at, "image/svg+xml", drawn, _CODE))
    if page.mark is not None:
        body.append(_decoration(whole, whole, [mark_group(page.mark)]))
    if seal_png is not None and page.seal is not None:
        body.append(_image(page.seal.boundary, "image/png", seal_png, _SEAL))
    return f"<section style={_background(whole, under)}>{''.join(body)}</section>"


def _svg(view: Box, parts: Iterable[str]) -> bytes:
    x, y, width, height = map(n, view)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="{x} {y} {width} {height}">{"".join(parts)}</svg>'
    ).encode()


def _data(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(data).decode()}"


def _background(view: Box, parts: Iterable[str]) -> str:
    """A style that paints parts behind an element: what no reader reads aloud."""
    return quoteattr(f"background-image:url({_data('image/svg+xml', _svg(view, parts))})")


def _place(at: Box) -> str:
    x, y, width, height = map(n, at)
    return f"left:{x}mm;top:{y}mm;width:{width}mm;height:{height}mm"


def _decoration(at: Box, view: Box, parts: Iterable[str]) -> str:
    style = f"{_place(at)};background-image:url({_data('image/svg+xml', _svg(view, parts))})"
    return f"<div style={quoteattr(style)}></div>"


def _frame(photo: Picture) -> str:
    x, y, width, height = map(n, photo.at)
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
        f'stroke="{photo.ink}" stroke-width="0.24"/>'
    )


def _image(at: Box, media_type: str, data: bytes, alt: str) -> str:
    return f'<img style="{_place(at)}" alt="{alt}" src="{_data(media_type, data)}">'


def _words(block: Block, fonts: FontsInUse) -> str:
    """A heading or a paragraph; its pieces stand where the face has them."""
    tag = "h1" if block.is_heading else "p"
    pieces = "".join(_piece(piece, fonts) for piece in block.pieces)
    return f"<{tag}>{pieces}</{tag}>"


def _piece(piece: Piece, fonts: FontsInUse) -> str:
    family, spacing = fonts.family_of(piece)
    apart = f";letter-spacing:{spacing:.4f}em" if spacing else ""
    return (
        f'<span style="left:{n(piece.x)}mm;top:{n(piece.baseline - ASCENT * piece.size)}mm;'
        f'font:{n(piece.size)}mm/1 {family};color:{piece.ink}{apart}">'
        f"{escape(piece.text)}</span>"
    )
