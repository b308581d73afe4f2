"""OFD, PDF and SVG of the same face: same words, same order, same places, same bytes."""

import re
from io import BytesIO
from typing import Any

import ofdkit
import pypdf
import pytest
import zxingcpp
from lxml import etree
from PIL import Image, ImageDraw

from licences.production.face import catalogue, ofd, pdf, svg
from licences.production.face.fonts import FontMissing, font_path
from licences.production.face.inputs import Mark, MarkKind
from licences.production.face.layout import place
from licences.production.face.pdf_words import pieces_of
from licences.production.face.primitives import Code, Face
from licences.production.face.subsets import subsets_of
from tests.licences.production.face.samples import BY_NAME, KINDS, LENGTHS, VERIFY_URL, sample

OFD = "{http://www.ofdspec.org/2016}"
POINTS = 72 / 25.4  # a millimetre
METADATA = {"ZZBS": "1.2.156.3005.2.x", "CZZT": ["王喆", "李㛃<&>"], "KZ_other": "其他"}
EVERY = [(kind, length) for kind in KINDS for length in LENGTHS]
EVERY_NAME = [f"{kind['name']}-{length}" for kind, length in EVERY]
FEW = ["食品经营许可证", "营业执照", "结婚证", "不动产登记证明", "取水许可证"]


def drawn(kind: dict[str, Any], length: str = "usual", **changed: Any) -> Face:
    return place(catalogue.layout_for(kind["code"]), sample(kind, length, **changed))


def flat(text: str) -> str:
    return "".join(text.split())


def seal_png() -> bytes:
    image = Image.new("RGBA", (640, 640), (214, 0, 20, 0))
    ImageDraw.Draw(image).ellipse((8, 8, 632, 632), outline=(214, 0, 20, 230), width=18)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_another_program_reads_the_ofd(kind: dict[str, Any], length: str) -> None:
    face = drawn(kind, length)
    document = ofdkit.open(BytesIO(ofd.write(face, METADATA).to_zip()))
    assert len(document.pages) == len(face.pages)
    for page, wanted in zip(document.pages, face.pages, strict=True):
        assert (page.width, page.height) == (face.width, face.height)
        read = "".join(run.text for run in page.runs)
        assert read == "".join(run.text for run in wanted.runs)
        starts: dict[str, list[tuple[float, float]]] = {}
        for run in page.runs:
            starts.setdefault(run.text[0], []).append((run.x, run.y))
        for run in wanted.runs:
            assert any(
                abs(x - run.x) < 0.01 and abs(y - run.baseline) < 0.01
                for x, y in starts[run.text[0]]
            ), run


@pytest.mark.parametrize("name", FEW)
def test_the_ofd_is_sound(name: str) -> None:
    face = drawn(BY_NAME[name], "rare")
    package = ofd.write(face, METADATA)
    numbers: list[int] = []
    for member, data in package.members.items():
        if not member.endswith(".xml"):
            continue
        for element in etree.fromstring(data).iter():
            if "ID" in element.attrib:
                numbers.append(int(element.attrib["ID"]))
            if "Boundary" in element.attrib:
                x, y, width, height = map(float, element.attrib["Boundary"].split())
                assert x >= 0 and y >= 0 and width > 0 and height > 0
                assert x + width <= face.width and y + height <= face.height
            if element.tag == f"{OFD}TextCode":
                _check_advances(element)
    assert len(numbers) == len(set(numbers))
    document = etree.fromstring(package["Doc_0/Document.xml"])
    assert int(document.findtext(f".//{OFD}MaxUnitID") or 0) == max(numbers)
    resources = etree.fromstring(package["Doc_0/PublicRes.xml"])
    for font in resources.iter(f"{OFD}Font"):
        assert f"Doc_0/Res/{font.attrib['FontName']}.ttf" in package


def _check_advances(element: Any) -> None:
    """One advance fewer than characters; beyond the basic plane only as the last one."""
    numbers = element.attrib.get("DeltaX", "").split()
    count = 0
    while numbers:
        if numbers[0] == "g":
            count += int(numbers[1])
            numbers = numbers[3:]
        else:
            count += 1
            numbers = numbers[1:]
    assert count == len(element.text) - 1
    assert all(character <= "\uffff" for character in element.text[:-1])


def test_the_ofd_carries_its_metadata_and_points_to_the_signatures() -> None:
    face = drawn(BY_NAME["食品经营许可证"])
    root = etree.fromstring(ofd.write(face, METADATA)["OFD.xml"])
    found = [(e.attrib["Name"], e.text) for e in root.iter(f"{OFD}CustomData")]
    assert found == [
        ("ZZBS", "1.2.156.3005.2.x"),
        ("CZZT", "王喆"),
        ("CZZT", "李㛃<&>"),
        ("KZ_other", "其他"),
    ]
    assert root.findtext(f".//{OFD}Signatures") == "/Doc_0/Signs/Signatures.xml"
    assert re.fullmatch("[0-9a-f]{32}", root.findtext(f".//{OFD}DocID") or "")
    other = drawn(BY_NAME["食品经营许可证"], identifier="1.2.156.3005.2.other")
    assert ofd.write(other, METADATA)["OFD.xml"] != ofd.write(face, METADATA)["OFD.xml"]


def test_the_seal_has_its_place_on_every_page() -> None:
    face = drawn(BY_NAME["营业执照"], "longest")
    places = ofd.stamps(face)
    assert [(s.x, s.y, s.width, s.height) for s in places] == [(208.5, 130.2, 42, 42)] * 2
    package = ofd.write(face, METADATA)
    pages = etree.fromstring(package["Doc_0/Document.xml"]).iter(f"{OFD}Page")
    assert [s.page_id for s in places] == [page.attrib["ID"] for page in pages]
    assert ofd.stamps(drawn(BY_NAME["营业执照"], mark=Mark(MarkKind.PREVIEW))) == ()


def test_a_subset_holds_the_face_and_nobody_else() -> None:
    face = drawn(BY_NAME["食品经营许可证"], "rare")
    drawn(BY_NAME["食品经营许可证"], "longest")
    from fontTools.ttLib import TTFont

    fonts = {name: TTFont(BytesIO(data)) for name, data in subsets_of(face).items()}
    shown = {run.font: set() for page in face.pages for run in page.runs}
    for run in face.pages[0].runs:
        shown[run.font] |= set(run.text)
    assert set(map(chr, fonts["kai-bold+hei"].getBestCmap())) == shown["kai-bold+hei"]
    for name, font in fonts.items():
        assert "glyf" in font
        cmap = font.getBestCmap()
        assert all(ord(character) in cmap for character in shown[name])
    width, _ = fonts["song-bold"]["hmtx"][fonts["song-bold"].getBestCmap()[ord("食")]]
    assert width == 1000


@pytest.mark.parametrize("name", FEW)
def test_the_same_face_gives_the_same_bytes(name: str) -> None:
    first, second = drawn(BY_NAME[name], "longest"), drawn(BY_NAME[name], "longest")
    assert ofd.write(first, METADATA).to_zip() == ofd.write(second, METADATA).to_zip()
    seal = seal_png()
    assert svg.picture(first, seal_png=seal) == svg.picture(second, seal_png=seal)
    assert pdf.reading_copy(first, seal_png=seal) == pdf.reading_copy(second, seal_png=seal)


@pytest.mark.parametrize("name", FEW)
def test_the_reading_copy_has_the_words_and_places_of_the_face(name: str) -> None:
    face = drawn(
        BY_NAME[name],
        "usual",
        copy_note="阅览件　本件由电子证照转换生成，视同复印件；以扫码查验结果为准",
    )
    reader = pypdf.PdfReader(BytesIO(pdf.reading_copy(face, seal_png=seal_png())))
    assert len(reader.pages) == len(face.pages)
    for page, wanted in zip(reader.pages, face.pages, strict=True):
        assert float(page.mediabox.width) == pytest.approx(face.width * POINTS, abs=0.01)
        read = page.extract_text()
        assert flat(read) == flat("".join(run.text for run in wanted.runs))
        assert "视同复印件" in flat(read)
        starts = [piece for run in wanted.runs for piece in pieces_of(run)]
        placed = _placed(page, face.height)
        assert len(placed) == len(starts)
        for piece, (x, y) in zip(starts, placed, strict=True):
            assert abs(x - piece.x) < 0.1, piece
            assert abs(y - piece.baseline) < 0.1, piece


def _placed(page: Any, height: float) -> list[tuple[float, float]]:
    """Where each stretch of text begins in a PDF page, in millimetres from the top left."""
    found: list[tuple[float, float]] = []

    def before(operator: bytes, operands: Any, cm: Any, _tm: Any) -> None:
        if operator == b"Tm":
            x, y = map(float, operands[4:6])
            found.append(
                (
                    (x * cm[0] + y * cm[2] + cm[4]) / POINTS,
                    height - (x * cm[1] + y * cm[3] + cm[5]) / POINTS,
                )
            )

    page.extract_text(visitor_operand_before=before)
    return found


@pytest.mark.parametrize("name", FEW)
def test_title_and_labels_of_the_reading_copy_are_read_as_words(name: str) -> None:
    """Words set apart by their layout are still words to a search and to a reading voice."""
    face = drawn(BY_NAME[name])
    lines = pypdf.PdfReader(BytesIO(pdf.reading_copy(face, seal_png=None))).pages[0].extract_text()
    assert name in lines.splitlines()
    spread = [run for run in face.pages[0].runs if run.width > len(run.text) * run.size * 1.1]
    for run in spread:
        assert run.text in lines, run.text


def test_the_reading_copy_is_tagged_titled_and_in_chinese() -> None:
    kind = BY_NAME["结婚证"]
    note = "加注件　仅限入学使用 · 有效至2026年12月1日　视同复印件"
    face = drawn(kind, mark=Mark(MarkKind.COPY, "仅限入学使用"), copy_note=note)
    reader = pypdf.PdfReader(BytesIO(pdf.reading_copy(face, seal_png=seal_png())))
    catalogue_ = reader.root_object
    assert catalogue_["/Lang"] == "zh-CN"
    assert catalogue_["/MarkInfo"]["/Marked"] == "true" or catalogue_["/MarkInfo"]["/Marked"]
    assert catalogue_["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (reader.metadata.title, reader.metadata.subject) == ("结婚证", "仅限入学使用")
    assert b"pdfuaid" in catalogue_["/Metadata"].get_data()
    told = list(_told(reader))
    assert told[0] == ("/H1", "")
    assert [alt for tag, alt in told if tag == "/Figure"] == ["照片", "查验二维码", "电子印章图样"]
    assert sum(tag == "/P" for tag, _ in told) > 10
    # the last paragraph before the pictures: for what, until when
    assert note in reader.pages[0].extract_text()


def _told(reader: Any) -> Any:
    """Tags with what stands for their pictures, in reading order."""

    def walk(element: Any) -> Any:
        element = element.get_object()
        if not isinstance(element, dict):
            return
        if "/S" in element:
            yield element["/S"], str(element.get("/Alt", ""))
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            yield from walk(kid)

    root = reader.root_object["/StructTreeRoot"]
    yield from (one for one in walk(root) if one[0] in ("/H1", "/P", "/Figure"))


def _raster(code: Code, page: tuple[float, float]) -> Image.Image:
    """The symbol alone on a white page at 150 dpi."""
    dots = 150 / 25.4
    image = Image.new("L", (round(page[0] * dots), round(page[1] * dots)), 255)
    draw = ImageDraw.Draw(image)
    x, y, width, _ = code.at
    module = width / code.modules
    for row, stretches in enumerate(code.rows):
        for start, length in stretches:
            left, right = x + start * module, x + (start + length) * module
            draw.rectangle(
                (
                    round(left * dots),
                    round((y + row * module) * dots),
                    round(right * dots) - 1,
                    round((y + (row + 1) * module) * dots) - 1,
                ),
                fill=0,
            )
    return image


@pytest.mark.parametrize("name", FEW)
def test_the_code_is_read_from_150_dpi_and_leads_to_the_check_page(name: str) -> None:
    face = drawn(BY_NAME[name])
    code = face.pages[0].code
    assert code is not None
    read = zxingcpp.read_barcode(_raster(code, (face.width, face.height)))
    assert read is not None
    assert (read.text, read.ec_level) == (VERIFY_URL, "M")
    assert code.at[2] / code.modules >= 0.4
    assert re.search(r"校验码  7K4M-2Q9P", face.text)


@pytest.mark.parametrize("name", FEW)
def test_the_picture_holds_to_the_strictest_policy(name: str) -> None:
    face = drawn(BY_NAME[name], mark=Mark(MarkKind.SPECIMEN))
    picture = svg.picture(face, seal_png=seal_png())
    root = etree.fromstring(picture)
    assert len(picture) < 230_000
    assert root.attrib["viewBox"] == f"0 0 {face.width} {face.height}"
    for element in root.iter():
        assert not {"style", "class", "onload"} & set(element.attrib)
        tag = etree.QName(element).localname
        assert tag not in ("style", "script", "foreignObject", "text")
        target = element.attrib.get("href", "#")
        assert target.startswith(("#", "data:image/"))


def test_a_missing_font_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("PORTAL_FACE_FONTS", str(tmp_path))
    with pytest.raises(FontMissing, match=r"缺少照面字体 LXGW WenKai Bold.*fonts-lxgw-wenkai"):
        font_path("kai-bold")
