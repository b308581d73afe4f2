"""Zips as they come out of forms, mail and other writers: a thousand placements, one content.

What has one reading is read, whatever stands around it; what has two is not.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seals.documents.budget import Budget
from seals.documents.locating import Locator
from seals.documents.package import BadPackage, Limits, Package, read_package
from tests.seals.test_package import MEMBERS, refused, zipped

WHOLE = Package(MEMBERS).to_zip()
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
foreign = st.binary(max_size=300).filter(lambda data: LOCAL not in data)


def moved(data: bytes, by: int) -> bytes:
    """Give the zip with every offset told anew for so many bytes in front."""
    out, at = bytearray(data), data.index(CENTRAL)
    end = data.index(END)
    start = struct.unpack_from("<L", data, end + 16)[0]
    struct.pack_into("<L", out, end + 16, start + by)
    for _ in range(struct.unpack_from("<H", data, end + 10)[0]):
        offset = struct.unpack_from("<L", data, at + 42)[0]
        struct.pack_into("<L", out, at + 42, offset + by)
        at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    return bytes(out)


def commented(data: bytes, comment: bytes) -> bytes:
    return data[:-2] + struct.pack("<H", len(comment)) + comment


@settings(max_examples=1000, deadline=None)
@given(before=foreign, behind=foreign, is_moved=st.booleans(), comment=foreign)
def test_bytes_before_and_behind_the_zip_change_nothing(before, behind, is_moved, comment):
    data = moved(WHOLE, len(before)) if is_moved else WHOLE
    data = before + commented(data, comment) + behind
    assert dict(read_package(data).members) == MEMBERS


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(st.sampled_from([END, CENTRAL, b"PK\x06\x06", b"PK\x06\x07", b"\0" * 22, b"x"])),
    is_comment=st.booleans(),
)
def test_marks_in_the_comment_or_behind_it_change_nothing(parts, is_comment):
    noise = b"".join(parts)
    data = commented(WHOLE, noise) if is_comment else WHOLE + noise
    assert dict(read_package(data).members) == MEMBERS


@settings(max_examples=200, deadline=None)
@given(trailing=foreign, place=st.sampled_from(["OFD.xml", "Doc_0/字体.ttf"]))
def test_bytes_behind_a_deflate_stream_change_nothing(trailing, place):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = packer.compress(MEMBERS[place]) + packer.flush() + trailing
    out = bytearray(zipped([(place, content)]))
    at = out.rindex(CENTRAL)  # what trails may bear the same mark
    for field in (8, at + 10):
        struct.pack_into("<H", out, field, 8)
    crc = zlib.crc32(MEMBERS[place])
    struct.pack_into("<LLL", out, at + 16, crc, len(content), len(MEMBERS[place]))
    assert read_package(bytes(out)).members == {place: MEMBERS[place]}


def test_second_zip_before_behind_or_between_is_not_read_for_having_two_readings():
    other = zipped([("OFD.xml", b"another")])
    for data in (other + WHOLE, WHOLE + other, other + moved(WHOLE, len(other))):
        assert refused(data) == "unlisted_member"
    hidden = other[: other.index(CENTRAL)]
    start = WHOLE.index(CENTRAL)
    end = bytearray(WHOLE[start:])
    struct.pack_into("<L", end, end.index(END) + 16, start + len(hidden))
    assert refused(WHOLE[:start] + hidden + bytes(end)) == "unlisted_member"
    assert refused(commented(WHOLE, other)) == "unlisted_member"


def test_directory_that_leaves_a_member_out_is_not_read():
    both = zipped([("a", b"1"), ("b", b"2")])
    at = both.index(CENTRAL)
    one = bytearray(both[:at] + both[at + 47 :])
    end = one.index(END)
    struct.pack_into("<HHL", one, end + 8, 1, 1, 47)
    assert refused(bytes(one)) == "unlisted_member"


def test_prefix_of_a_zip64_is_read():
    data = zipped([("a", b"content")])
    end = data.index(END)
    size, start = struct.unpack_from("<LL", data, end + 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, *(2 * [0xFFFFFFFF]), 0)
    whole = data[:end] + record + locator + last
    assert read_package(b"\r\n--form\r\n\r\n" + whole + b"\r\n").members == {"a": b"content"}


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 98, 99])
def test_other_compression_is_refused_with_its_own_reason(method):
    data = bytearray(zipped([("a", b"content")]))
    struct.pack_into("<H", data, data.index(CENTRAL) + 10, method)
    assert refused(bytes(data)) == "unknown_compression"


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_password_is_told_as_such(flag):
    data = bytearray(zipped([("a", b"content")]))
    struct.pack_into("<H", data, data.index(CENTRAL) + 8, flag)
    assert refused(bytes(data)) == "encrypted"
    assert refused(b"foreign" + bytes(data)) == "encrypted"


def test_thousands_of_members_are_read():
    members = [(f"Doc_0/Pages/Page_{n}/Content.xml", b"<p/>") for n in range(8000)]
    assert len(read_package(zipped(members)).members) == 8000


def test_what_may_be_inflated_grows_with_the_file():
    limits = Limits()
    assert limits.inflated(4 * 1024) < 9 * 1024 * 1024
    assert limits.inflated(1024 * 1024) > 64 * 1024 * 1024
    assert limits.inflated(50 * 1024 * 1024) == limits.total_bytes
    assert limits.package_bytes == 50 * 1024 * 1024


NAMES = ["Doc_0/Res/资料 一.png", "Doc_0/Res/Étude.png", "Doc_0/Pages/Page_0/Content.xml"]


def spelled(data, name: str) -> str:
    """Give the name in another spelling."""
    change = data.draw(
        st.sampled_from(
            [
                str.lower,
                str.upper,
                lambda text: unicodedata.normalize("NFD", text),
                lambda text: unicodedata.normalize("NFC", text),
                quote,
                lambda text: quote(text).lower(),
                lambda text: text.replace("/", "\\"),
                lambda text: text.replace("/", "//"),
                lambda text: text.replace("/", "/./"),
                lambda text: f"/{text}",
                lambda text: f"./{text}",
                lambda text: text.replace(" ", "\u3000"),
                lambda text: text.replace(" ", "\u00a0"),
                lambda text: text.replace(" ", "  "),
                lambda text: text,
            ]
        )
    )
    return change(name)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(NAMES))
def test_member_and_location_in_any_two_spellings_are_found(data, name):
    member, location = spelled(data, name), spelled(data, name)
    package = read_package(zipped([(member, b"x"), ("Doc_0/other.xml", b"y")]))
    found = Locator(package, Budget()).find(location, "OFD.xml")
    assert found is not None
    assert package[found] == b"x"


def misread(name: str, wrong: str, right: str = "gb18030") -> str:
    return name.encode(right).decode(wrong)


@pytest.mark.parametrize("is_flagged", [True, False])
@pytest.mark.parametrize(
    "raw",
    [
        "Doc_0/Res/资料.png".encode("gb18030"),
        "Doc_0/Res/资料.png".encode(),
        "Doc_0/Res/资料.png".encode("big5", "replace").replace(b"?", "料".encode("big5")),
        misread("Doc_0/Res/资料.png", "cp437").encode(),
        misread("Doc_0/Res/资料.png", "latin-1").encode(),
        misread("Doc_0/Res/资料.png", "cp437", "utf-8").encode(),
        misread("Doc_0/Res/资料.png", "latin-1", "utf-8").encode(),
    ],
    ids=["GBK", "UTF-8", "Big5", "GBK as 437", "GBK as Latin", "UTF-8 as 437", "UTF-8 as Latin"],
)
def test_member_named_in_another_encoding_is_found_or_not_called_missing(raw, is_flagged):
    data = zipped([("y" * len(raw), b"x")]).replace(b"y" * len(raw), raw)
    if is_flagged:
        out = bytearray(data)
        for at in (6, data.index(CENTRAL) + 8):
            struct.pack_into("<H", out, at, 0x800)
        data = bytes(out)
    package = read_package(data)
    locator = Locator(package, Budget())
    found = locator.find("/Doc_0/Res/资料.png")
    assert found is not None or locator.unclear(["/Doc_0/Res/资料.png"])
    assert not locator.unclear(["/Doc_0/Res/other.png"])


def test_name_in_the_unicode_field_counts_where_it_belongs_to_the_name():
    raw = b"zl.png"
    for crc, name in ((zlib.crc32(raw), "资料.png"), (1, "zl.png")):
        content = b"\1" + struct.pack("<L", crc) + "资料.png".encode()
        info = zipfile.ZipInfo("zl.png")
        info.extra = struct.pack("<HH", 0x7075, len(content)) + content
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(info, b"x")
        assert list(read_package(out.getvalue()).members) == [name]


def test_spelling_that_fits_two_members_of_other_content_is_neither():
    package = Package({"Doc_0/A.xml": b"1", "Doc_0/a.xml": b"2"})
    locator = Locator(package, Budget())
    assert locator.find("/Doc_0/A.xml") == "Doc_0/A.xml"
    assert locator.find("/doc_0/a.XML") is None
    assert locator.unclear(["/doc_0/a.XML"])
    alike = Locator(Package({"Doc_0/A.xml": b"1", "Doc_0/a.xml": b"1"}), Budget())
    assert alike.find("/doc_0/a.XML") is not None


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), cut=st.integers(0, 40), noise=foreign)
def test_cut_and_patched_zip_is_refused_or_gives_nothing_new(at, cut, noise):
    try:
        read = read_package(WHOLE[:at] + noise + WHOLE[at + cut :])
    except BadPackage as error:
        assert error.sentence.endswith("。")
    else:
        assert set(read.members.values()) <= set(MEMBERS.values())
