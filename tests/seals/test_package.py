"""Packages: the same bytes out for the same members in, and no stranger's zip that hurts."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seals.documents.package import BadPackage, Limits, Package, _DeflateMemory, read_package
from tests.seals.conftest import PIXEL

VECTORS = Path(__file__).parents[1] / "vectors" / "ofd"
MEMBERS = {
    "OFD.xml": b"<ofd/>" * 50,
    "Doc_0/字体.ttf": bytes(range(256)) * 40,
    "Doc_0/mark.png": PIXEL,
    "empty": b"",
}


def zipped(members, **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as file:
        for name, data in members:
            file.writestr(name, data)
    return out.getvalue()


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(BadPackage) as caught:
        read_package(data, limits=limits)
    assert caught.value.sentence.endswith("。")
    assert caught.value.code
    return caught.value.code


def test_same_members_give_the_same_bytes_and_come_back_in_order():
    package = Package(MEMBERS)
    data = package.to_zip()
    assert data == Package(dict(MEMBERS)).to_zip()
    assert list(read_package(data).members.items()) == list(MEMBERS.items())


def test_python_reads_our_zip_with_fixed_dates_and_stored_pictures():
    with zipfile.ZipFile(io.BytesIO(Package(MEMBERS).to_zip())) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == MEMBERS
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.getinfo("Doc_0/mark.png").compress_type == zipfile.ZIP_STORED
        assert file.getinfo("OFD.xml").compress_type == zipfile.ZIP_DEFLATED


def test_members_are_replaced_in_place_and_added_at_the_end():
    package = Package({"a": b"1", "b": b"2"}).with_members({"c": b"3", "a": b"4"})
    assert list(package.members.items()) == [("a", b"4"), ("b", b"2"), ("c", b"3")]
    assert "b" in package
    assert package.get("d") is None


@pytest.mark.parametrize(
    "file", ["sealed-v4.ofd", "sealed-all-protected.ofd", "digitally-signed.ofd"]
)
def test_packages_of_another_implementation_are_read(file):
    data = (VECTORS / file).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        expected = {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}
    assert dict(read_package(data).members) == expected


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


def test_data_descriptors_backslashes_and_gb18030_names_are_read():
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Doc_0/a.xml", b"streamed" * 100)
    assert read_package(stream.getvalue()).members == {"Doc_0/a.xml": b"streamed" * 100}
    plain = zipped([("Doc_0/aa.xml", b"x")])
    assert list(read_package(plain.replace(b"Doc_0/aa", b"Doc_0\\aa")).members) == ["Doc_0/aa.xml"]
    named = plain.replace(b"aa.xml", "泽州".encode("gb18030") + b"ml")
    assert list(read_package(named).members) == ["Doc_0/泽州ml"]


def test_zip64_records_are_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, file.open("a", "w", force_zip64=True) as member:
        member.write(b"content")
    assert read_package(out.getvalue()).members == {"a": b"content"}
    data = zipped([("a", b"content")])
    end = data.index(b"PK\x05\x06")
    size, start = struct.unpack_from("<LL", data, end + 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, *(2 * [0xFFFFFFFF]), 0)
    assert read_package(data[:end] + record + locator + last).members == {"a": b"content"}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x89PNG", b"P", os.urandom(0)])
def test_something_else_is_no_package(data):
    assert refused(data) == "not_a_package"


def test_bombs_are_refused_before_they_go_off():
    bomb = zipped([("a", b"\0" * 50_000_000)], compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 60_000
    assert refused(bomb) == "inflates_too_far"
    many = zipped([(str(n), b"\0" * 9_000_000) for n in range(8)], compression=8)
    assert refused(many) == "inflates_too_far"


def test_bomb_that_lies_about_its_size_is_stopped():
    bomb = bytearray(zipped([("a", b"\0" * 1_000_000)], compression=zipfile.ZIP_DEFLATED))
    at = bomb.index(b"PK\x01\x02")
    struct.pack_into("<L", bomb, at + 24, 100)
    assert refused(bytes(bomb)) == "damaged"


def test_overlapping_members_are_refused():
    data = bytearray(zipped([("a", b"x" * 100), ("b", b"x" * 100)]))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", data, second + 42, 0)
    assert refused(bytes(data)) in ("damaged", "overlapping_members")
    inner = zipped([("b", b"x")])[:32]
    outer = bytearray(zipped([("a", inner), ("b", b"x")]))
    second = outer.index(b"PK\x01\x02", outer.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", outer, second + 42, 31)
    assert refused(bytes(outer)) == "overlapping_members"


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/../a", "C:/a", "..\\a", "a\nb", "a\x7f", "/"]
)
def test_path_outside_the_package_is_refused(name):
    assert refused(zipped([(name, b"x")])) == "unsafe_path"


def test_too_many_members_are_refused_by_their_number():
    assert refused(zipped([(str(n), b"") for n in range(10_000)])) == "too_many_members"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused():
    assert refused(zipped([("a", b"1"), ("a", b"2")])) == "duplicate_member"
    assert read_package(zipped([("a", b"1"), ("./a", b"1")])).members == {"a": b"1"}
    assert refused(zipped([("a/b", b"1"), ("a\\b", b"2")])) == "duplicate_member"
    assert refused(zipped([("a", b"1"), ("a/b", b"2")])) == "damaged"


def test_encrypted_and_oddly_compressed_members_are_refused():
    data = bytearray(zipped([("a", b"secret")]))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data)) == "encrypted"
    assert refused(zipped([("a", b"x" * 99)], compression=zipfile.ZIP_BZIP2)) == (
        "unknown_compression"
    )


def test_too_large_a_file_is_refused_unread():
    limits = Limits(package_bytes=1024 * 1024)
    assert refused(b"PK" + b"\0" * 1024 * 1024, limits) == "too_large"


@pytest.mark.parametrize("cut", [30, 100, -1, -10, -30])
def test_truncated_file_is_refused(cut):
    assert refused(Package(MEMBERS).to_zip()[:cut]) in ("truncated", "damaged")


def test_local_header_that_disagrees_with_the_directory_is_refused():
    data = zipped([("visible", b"x")])
    assert refused(data.replace(b"visible", b"hidden!", 1)) == "damaged"


def test_member_whose_content_was_changed_is_refused():
    assert refused(zipped([("a", b"right")]).replace(b"right", b"wrong")) == "damaged"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/etc/passwd", "etc/passwd"),
        ("a//b", "a/b"),
        ("./a", "a"),
        ("\\a\\.\\b", "a/b"),
        ("a/全　角.png", "a/全　角.png"),
    ],
)
def test_path_that_only_begins_elsewhere_is_read_inside_the_package(name, path):
    assert read_package(zipped([(name, b"x")])).members == {path: b"x"}


@pytest.mark.parametrize(
    ("trailing", "is_read"), [(b"hidden", True), (b"\0" * 4000, True), (b"..PK\x03\x04..", False)]
)
def test_bytes_behind_the_end_of_a_member_are_left_out_unless_they_begin_a_member(
    trailing, is_read
):
    packed = zlib.compressobj(6, zlib.DEFLATED, -15)
    content = packed.compress(b"content" * 10) + packed.flush() + trailing
    out = bytearray(zipped([("a", content)]))
    central = out.index(b"PK\x01\x02")
    crc = zlib.crc32(b"content" * 10)
    for at in (8, central + 10):
        struct.pack_into("<H", out, at, 8)
    struct.pack_into("<LLL", out, central + 16, crc, len(content), 70)
    if is_read:
        assert read_package(bytes(out)).members == {"a": b"content" * 10}
    else:
        assert refused(bytes(out)) == "unlisted_member"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_damage_gives_a_refusal_or_the_same_members(data):
    whole = Package(MEMBERS).to_zip()
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at] = data.draw(st.integers(0, 255))
    try:
        read = read_package(bytes(broken))
    except BadPackage as error:
        assert error.sentence
    else:
        assert set(read.members.values()) <= set(MEMBERS.values())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_behind_the_mark_of_a_zip_are_refused(tail):
    with pytest.raises(BadPackage):
        read_package(b"PK\x03\x04" + tail)


def test_sizes_written_in_a_zip64_field_are_read_and_a_missing_field_is_damage():
    data = bytearray(zipped([("a", b"content")]))
    at = data.index(b"PK\x01\x02")
    extra = struct.pack("<HHB", 0x9999, 1, 0) + struct.pack("<HH3Q", 1, 24, 7, 7, 0)
    for field in (20, 24, 42):
        struct.pack_into("<L", data, at + field, 0xFFFFFFFF)
    without = bytes(data)
    struct.pack_into("<H", data, at + 30, len(extra))
    name_end = at + 46 + 1
    data[name_end:name_end] = extra
    struct.pack_into("<L", data, data.index(b"PK\x05\x06") + 12, 47 + len(extra))
    assert read_package(bytes(data)).members == {"a": b"content"}
    assert refused(without) == "damaged"


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        (8, 2, "damaged"),  # fewer members on this disk than in all
        (10, 2, "damaged"),
        (12, 10_000, "truncated"),  # the directory ends behind the file
        (16, 10_000, "truncated"),
        (20, 5, "damaged"),  # a comment that is not there
        (4, 1, "damaged"),  # another disk
    ],
)
def test_end_record_that_does_not_fit_is_refused(place, value, code):
    data = bytearray(zipped([("a", b"content")]))
    struct.pack_into("<H", data, data.index(b"PK\x05\x06") + place, value)
    assert refused(bytes(data)) == code


def test_folder_with_content_unknown_name_and_long_name_are_refused():
    assert read_package(zipped([("Doc_0/", b""), ("Doc_0/a", b"x")])).members == {"Doc_0/a": b"x"}
    assert refused(zipped([("Doc_0/", b"x")])) == "damaged"
    assert refused(zipped([("abcd", b"x")]).replace(b"abcd", b"\xff\xfe\xff\xff")) == "damaged"
    assert refused(zipped([("a" * 600, b"x")])) == "unsafe_path"


def test_package_too_large_for_a_plain_zip_is_not_written():
    with pytest.raises(ValueError, match="too large"):
        Package({str(number): b"" for number in range(0x10000)}).to_zip()


def test_deflated_members_are_forgotten_when_there_are_too_many():
    memory = _DeflateMemory(most_bytes=6000, least_member=1)
    contents = [os.urandom(1000) for _ in range(5)]
    first = [memory.pack(content) for content in contents]
    assert [memory.pack(content) for content in contents] == first
    assert len(memory._packed) == 2
    assert memory._held == sum(
        len(data) + len(packed) for data, (_, packed) in memory._packed.items()
    )
