"""A placed face to an OFD package (GB/T 33190): same face, same metadata, same bytes.

The seal is not drawn here: the reader paints it from the seal structure at the places that
`stamps` gives. Holder's words stay real text with their own fonts; marks are outlines, so that
a search finds the licence's words and nothing else.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from licences.production.face.ofd_objects import (
    FIRST_IMAGE_ID,
    code_object,
    font_id,
    image_object,
    mark_object,
    n,
    ornament_objects,
    outline_object,
    rule_object,
    text_objects,
)
from licences.production.face.primitives import Face, Ornament, Page
from licences.production.face.subsets import embedded_name, glyph_numbers, stand_in, subsets_of
from seals.documents.ofd import Stamp
from seals.documents.package import Package

Metadata = Mapping[str, str | Sequence[str]]

_quoted = lru_cache(maxsize=1024)(quoteattr)

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_TEMPLATE_ID = 20
_PAGE_STEP = 10_000  # ids of a page's objects follow its own
_FOLDER = "Doc_0"


def write(face: Face, metadata: Metadata) -> Package:
    """Write the face as an unsealed OFD package.

    metadata: GB/T 36903 short names (ZZBS, ZZMC …, KZ_ for extension items) to a text, or to a
    list for repeatable ones; kept in the given order in CustomDatas.
    """
    fonts = subsets_of(face)
    numbers = _Glyphs(face, fonts)
    images: list[bytes] = []
    pages: dict[str, bytes] = {}
    last = 0
    for number, page in enumerate(face.pages):
        content, last = _page(face, page, _page_id(number), images, numbers)
        pages[f"{_FOLDER}/Pages/Page_{number}/Content.xml"] = content
    members = {
        "OFD.xml": _root(face, metadata),
        f"{_FOLDER}/Document.xml": _document(face, last),
        f"{_FOLDER}/PublicRes.xml": _public_resources(tuple(fonts)),
        f"{_FOLDER}/DocumentRes.xml": _document_resources(len(images)),
        f"{_FOLDER}/Tpls/Tpl_0/Content.xml": _template(
            face.pages[0].ground, face.width, face.height
        ),
        **pages,
    }
    for font, data in fonts.items():
        members[f"{_FOLDER}/Res/{embedded_name(font)}.ttf"] = data
    for number, data in enumerate(images):
        members[f"{_FOLDER}/Res/Image_{number}.jpg"] = data
    return Package(members)


def stamps(face: Face) -> tuple[Stamp, ...]:
    """Where the seal goes, page by page, annex pages included; empty for a preview."""
    return tuple(
        Stamp(str(_page_id(number)), *page.seal.boundary)
        for number, page in enumerate(face.pages)
        if page.seal is not None
    )


def _page_id(number: int) -> int:
    return _PAGE_STEP * (number + 1)


def _root(face: Face, metadata: Metadata) -> bytes:
    """OFD.xml. The document's id follows from the identifier: a redrawn version is the same."""
    document_id = hashlib.sha256(face.identifier.encode()).hexdigest()[:32]
    data = "".join(
        f"<ofd:CustomData Name={_quoted(name)}>{escape(value)}</ofd:CustomData>"
        for name, values in metadata.items()
        for value in ((values,) if isinstance(values, str) else values)
    )
    return (
        f'{_XML}<ofd:OFD {_NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{document_id}</ofd:DocID><ofd:Title>{escape(face.title)}</ofd:Title>"
        "<ofd:Creator>zezhou-portal</ofd:Creator>"
        f"<ofd:CustomDatas>{data}</ofd:CustomDatas></ofd:DocInfo>"
        f"<ofd:DocRoot>{_FOLDER}/Document.xml</ofd:DocRoot>"
        f"<ofd:Signatures>/{_FOLDER}/Signs/Signatures.xml</ofd:Signatures>"
        "</ofd:DocBody></ofd:OFD>"
    ).encode()


def _document(face: Face, last: int) -> bytes:
    pages = "".join(
        f'<ofd:Page ID="{_page_id(number)}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(len(face.pages))
    )
    box = f"0 0 {n(face.width)} {n(face.height)}"
    return (
        f"{_XML}<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
        f'<ofd:TemplatePage ID="{_TEMPLATE_ID}" ZOrder="Background" '
        'BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        f"</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    ).encode()


@lru_cache(maxsize=64)
def _public_resources(fonts: tuple[str, ...]) -> bytes:
    entries = "".join(
        f'<ofd:Font ID="{font_id(font)}" FontName="{embedded_name(font)}" {_own_font(font)}>'
        f"<ofd:FontFile>{embedded_name(font)}.ttf</ofd:FontFile></ofd:Font>"
        for font in fonts
    )
    return (
        f'{_XML}<ofd:Res {_NAMESPACE} BaseLoc="Res"><ofd:Fonts>{entries}</ofd:Fonts></ofd:Res>'
    ).encode()


def _own_font(font: str) -> str:
    """What a reader chooses a font of its own by, where it does not draw the embedded one."""
    known = stand_in(font)
    bold = ' Bold="true"' if known.is_bold else ""
    serif = ' Serif="true"' if known.is_serif else ""
    return f'FamilyName="{known.family}" Charset="prc"{bold}{serif}'


@lru_cache(maxsize=8)
def _document_resources(images: int) -> bytes:
    entries = "".join(
        f'<ofd:MultiMedia ID="{FIRST_IMAGE_ID + number}" Type="Image" Format="JPEG">'
        f"<ofd:MediaFile>Image_{number}.jpg</ofd:MediaFile></ofd:MultiMedia>"
        for number in range(images)
    )
    listed = f"<ofd:MultiMedias>{entries}</ofd:MultiMedias>" if images else ""
    return f'{_XML}<ofd:Res {_NAMESPACE} BaseLoc="Res">{listed}</ofd:Res>'.encode()


@lru_cache(maxsize=64)
def _template(ground: tuple[Ornament, ...], width: float, height: float) -> bytes:
    """The border and ornaments; the same bytes for every face of the edition."""
    objects: list[str] = []
    number = _TEMPLATE_ID + 2
    for placed in ground:
        drawn = ornament_objects(number, placed, (width, height))
        objects += drawn
        number += len(drawn)
    box = f"0 0 {n(width)} {n(height)}"
    return (
        f"{_XML}<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox>"
        f'</ofd:Area><ofd:Content><ofd:Layer ID="{_TEMPLATE_ID + 1}" Type="Background">'
        f"{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    ).encode()


class _Glyphs:
    """The glyphs that the embedded fonts of a face have for characters beyond the basic plane."""

    def __init__(self, face: Face, fonts: Mapping[str, bytes]) -> None:
        beyond: dict[str, set[str]] = {}
        for page in face.pages:
            for run in page.runs:
                if not run.text.isascii() and max(run.text) > "\uffff":
                    rare = {character for character in run.text if character > "\uffff"}
                    beyond.setdefault(run.font, set()).update(rare)
        self._numbers = {
            font: glyph_numbers(fonts[font], frozenset(characters))
            for font, characters in beyond.items()
        }

    def __call__(self, font: str, character: str) -> int:
        return self._numbers[font][character]


def _page(
    face: Face, page: Page, page_id: int, images: list[bytes], glyphs: _Glyphs
) -> tuple[bytes, int]:
    """One Content.xml, and the last id used."""
    number = page_id + 2
    objects: list[str] = []
    for photo in page.pictures:
        objects.append(image_object(number, FIRST_IMAGE_ID + len(images), photo))
        images.append(photo.jpeg)
        number += 2
    for rule in page.rules:
        objects.append(rule_object(number, rule))
        number += 1
    for run in page.runs:
        written = text_objects(number, run, glyphs)
        objects += written
        number += len(written)
    for shape in page.outlines:
        objects.append(outline_object(number, shape))
        number += 1
    if page.code is not None:
        objects.append(code_object(number, page.code))
        number += 1
    if page.mark is not None:
        objects.append(mark_object(number, page.mark))
        number += 1
    box = f"0 0 {n(face.width)} {n(face.height)}"
    return (
        f'{_XML}<ofd:Page {_NAMESPACE}><ofd:Template TemplateID="{_TEMPLATE_ID}" '
        f'ZOrder="Background"/><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>'
        f'<ofd:Content><ofd:Layer ID="{page_id + 1}" Type="Body">'
        f"{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
    ).encode(), number - 1
