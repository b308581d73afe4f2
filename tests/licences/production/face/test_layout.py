"""Every kind with every length of data is placed inside its page, whole and legible."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from licences.production.face import catalogue
from licences.production.face.fonts import face_font
from licences.production.face.inputs import CannotDraw, FaceInput, FaceItem, Mark, MarkKind
from licences.production.face.layout import place, preflight
from licences.production.face.primitives import Face, Page, Run
from tests.licences.production.face.samples import BY_NAME, KINDS, LENGTHS, RARE, sample

EVERY = [(kind, length) for kind in KINDS for length in LENGTHS]
EVERY_NAME = [f"{kind['name']}-{length}" for kind, length in EVERY]


def drawn(kind: dict[str, Any], length: str = "usual", **changed: Any) -> Face:
    return place(catalogue.layout_for(kind["code"]), sample(kind, length, **changed))


def em_box(run: Run) -> tuple[float, float, float, float]:
    """Left, top, right, bottom; without the empty half of a mark at either end."""
    left, right = run.x, run.x + run.width
    if run.text[0] in "（《〔“「":
        left += run.size / 2
    if run.text[-1] in "，。；、）：》〕”」":
        right -= run.size / 2
    return left, run.baseline - 0.88 * run.size, right, run.baseline + 0.12 * run.size


def text_of(face: Face) -> str:
    return face.text.replace("\n", "")


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_nothing_stands_outside_the_margin(kind: dict[str, Any], length: str) -> None:
    face = drawn(kind, length)
    top, right, bottom, left = face.margin
    for page in face.pages:
        for run in page.runs:
            box = em_box(run)
            assert box[0] >= left - 0.01, run
            assert box[1] >= top - 0.01, run
            assert box[2] <= face.width - right + 0.01, run
            assert box[3] <= face.height - bottom + 0.01, run


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_every_character_has_a_glyph_and_words_do_not_meet(
    kind: dict[str, Any], length: str
) -> None:
    face = drawn(kind, length)
    for page in face.pages:
        boxes = []
        for run in page.runs:
            assert all(face_font(run.font).has(character) for character in run.text)
            boxes.append((em_box(run), run))
        for number, (one, run) in enumerate(boxes):
            for other, other_run in boxes[number + 1 :]:
                meets = (
                    min(one[2], other[2]) - max(one[0], other[0]) > 0.02
                    and min(one[3], other[3]) - max(one[1], other[1]) > 0.02
                )
                assert not meets, (run, other_run)


def _clear_of_seal(page: Page, over: set[str]) -> None:
    seal = page.seal
    assert seal is not None
    for run in page.runs:
        if run.of in over:
            continue
        left, top, right, bottom = em_box(run)
        near_x = min(max(seal.x, left), right)
        near_y = min(max(seal.y, top), bottom)
        distance = ((near_x - seal.x) ** 2 + (near_y - seal.y) ** 2) ** 0.5
        assert distance >= seal.diameter / 2 - 0.6, run


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_the_seal_lies_over_issuer_and_date_only(kind: dict[str, Any], length: str) -> None:
    layout = catalogue.layout_for(kind["code"])
    over = next(set(box["over"]) for box in layout["boxes"] if box["kind"] == "seal")
    for page in drawn(kind, length).pages:
        _clear_of_seal(page, over)


@pytest.mark.parametrize(("kind", "length"), EVERY, ids=EVERY_NAME)
def test_every_required_value_is_read_whole(kind: dict[str, Any], length: str) -> None:
    """Whole on the front, or whole on the annex; a blank is lost where a line is broken."""
    face = drawn(kind, length)
    given = sample(kind, length).values
    written = text_of(face).replace(" ", "")
    for item in kind["items"]:
        value = given[item["key"]]
        if item["kind"] in ("image", "date", "datetime") or not value:
            continue
        for part in [value] if isinstance(value, str) else value:
            assert part.replace("\n", "").replace(" ", "") in written


def test_same_input_same_face() -> None:
    kind = BY_NAME["营业执照"]
    assert drawn(kind, "longest") == drawn(kind, "longest")


def test_dates_and_terms_are_chinese() -> None:
    text = text_of(drawn(BY_NAME["食品经营许可证"], issued_on=date(2026, 1, 3)))
    assert "2026年1月3日" in text
    assert "自2026年11月23日至2031年11月22日" in text
    assert "长期" in text_of(drawn(BY_NAME["食品经营许可证"], long_term=True))
    birth = text_of(drawn(BY_NAME["出生医学证明"]))
    assert "2026年11月23日8时5分" in birth


def test_an_empty_required_place_shows_a_stroke_and_an_optional_row_goes() -> None:
    proof = BY_NAME["不动产登记证明"]
    values = {**sample(proof).values, "other": ""}
    assert "其他／" in text_of(drawn(proof, values=values))
    birth = BY_NAME["出生医学证明"]
    values = {**sample(birth).values, "father_name": ""}
    assert "父亲姓名" not in text_of(drawn(birth, values=values))


def test_the_label_follows_the_entity_type() -> None:
    text = text_of(drawn(BY_NAME["营业执照"], representative_label="经营者"))
    assert "经营者常书宁" in text
    assert "法定代表人" not in text


def test_several_holders_are_joined_as_the_form_wishes() -> None:
    proof = BY_NAME["不动产登记证明"]
    values = {**sample(proof).values, "holder_name": ["王喆", "李㛃"]}
    assert "王喆、李㛃" in text_of(drawn(proof, values=values))
    runs = drawn(BY_NAME["结婚证"]).pages[0].runs
    holders = [run for run in runs if run.of == "holder_name"]
    assert [run.text for run in holders] == ["王文博", "李书宁"]
    assert holders[0].baseline < holders[1].baseline


def test_a_unit_number_is_printed_in_groups() -> None:
    text = drawn(BY_NAME["不动产登记证明"]).text
    assert "140525 001001 GB00018 F00030112" in text


def test_the_check_code_is_printed_in_fours() -> None:
    assert "校验码  7K4M-2Q9P" in drawn(BY_NAME["取水许可证"]).text


def test_a_rare_name_keeps_one_face() -> None:
    runs = drawn(BY_NAME["营业执照"], "rare").pages[0].runs
    name = [run for run in runs if run.of == "legal_representative"]
    assert [(run.text, run.font) for run in name] == [(RARE, "kai-bold+hei")]


def test_a_long_scope_ends_in_a_hint_and_stands_whole_on_the_annex() -> None:
    kind = BY_NAME["营业执照"]
    face = drawn(kind, "longest")
    front = "".join(run.text for run in face.pages[0].runs if run.of == "business_scope")
    assert front.endswith("；……（全文见附页）")
    annex = "".join(run.text for run in face.pages[1].runs if run.of == "business_scope")
    assert annex == sample(kind, "longest").values["business_scope"]
    words = "".join(run.text for run in face.pages[1].runs)
    assert words.startswith("营业执照附页编号  91140525MA00001230经营范围")
    assert "校验码  7K4M-2Q9P" in words
    assert face.pages[1].seal == face.pages[0].seal


def test_four_thousand_characters_fill_several_annex_pages() -> None:
    kind = BY_NAME["营业执照"]
    scope = ("技术服务、技术开发；" * 400)[:4000]
    face = drawn(kind, values={**sample(kind).values, "business_scope": scope})
    assert len(face.pages) == 5
    annex = "".join(
        run.text for page in face.pages[1:] for run in page.runs if run.of == "business_scope"
    )
    assert annex == scope
    assert "附页（四）" in face.text


def test_a_value_too_long_is_refused_with_its_excess() -> None:
    kind = BY_NAME["营业执照"]
    values = {**sample(kind).values, "legal_representative": "甲" * 40}
    face_input = sample(kind, values=values)
    layout = catalogue.layout_for(kind["code"])
    with pytest.raises(CannotDraw) as refused:
        preflight(layout, face_input)
    assert refused.value.item_key == "legal_representative"
    excess = 40 - 23  # 91 mm hold 23 characters of 5.1 mm times 0.75
    assert f"“法定代表人（负责人）”的内容太长，按最小的清晰字号仍排不下，多出{excess}个字" in str(
        refused.value
    )
    values["legal_representative"] = "甲" * 23
    preflight(layout, replace(face_input, values=values))


def test_characters_without_glyph_and_private_ones_are_refused() -> None:
    kind = BY_NAME["食品经营许可证"]
    for value, said in (
        ("王\U0001f600", "（U+1F600）没有可用的字形"),
        ("王\ue123", "自造字（U+E123）"),
    ):
        values = {**sample(kind).values, "legal_representative": value}
        with pytest.raises(CannotDraw) as refused:
            drawn(kind, values=values)
        assert refused.value.item_key == "legal_representative"
        assert said in refused.value.sentence


def test_a_malformed_date_is_refused() -> None:
    kind = BY_NAME["林木采伐许可证"]
    with pytest.raises(CannotDraw, match="“采伐期限起”不是有效的日期：2026年"):
        drawn(kind, values={**sample(kind).values, "from_on": "2026年"})


@pytest.mark.parametrize(
    "missing", ["issuer", "issued_on", "identifier", "check_code", "verify_url"]
)
def test_an_effective_face_needs_all_that_makes_it_checkable(missing: str) -> None:
    with pytest.raises(CannotDraw) as refused:
        drawn(BY_NAME["取水许可证"], **{missing: None if missing == "issued_on" else ""})
    assert refused.value.item_key == missing


def test_a_marriage_certificate_needs_a_photo_that_can_be_read() -> None:
    kind = BY_NAME["结婚证"]
    with pytest.raises(CannotDraw, match="缺少“照片”"):
        drawn(kind, photos={})
    with pytest.raises(CannotDraw, match="“照片”无法读取"):
        drawn(kind, photos={"photo": b"GIF89a"})


def test_a_preview_has_neither_code_nor_seal() -> None:
    kind = BY_NAME["林木采伐许可证"]
    face = drawn(
        kind,
        mark=Mark(MarkKind.PREVIEW),
        identifier="",
        check_code="",
        verify_url="",
        issued_on=None,
        number="",
    )
    page = face.pages[0]
    assert (page.code, page.seal) == (None, None)
    assert [shape.shape for shape in page.outlines] == ["box", "disc"]
    for words in ("二维码位置", "印章位置", "证照标识  签章后生成", "编号  签章后生成"):
        assert words in face.text
    assert page.mark is not None
    assert page.mark.words == "预览 · 未签章无效"


def test_specimen_and_copy_carry_their_words() -> None:
    kind = BY_NAME["食品经营许可证"]
    specimen = drawn(kind, mark=Mark(MarkKind.SPECIMEN)).pages[0].mark
    assert specimen is not None
    assert (specimen.words, len(specimen.centres)) == ("样本", 1)
    note = "加注件　事由：资格审查　打印或者转换后视同复印件"
    copy = drawn(kind, mark=Mark(MarkKind.COPY, "仅限资格审查使用"), copy_note=note)
    assert note in copy.text
    mark = copy.pages[0].mark
    assert mark is not None
    assert mark.words == "仅限资格审查使用"
    assert len(mark.centres) > 10
    with pytest.raises(CannotDraw, match="加注件缺少用途"):
        drawn(kind, mark=Mark(MarkKind.COPY))


def test_a_value_may_not_reach_the_page_as_markup() -> None:
    layout = catalogue.layout_for("none")
    face_input = FaceInput(
        kind_name="试证",
        items=(FaceItem("holder_name", "名称", "text"),),
        values={"holder_name": "<b>&"},
        mark=Mark(MarkKind.PREVIEW),
        issuer="某局",
    )
    assert "<b>&" in place(layout, face_input).text
