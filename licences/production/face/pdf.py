"""The reading copy: a placed face to a PDF that opens anywhere (S.10).

It is a copy and says so in its foot (FaceInput.copy_note); the seal's picture is the last object
of the page. Same face, same picture, same bytes.
"""

import hashlib
from base64 import b64encode
from xml.sax.saxutils import escape

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from licences.production.face.primitives import Face, Page, Run
from licences.production.face.subsets import embedded_name, subsets_of
from licences.production.face.svg import (
    code_path,
    mark_group,
    n,
    ornament_group,
    outline,
    photo_image,
    rule_path,
    seal_image,
)

# WeasyPrint has Pillow take pictures that are cut off, for the whole process; a photo that
# arrives incomplete must still be refused (licences.applications.photo_rules).
ImageFile.LOAD_TRUNCATED_IMAGES = False
_PIXELS_PER_MM = 96 / 25.4


def reading_copy(face: Face, *, seal_png: bytes | None) -> bytes:
    """Write the face as PDF, one page a face page, text in the same order and places as in the
    OFD. seal_png: RGBA PNG of the seal's impression, or None for a face without one."""
    fonts = "".join(
        f"@font-face{{font-family:{embedded_name(font)};"
        f"src:url(data:font/ttf;base64,{b64encode(data).decode()})}}"
        for font, data in subsets_of(face).items()
    )
    sheets = "".join(_sheet(face, page, seal_png) for page in face.pages)
    html = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(face.title)}</title><style>{fonts}"
        f"@page{{size:{n(face.width)}mm {n(face.height)}mm;margin:0}}"
        "html,body{margin:0;padding:0}svg{display:block;break-inside:avoid}"
        f"</style></head><body>{sheets}</body></html>"
    )
    # The document's id follows from its content, not from the clock.
    identifier = hashlib.sha256(html.encode()).digest()[:16].hex().encode()
    # Everything is inside the page; nothing may be fetched, whatever a value may hold.
    fetcher = URLFetcher(allowed_protocols={"data"})
    document = HTML(string=html, url_fetcher=fetcher)
    configuration = FontConfiguration()
    written: bytes = document.write_pdf(font_config=configuration, pdf_identifier=identifier)
    return written


def _sheet(face: Face, page: Page, seal_png: bytes | None) -> str:
    body = [
        *map(ornament_group, page.ground),
        *map(photo_image, page.pictures),
        *map(rule_path, page.rules),
        *map(_text, page.runs),
        *map(outline, page.outlines),
    ]
    if page.code is not None:
        body.append(code_path(page.code))
    if page.mark is not None:
        body.append(mark_group(page.mark))
    if seal_png is not None:
        body.append(seal_image(page, seal_png))
    width, height = n(face.width), n(face.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(body)}</svg>'
    )


def _text(run: Run) -> str:
    """A run with the place of every character."""
    x, places = run.x, []
    for advance in run.advances:
        places.append(n(x))
        x += advance
    return (
        f'<text font-family="{embedded_name(run.font)}" font-size="{n(run.size)}" '
        f'fill="{run.ink}" x="{" ".join(places)}" y="{n(run.baseline)}" '
        f'xml:space="preserve">{escape(run.text)}</text>'
    )
