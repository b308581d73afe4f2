"""The code on a PDF that is brought for verification, drawn as shapes or as a picture."""

import io
from base64 import b64encode

import pypdf
import pytest
import zxingcpp
from PIL import Image

from licences.production.face.code import qr_rows
from licences.production.face.pdf import open_writer
from usage.verifying.pdf_codes import codes_in_pdf, is_pdf

pytestmark = pytest.mark.article("S.10")
ADDRESS = "https://zwfw.zezhou.example.gov.cn/v/7K4M2Q9PX3TC8WDA"


def shapes(address: str) -> str:
    squares = "".join(
        f'<path d="M{start} {row}h{length}v1h-{length}z"/>'
        for row, stretches in enumerate(qr_rows(address))
        for start, length in stretches
    )
    return f'<svg width="30mm" height="30mm" viewBox="-4 -4 50 50">{squares}</svg>'


def picture(address: str, kind: str = "PNG", mode: str = "L") -> str:
    symbol = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    out = io.BytesIO()
    Image.fromarray(symbol.to_image(scale=6)).convert(mode).save(out, kind)
    data = b64encode(out.getvalue()).decode()
    return f'<img style="width:30mm" src="data:image/{kind.lower()};base64,{data}">'


def pdf_of(*pages: str) -> bytes:
    body = "".join(
        f'<section style="break-after:page">食品经营许可证{page}</section>' for page in pages
    )
    return bytes(open_writer().HTML(string=f"<html><body>{body}</body></html>").write_pdf())


@pytest.mark.parametrize(
    "drawn",
    [
        shapes(ADDRESS),
        picture(ADDRESS),
        picture(ADDRESS, mode="RGB"),
        picture(ADDRESS, mode="1"),
        picture(ADDRESS, "JPEG"),
        f'<div style="background:#123">{picture(ADDRESS)}</div>',
        f'<div style="transform:rotate(20deg);margin:3cm">{shapes(ADDRESS)}</div>',
    ],
    ids=["shapes", "grey", "colour", "bits", "jpeg", "on dark ground", "turned"],
)
def test_code_of_a_pdf_is_read_however_it_is_drawn(drawn: str) -> None:
    assert codes_in_pdf(pdf_of(drawn)) == (ADDRESS,)


def test_codes_of_the_first_pages_are_each_given_once() -> None:
    other = ADDRESS.replace("7K4M", "8K4M")
    data = pdf_of(shapes(ADDRESS) + picture(ADDRESS), picture(other), picture("third"))
    assert set(codes_in_pdf(data)) == {ADDRESS, other}


def test_pdf_is_told_by_its_mark() -> None:
    data = pdf_of("")
    assert is_pdf(data) and is_pdf(b"\r\n" + data)
    assert not is_pdf(b"PK\x03\x04%PDF-")
    assert codes_in_pdf(b"\r\n" + pdf_of(shapes(ADDRESS))) == (ADDRESS,)
    assert codes_in_pdf(pdf_of("")) == ()


def locked(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_no_pdf_of_a_stranger_ends_in_a_traceback() -> None:
    whole = pdf_of(shapes(ADDRESS))
    for bad in (b"", b"%PDF-", b"%PDF-1.7\n" + b"1 0 obj<<" * 9000, whole[:-400], locked(whole)):
        assert codes_in_pdf(bad) in ((), (ADDRESS,))
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        changed = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        assert codes_in_pdf(changed) in ((), (ADDRESS,))


def test_stream_that_inflates_without_end_is_left_out() -> None:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(b"0 0 1 1 re f\n" * 6_000_000)
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    assert len(out.getvalue()) < 1024 * 1024
    assert codes_in_pdf(out.getvalue()) == ()


def test_forms_that_use_each_other_without_end_cost_no_more_than_a_page() -> None:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 200)
    name, make = pypdf.generic.NameObject, pypdf.generic.DictionaryObject
    form = pypdf.generic.DecodedStreamObject()
    form.set_data(b"/F Do 0 0 1 1 re f " * 5000)
    held = writer._add_object(form)
    resources = make({name("/XObject"): make({name("/F"): held})})
    form.update({name("/Subtype"): name("/Form"), name("/Resources"): resources})
    page[name("/Resources")], page[name("/Contents")] = resources, held
    out = io.BytesIO()
    writer.write(out)
    assert codes_in_pdf(out.getvalue()) == ()
