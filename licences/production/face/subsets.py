"""The fonts that travel inside a file: only the characters it shows, as TrueType.

Kai is TrueType already and is subset for each face (0.1 ms). Song and Hei are CFF, which not
every OFD reader draws; the few characters a template needs are converted to TrueType once and
kept. A subset never holds a character of another holder: its key is its exact set of characters.
"""

from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from licences.production.face.fonts import face_font
from licences.production.face.primitives import Face

_TRUETYPE = frozenset({"kai", "kai-bold"})
_NEEDLESS = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "gasp", "DSIG", "STAT", "meta")
_MOST_ERROR = 0.6  # font units of a curve, of 1000 in the em
_prepared: dict[str, Any] = {}
_lock = Lock()


def embedded_name(font: str) -> str:
    """Name under which a font is embedded; the file is called the same, as readers ask."""
    return "Face" + "".join(part.capitalize() for part in font.split("-"))


def subsets_of(face: Face) -> dict[str, bytes]:
    """TrueType bytes per font used on the face, in the fonts' order.

    Deterministic: the same face gives the same bytes.
    """
    used: dict[str, set[str]] = {}
    for page in face.pages:
        for run in page.runs:
            used.setdefault(run.font, set()).update(run.text)
    fixed = dict(face.fixed_characters)
    return {
        font: (
            _subset(font, frozenset(characters))
            if font in _TRUETYPE
            else _converted(font, frozenset(characters.union(fixed.get(font, ""))))
        )
        for font, characters in sorted(used.items())
    }


def _subset(font: str, characters: frozenset[str]) -> bytes:
    wish = uharfbuzz.SubsetInput()
    for character in characters:
        wish.unicode_set.add(ord(character))
    for tag in _NEEDLESS:
        wish.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
    wish.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    data: bytes = wish.subset(_preprocessed(font)).blob.data
    return data


def _preprocessed(font: str) -> Any:
    with _lock:
        if font not in _prepared:
            _prepared[font] = uharfbuzz.subset_preprocess(face_font(font).face)
        return _prepared[font]


@lru_cache(maxsize=256)
def _converted(font: str, characters: frozenset[str]) -> bytes:
    """A TrueType font with the outlines of a CFF one."""
    source = face_font(font)
    names = {character: f"u{ord(character):05X}" for character in sorted(characters)}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    metrics = {".notdef": (source.upem, 0)}
    for character, name in names.items():
        glyphs[name] = _glyph(font, character)
        metrics[name] = (round(source.advance(character) * source.upem), 0)
    builder = FontBuilder(source.upem, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (advance, getattr(table[name], "xMin", 0)) for name, (advance, _) in metrics.items()}
    )
    ascent, descent = round(0.88 * source.upem), -round(0.12 * source.upem)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    name = embedded_name(font)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(
        sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent
    )
    builder.setupPost(keepGlyphNames=False)
    # No clock in a face: the same characters give the same bytes.
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    return _saved(builder)


def _saved(builder: Any) -> bytes:
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


@lru_cache(maxsize=8192)
def _glyph(font: str, character: str) -> Any:
    pen = TTGlyphPen(None)
    face_font(font).draw(character, Cu2QuPen(pen, _MOST_ERROR, reverse_direction=True))
    return pen.glyph()
