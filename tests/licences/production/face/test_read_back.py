"""Every kind's sealed file read back by other means than wrote it: XML, and fonts by fontTools.

Ids and what refers to them, fonts and their glyphs, advances, boxes: what readers rely on, and
what they show wrong where it does not agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from posixpath import join
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from licences.production.face import catalogue, ofd
from licences.production.face.layout import place
from licences.production.face.primitives import Face
from seals.documents.package import Package
from tests.licences.production.face.samples import KINDS, RARE, sample
from tests.seals.conftest import County, county

__all__ = ["county"]

OFD = "{http://www.ofdspec.org/2016}"
LENGTHS = ("usual", "shortest", "rare", "longest")
EVERY = [(kind, length) for kind in KINDS for length in LENGTHS]
EVERY_NAME = [f"{kind['name']}-{length}" for kind, length in EVERY]
NEAR = 0.002  # mm; boxes and places are written to a thousandth
FAMILIES = {"楷体", "宋体", "黑体"}


@dataclass
class Word:
    """One text object: its box, its characters, their places in the box and their glyphs."""

    box: tuple[float, ...]
    size: float
    font: TTFont
    text: str
    places: list[float]
    baseline: float
    glyphs: list[str]


def _written(kind: dict[str, Any], length: str) -> tuple[Face, Package]:
    face = place(catalogue.layout_for(kind["code"]), sample(kind, length))
    return face, ofd.write(face, {"ZZBS": face.identifier})


def _xml(package: Package, path: str) -> Any:
    return etree.fromstring(package[path.lstrip("/")])


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(map(float, text.split()))


def _expanded(delta: str) -> list[float]:
    """DeltaX with its stretches `g count value` written out."""
    parts, found = delta.split(), []
    while parts:
        if parts[0] == "g":
            found += [float(parts[2])] * int(parts[1])
            parts = parts[3:]
        else:
            found.append(float(parts.pop(0)))
    return found


class Document:
    """A package as a reader finds its way through it: from OFD.xml on, by references only."""

    def __init__(self, package: Package) -> None:
        self.package = package
        root = _xml(package, "OFD.xml").findtext(f".//{OFD}DocRoot")
        self.folder = root.rpartition("/")[0]
        self.document = _xml(package, root)
        self.reached = {"OFD.xml", root}
        self.fonts: dict[str, tuple[Any, TTFont]] = {}
        self.images: dict[str, bytes] = {}
        self._resources()

    def member(self, *parts: str) -> str:
        path = join(self.folder, *parts)
        assert path in self.package, path
        self.reached.add(path)
        return path

    def _resources(self) -> None:
        for tag in ("PublicRes", "DocumentRes"):
            resources = _xml(self.package, self.member(self.document.findtext(f".//{OFD}{tag}")))
            base = resources.attrib["BaseLoc"]
            for font in resources.iter(f"{OFD}Font"):
                path = self.member(base, font.findtext(f"{OFD}FontFile"))
                self.fonts[font.attrib["ID"]] = font, TTFont(BytesIO(self.package[path]))
            for media in resources.iter(f"{OFD}MultiMedia"):
                path = self.member(base, media.findtext(f"{OFD}MediaFile"))
                self.images[media.attrib["ID"]] = self.package[path]

    def pages(self) -> Iterator[Any]:
        templates = {
            one.attrib["ID"]: _xml(self.package, self.member(one.attrib["BaseLoc"]))
            for one in self.document.iter(f"{OFD}TemplatePage")
        }
        yield from templates.values()
        for page in self.document.iter(f"{OFD}Page"):
            content = _xml(self.package, self.member(page.attrib["BaseLoc"]))
            for used in content.iter(f"{OFD}Template"):
                assert used.attrib["TemplateID"] in templates
            yield content

    def words(self) -> Iterator[Word]:
        for page in self.pages():
            for element in page.iter(f"{OFD}TextObject"):
                yield self._word(element)

    def _word(self, element: Any) -> Word:
        _, font = self.fonts[element.attrib["Font"]]
        (code,) = element.findall(f"{OFD}TextCode")
        text = code.text
        steps = _expanded(code.attrib.get("DeltaX", ""))
        assert len(steps) == len(text) - 1
        places = [float(code.attrib["X"])]
        for step in steps:
            places.append(places[-1] + step)
        cmap = font.getBestCmap()
        glyphs = [cmap[ord(character)] for character in text]
        transform = element.find(f"{OFD}CGTransform")
        if transform is not None:
            assert dict(transform.attrib) == {
                "CodePosition": "0", "CodeCount": "1", "GlyphCount": "1",
            }  # fmt: skip
            assert element.index(transform) < element.index(code)
            assert [font.getGlyphName(int(transform.findtext(f"{OFD}Glyphs")))] == glyphs
        assert (transform is not None) == any(one > "\uffff" for one in text)
        size = float(element.attrib["Size"])
        box = _numbers(element.attrib["Boundary"])
        return Word(box, size, font, text, places, float(code.attrib["Y"]), glyphs)


def _ids(document: Document) -> Iterator[str]:
    for path, data in document.package.members.items():
        if path.endswith(".xml"):
            for element in etree.fromstring(data).iter():
                if "ID" in element.attrib:
                    yield element.attrib["ID"]


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_what_readers_rely_on_agrees(kind: dict[str, Any], length: str) -> None:
    face, package = _written(kind, length)
    document = Document(package)
    ids = list(_ids(document))
    assert len(ids) == len(set(ids))
    assert int(document.document.findtext(f".//{OFD}MaxUnitID")) == max(map(int, ids))
    for page in document.pages():
        for image in page.iter(f"{OFD}ImageObject"):
            assert document.images[image.attrib["ResourceID"]].startswith(b"\xff\xd8")
    assert document.reached == set(package)
    words = list(document.words())
    for word in words:
        _check_glyphs(word)
    _check_words(face, words)


def _check_glyphs(word: Word) -> None:
    """The box holds the ink of every glyph, and advances are those of the embedded font."""
    scale = word.size / word.font["head"].unitsPerEm
    _, _, width, height = word.box
    outlines, metrics = word.font["glyf"], word.font["hmtx"]
    for index, (name, at) in enumerate(zip(word.glyphs, word.places, strict=True)):
        advance = metrics[name][0] * scale
        if index:
            before = metrics[word.glyphs[index - 1]][0] * scale
            # marks beside each other stand half an em closer; labels are spread
            assert at - word.places[index - 1] >= before - word.size / 2 - NEAR, word.text
        if index == len(word.glyphs) - 1:
            assert at + advance <= width + NEAR, word.text
        glyph = outlines[name]
        if not glyph.numberOfContours:
            continue
        assert at + glyph.xMin * scale >= -NEAR, (word.text, name)
        assert at + glyph.xMax * scale <= width + NEAR, (word.text, name)
        assert word.baseline - glyph.yMax * scale >= -NEAR, (word.text, name)
        assert word.baseline - glyph.yMin * scale <= height + NEAR, (word.text, name)


def _check_words(face: Face, words: list[Word]) -> None:
    """Each run is one object but for characters beyond the basic plane; its advances sum."""
    left = iter(words)
    for page in face.pages:
        for run in page.runs:
            read, end = "", run.x
            is_plain = max(run.text) <= "\uffff"
            while len(read) < len(run.text):
                word = next(left)
                assert word.text == run.text if is_plain else word.text in run.text
                assert len(word.text) == 1 or max(word.text) <= "\uffff"
                start = word.box[0] + word.places[0]
                assert start == pytest.approx(run.x + sum(run.advances[: len(read)]), abs=0.02)
                read += word.text
                last = word.font["hmtx"][word.glyphs[-1]][0] * word.size / 1000
                end = word.box[0] + word.places[-1] + last
            assert read == run.text
            assert end == pytest.approx(run.x + run.width, abs=0.02 + 0.12 * run.size)
    assert next(left, None) is None


@pytest.mark.parametrize(("kind", "length"), EVERY[:1] + EVERY[2:3], ids=["usual", "rare"])
def test_fonts_may_be_embedded_and_name_what_stands_in(kind: dict[str, Any], length: str) -> None:
    _, package = _written(kind, length)
    for element, font in Document(package).fonts.values():
        assert font["OS/2"].fsType == 0
        assert element.attrib["FamilyName"] in FAMILIES
        assert element.attrib["Charset"] == "prc"
        is_bold = element.attrib.get("Bold") == "true"
        assert is_bold == (font["OS/2"].usWeightClass >= 700)
        assert is_bold == ("Bold" in element.attrib["FontName"])
        assert font["name"].getDebugName(1) == element.attrib["FontName"]
        assert font["glyf"][".notdef"].numberOfContours == 0


def test_a_date_is_one_object_so_that_a_search_finds_it() -> None:
    """In every style that a date is set in: a value, a term, under the seal."""
    kind = next(kind for kind in KINDS if kind["name"] == "食品经营许可证")
    _, package = _written(kind, "usual")
    written = [word.text for word in Document(package).words()]
    for words in ("2026年11月23日", "自2026年11月23日", "至2031年11月22日"):
        assert words in written


def test_a_name_beyond_the_basic_plane_is_shown_by_its_glyphs() -> None:
    """段强磊𬀩: a reader that walks UTF-16 units finds each such character by its glyph."""
    kind = next(kind for kind in KINDS if kind["name"] == "营业执照")
    for name in ("段强磊𬀩", "𬀩强磊", "𬀩𬱖", RARE):
        values = {**sample(kind).values, "legal_representative": name}
        face = place(catalogue.layout_for(kind["code"]), sample(kind, values=values))
        words = [word.text for word in Document(ofd.write(face, {})).words()]
        at = words.index("法定代表人") + 1
        shown = ""
        while len(shown) < len(name):
            shown += words[at]
            assert words[at] in name
            at += 1
        assert shown == name


_WRITABLE = f"{RARE}段强磊泽州县JjfQ/（）〔〕“”·，。；、0123456789ABCxyz ,.:-%"


@settings(max_examples=40, deadline=None)
@given(st.text(_WRITABLE, min_size=1, max_size=18).map(str.strip).filter(bool))
def test_any_name_is_read_back_with_its_glyphs_inside_their_boxes(name: str) -> None:
    kind = next(kind for kind in KINDS if kind["name"] == "取水许可证")
    values = {**sample(kind).values, "legal_representative": name}
    face = place(catalogue.layout_for(kind["code"]), sample(kind, values=values))
    words = list(Document(ofd.write(face, {})).words())
    for word in words:
        _check_glyphs(word)
    _check_words(face, words)
    assert "".join(name.split()) in "".join(face.text.split())


def test_a_sealed_file_counts_its_signatures_from_one(county: County) -> None:
    kind = next(kind for kind in KINDS if kind["name"] == "营业执照")
    face, package = _written(kind, "longest")
    twice = county.sealed(
        county.sealed(package, stamps=ofd.stamps(face)), stamps=ofd.stamps(face), sign_no=1
    )
    listing = _xml(twice, "Doc_0/Signs/Signatures.xml")
    assert [one.attrib["ID"] for one in listing.iter(f"{OFD}Signature")] == ["s001", "s002"]
    assert listing.findtext(f"{OFD}MaxSignId") == "s002"
    stamps: list[str] = []
    pages = {page.attrib["ID"] for page in Document(twice).document.iter(f"{OFD}Page")}
    for number in (0, 1):
        for stamp in _xml(twice, f"Doc_0/Signs/Sign_{number}/Signature.xml").iter(
            f"{OFD}StampAnnot"
        ):
            stamps.append(stamp.attrib["ID"])
            assert stamp.attrib["PageRef"] in pages
    assert stamps[:2] == ["s001a0", "s001a1"]
    assert len(stamps) == len(set(stamps))
