"""The fonts that travel inside a file: only the characters it shows, as TrueType.

Kai is TrueType already and is subset for each face (0.1 ms). Song and Hei are CFF, which not
every OFD reader draws; the few characters a template needs are converted to TrueType once and
kept. A subset never holds a character of another holder: its key is its exact set of characters.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

import uharfbuzz
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from licences.production.face.fonts import ASCENT, DESCENT, FaceFont, face_font, parts_of
from licences.production.face.plan import ASCII
from licences.production.face.primitives import Face

_TRUETYPE = frozenset({"kai", "kai-bold"})
_NEEDLESS = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "gasp", "DSIG", "STAT", "meta")
_MOST_ERROR = 0.6  # font units of a curve, of 1000 in the em
_COPYRIGHT = 0  # of the name table; the licence of the fonts asks that it stays
_ANYBODY_MAY_EMBED = 0  # OS/2 fsType: readers refuse or drop a font that does not say so
_prepared: dict[str, Any] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class StandIn:
    """What a reader that cannot draw an embedded font looks for on its own machine."""

    family: str
    is_bold: bool
    is_serif: bool


_FAMILIES = {"kai": ("楷体", True), "song": ("宋体", True), "hei": ("黑体", False)}


def stand_in(font: str) -> StandIn:
    """The family that stands in for a font where a reader draws with its own."""
    role, _, weight = parts_of(font)[0].partition("-")
    family, is_serif = _FAMILIES[role]
    return StandIn(family, is_bold=weight == "bold", is_serif=is_serif)


def embedded_name(font: str) -> str:
    """Name under which a font is embedded; the file is called the same, as readers ask.

    Of a font with another one's ASCII the name ends in that one's initials.
    """
    main, latin = parts_of(font)
    name = "Face" + "".join(part.capitalize() for part in main.split("-"))
    return name if latin == main else name + "".join(part[0].upper() for part in latin.split("-"))


def characters_of(face: Face) -> dict[str, frozenset[str]]:
    """The characters that each font of a face is embedded with, in the fonts' order."""
    used: dict[str, set[str]] = {}
    for page in face.pages:
        for run in page.runs:
            used.setdefault(run.font, set()).update(run.text)
    fixed = dict(face.fixed_characters)
    return {
        font: frozenset(characters if _is_truetype(font) else characters.union(fixed.get(font, "")))
        for font, characters in sorted(used.items())
    }


def subset(font: str, characters: frozenset[str]) -> bytes:
    """A font with these characters as TrueType. Deterministic."""
    return _subset(font, characters) if _is_truetype(font) else converted(font, characters)


def subsets_of(face: Face) -> dict[str, bytes]:
    """TrueType bytes per font used on the face, in the fonts' order.

    Deterministic: the same face gives the same bytes.
    """
    return {font: subset(font, characters) for font, characters in characters_of(face).items()}


def glyph_numbers(data: bytes, characters: frozenset[str]) -> dict[str, int]:
    """The glyph that each of these characters has in an embedded font."""
    font = uharfbuzz.Font(uharfbuzz.Face(data))
    return {character: font.get_nominal_glyph(ord(character)) or 0 for character in characters}


def _is_truetype(font: str) -> bool:
    return parts_of(font)[0] in _TRUETYPE


def _subset(font: str, characters: frozenset[str]) -> bytes:
    wish = uharfbuzz.SubsetInput()
    for character in characters:
        wish.unicode_set.add(ord(character))
    wish.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    data: bytes = wish.subset(_preprocessed(font)).blob.data
    return data


def _preprocessed(font: str) -> Any:
    with _lock:
        if font not in _prepared:
            _prepared[font] = uharfbuzz.subset_preprocess(uharfbuzz.Face(_whole(font)))
        return _prepared[font]


def _whole(font: str) -> bytes:
    """A TrueType font under our name and measures, with the ASCII of its pair (once a process)."""
    main, latin = parts_of(font)
    source = face_font(main)
    if not isinstance(source, FaceFont):
        raise TypeError(f"{main} is no font of a file")
    whole = TTFont(source.path, fontNumber=source.index, recalcTimestamp=False, recalcBBoxes=False)
    for tag in _NEEDLESS:
        if tag in whole:
            del whole[tag]
    if latin != main:
        _take_ascii(whole, latin)
    copyright_line = whole["name"].getDebugName(_COPYRIGHT) or ""
    whole["name"].names = []
    for number, words in _names(font, copyright_line).items():
        whole["name"].setName(words, number, 3, 1, 0x409)
    whole["post"].formatType = 3.0  # without the glyphs' names, of which there are thousands
    whole["OS/2"].fsType = _ANYBODY_MAY_EMBED
    whole["hhea"].ascent, whole["hhea"].descent = _vertical(source.upem)
    whole["hhea"].lineGap = 0
    out = BytesIO()
    whole.save(out, reorderTables=None)
    return out.getvalue()


def _take_ascii(whole: TTFont, latin: str) -> None:
    """Add another font's ASCII beside the font's own glyphs, of which others may be made."""
    source = face_font(latin)
    glyphs = whole["glyf"]
    for character in ASCII:
        name = f"pair{ord(character):02X}"
        glyph = _glyph(latin, character)
        glyphs[name] = glyph
        glyph.recalcBounds(glyphs)
        whole["hmtx"][name] = (
            round(source.advance(character) * source.upem),
            getattr(glyph, "xMin", 0),
        )
        for table in whole["cmap"].tables:
            if table.isUnicode() and ord(character) in table.cmap:
                table.cmap[ord(character)] = name


def _names(font: str, copyright_line: str = "") -> dict[int, str]:
    name = embedded_name(font)
    style = "Bold" if stand_in(font).is_bold else "Regular"
    return {_COPYRIGHT: copyright_line, 1: name, 2: style, 4: name, 6: name}


def _vertical(upem: int) -> tuple[int, int]:
    return round(ASCENT * upem), -round(DESCENT * upem)


@lru_cache(maxsize=256)
def converted(font: str, characters: frozenset[str], *, wider: int = 0) -> bytes:
    """A TrueType font with the outlines of another one's characters.

    wider: font units by which every advance is longer, for words set with that much between
    their characters: a reader then sees one word.
    """
    source = face_font(font)
    names = {character: f"u{ord(character):05X}" for character in sorted(characters)}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    metrics = {".notdef": (source.upem, 0)}
    for character, name in names.items():
        glyphs[name] = _glyph(font, character)
        metrics[name] = (round(source.advance(character) * source.upem) + wider, 0)
    builder = FontBuilder(source.upem, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (advance, getattr(table[name], "xMin", 0)) for name, (advance, _) in metrics.items()}
    )
    ascent, descent = _vertical(source.upem)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    name = embedded_name(font)
    builder.setupNameTable(
        {"familyName": name, "styleName": _names(font)[2], "fullName": name, "psName": name}
    )
    builder.setupOS2(
        sTypoAscender=ascent,
        sTypoDescender=descent,
        usWinAscent=ascent,
        usWinDescent=-descent,
        fsType=_ANYBODY_MAY_EMBED,
        usWeightClass=700 if stand_in(font).is_bold else 400,
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
