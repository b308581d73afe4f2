"""What does not fit is told at once, each at its item; pictures and annex by the kind's word."""

from dataclasses import replace
from typing import Any

import pytest

from licences.production.face import catalogue
from licences.production.face.inputs import CannotDraw, FaceInput, FaceItem, Mark, MarkKind
from licences.production.face.layout import place
from tests.licences.production.face.samples import BY_NAME, KINDS, sample
from tests.licences.production.face.test_layout import drawn, em_box


def faults_of(kind: dict[str, Any], values: dict[str, Any], **changed: Any) -> dict[str, str]:
    with pytest.raises(CannotDraw) as refused:
        drawn(kind, values={**sample(kind).values, **values}, **changed)
    return {fault.field: fault.kind for fault in refused.value.faults}


def test_every_fault_of_a_face_is_told_at_once_at_its_item() -> None:
    kind = BY_NAME["食品经营许可证"]
    found = faults_of(
        kind,
        {
            "holder_name": "甲" * 400,
            "legal_representative": "王\U0001f600",
            "address": "乙" * 300,
            "main_business": "丙" * 90,
            "supervisor": "丁\ue123",
            "hotline": "1" * 200,
        },
        issuer="戊" * 200,
        check_code="",
    )
    assert found == {
        "check_code": "missing",
        "holder_name": "too_long",
        "legal_representative": "unreadable",
        "address": "too_long",
        "main_business": "too_long",
        "supervisor": "unreadable",
        "hotline": "too_long",
        "issuer": "too_long",
    }


@pytest.mark.parametrize("kind", KINDS, ids=[kind["name"] for kind in KINDS])
def test_whatever_is_too_long_is_named_and_fits_when_cut_as_told(kind: dict[str, Any]) -> None:
    """Every text far too long: all of them are named, and cutting what is told is enough."""
    texts = [item for item in kind["items"] if item["kind"] in ("text", "long_text")]
    values: dict[str, Any] = {item["key"]: "长" * 3000 for item in texts}
    for _ in range(4):
        try:
            drawn(kind, values={**sample(kind).values, **values})
        except CannotDraw as refusal:
            told = {fault.field: fault for fault in refusal.faults}
            if _ == 0:
                rows = {row["of"] for row in _rows_that_refuse(kind)} & set(values)
                assert rows <= set(told)
            for key, fault in told.items():
                excess = int(fault.sentence.split("多出")[1].split("个字")[0])
                assert 0 < excess <= len(values[key])
                values[key] = values[key][: len(values[key]) - excess]
        else:
            return
    pytest.fail("what was told was not enough")


def _rows_that_refuse(kind: dict[str, Any]) -> list[dict[str, Any]]:
    layout = catalogue.layout_for(kind["code"])
    rows: list[dict[str, Any]] = []
    for box in layout["boxes"]:
        if box["kind"] == "fields" and box["rows"] != "items":
            rows += [row for row in box["rows"] if row.get("overflow") != "annex"]
        elif box["kind"] == "fields":
            rows += [{"of": one["key"]} for one in kind["items"] if one["kind"] == "text"]
    return rows


def test_a_kind_says_which_long_texts_go_to_the_annex() -> None:
    kind = BY_NAME["食品经营许可证"]
    values = {**sample(kind).values, "address": "山西省晋城市" * 60}
    assert faults_of(kind, values) == {"address": "too_long"}
    items = tuple(
        replace(item, overflow="annex") if item.key == "address" else item
        for item in sample(kind).items
    )
    face = drawn(kind, values=values, items=items)
    front = "".join(run.text for run in face.pages[0].runs if run.of == "address")
    assert front.endswith("……（全文见附页）")
    annex = "".join(run.text for run in face.pages[1].runs if run.of == "address")
    assert annex == values["address"]
    scope = BY_NAME["营业执照"]
    items = tuple(
        replace(item, overflow="refuse") if item.key == "business_scope" else item
        for item in sample(scope).items
    )
    assert faults_of(scope, {"business_scope": "甲" * 4000}, items=items) == {
        "business_scope": "too_long"
    }


def test_a_photo_of_any_kind_stands_on_the_default_face() -> None:
    kind = BY_NAME["退役军人优待证"]
    face = drawn(kind, "longest")
    (picture,) = face.pages[0].pictures
    assert (picture.of, picture.at) == ("photo", (155, 84.5, 25, 35))
    for run in face.pages[0].runs:
        left, top, right, bottom = em_box(run)
        assert right <= 155 or left >= 180 or bottom <= 84.5 or top >= 119.5, run
    with pytest.raises(CannotDraw, match="缺少“照片”"):
        drawn(kind, photos={})
    preview = drawn(kind, photos={}, mark=Mark(MarkKind.PREVIEW))
    assert "照片位置" in preview.text


def _with_photos(count: int, *, required: bool) -> FaceInput:
    kind = BY_NAME["取水许可证"]
    pictures = tuple(
        FaceItem(f"photo_{number}", f"照片{number}", "image", required) for number in range(count)
    )
    return sample(kind, items=(*sample(kind).items, *pictures))


def test_several_photos_stand_below_each_other_and_an_optional_one_may_be_missing() -> None:
    layout = catalogue.layout_for(BY_NAME["取水许可证"]["code"])
    photo = sample(BY_NAME["结婚证"]).photos["photo"]
    given = replace(
        _with_photos(3, required=True), photos={f"photo_{number}": photo for number in range(3)}
    )
    page = place(layout, given).pages[0]
    assert [picture.of for picture in page.pictures] == ["photo_0", "photo_1", "photo_2"]
    tops = [picture.at[1] for picture in page.pictures]
    assert tops == sorted(tops)
    assert "照片2" in "".join(run.text for run in page.runs)
    catalogue.validate(layout, given.items)
    bare = place(layout, _with_photos(1, required=False))
    assert bare.pages[0].pictures == ()
    assert bare.pages[0].runs == place(layout, sample(BY_NAME["取水许可证"])).pages[0].runs
    with pytest.raises(catalogue.LayoutUnfit, match="没有必填的数据项“照片3”"):
        catalogue.validate(layout, _with_photos(4, required=True).items)
