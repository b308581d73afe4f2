"""Photos for a face: sound ones pass, each way of being unsound has its sentence (M.7)."""

import io
import struct
import zlib
from importlib import import_module

import pytest
from PIL import Image

from licences.applications.photo_rules import photo_fault
from licences.catalogue.specimen_values import specimen_photo, specimen_values
from licences.data_items import DataItem

BROKEN = "照片文件打不开，可能已损坏。请重新选择"


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height)).save(buffer, kind)
    return buffer.getvalue()


def claiming(width: int, height: int) -> bytes:
    """The head of a picture that says it is larger than any that is opened."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


@pytest.mark.parametrize(
    ("data", "media_type", "fault"),
    [
        (picture(150, 6000), "image/png", ""),
        (picture(200, 150, "JPEG"), "image/jpeg", ""),
        (picture(200, 200, "GIF"), "image/gif", "照片要用 JPG 或 PNG 文件"),
        (picture(149, 400), "image/png", "照片太小，短边至少 150 像素，现在是 149 像素"),
        (picture(400, 149), "image/png", "照片太小，短边至少 150 像素，现在是 149 像素"),
        (picture(6001, 200), "image/png", "照片太大，长边最多 6000 像素，现在是 6001 像素"),
        (picture(400, 400)[:-30], "image/png", BROKEN),
        (b"not a picture", "image/jpeg", BROKEN),
        (b"", "image/png", BROKEN),
        (claiming(40_000, 40_000), "image/png", BROKEN),
    ],
    ids=[
        "tall", "jpeg", "gif", "narrow", "low", "wide", "cut off", "text", "nothing", "bomb",
    ],
)  # fmt: skip
def test_photo_when_judged_then_passes_or_says_what_to_do(data, media_type, fault) -> None:
    assert photo_fault(data, media_type) == fault


def test_photo_when_cut_off_then_refused_also_where_reading_copies_are_made() -> None:
    # WeasyPrint tells Pillow to fill up cut-off pictures, in every process that loads it.
    assert import_module("licences.production.face.pdf").open_writer()
    for kind, media_type in (("PNG", "image/png"), ("JPEG", "image/jpeg")):
        whole = picture(400, 400, kind)
        assert photo_fault(whole, media_type) == ""
        assert photo_fault(whole[: len(whole) // 2], media_type) == BROKEN


def test_specimen_when_shown_then_every_item_has_a_made_up_value() -> None:
    items = [
        DataItem("holder_name", "名称", "text"),
        DataItem("purpose", "用途", "long_text"),
        DataItem("main_business", "业态", "choice", choices=("销售", "餐饮")),
        DataItem("born", "出生", "date"),
        DataItem("photo", "照片", "image"),
        DataItem("number", "号码", "citizen_id"),
    ]
    assert specimen_values(items) == {
        "holder_name": "泽州县丹河样例商贸有限公司",
        "purpose": "农村生活用水",
        "main_business": "销售",
        "born": "2026-01-01",
        "number": "14052519900101****",
    }
    assert specimen_values(items[:1], "person") == {"holder_name": "张样例"}
    assert specimen_values([DataItem("item_1", "经营者姓名", "text", max_length=2)]) == {
        "item_1": "李样"
    }


def test_specimen_photo_when_shown_then_it_is_plain_grey_and_would_pass() -> None:
    assert photo_fault(specimen_photo(), "image/png") == ""
    with Image.open(io.BytesIO(specimen_photo())) as shown:
        assert (shown.size, shown.getcolors()) == ((480, 320), [(153_600, (228, 230, 228))])
