"""Files made to hurt: a verdict or a refusal, within bounded time and memory, no traceback.

What cannot be read is not known; only the file that was read and has no seal has failed.
"""

import io
import json
import resource
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from tests.cast import Cast
from tests.usage.sealed import file_of, in_force

VECTORS = Path(__file__).parents[2] / "vectors" / "ofd"
GENUINE = (VECTORS / "sealed-all-protected.ofd").read_bytes()
MAIN = (
    b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>'
    b"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml"
    b"</ofd:Signatures></ofd:DocBody></ofd:OFD>"
)
BOMB = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
BOMB += b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name - 1) * 10) for name in range(ord("c"), ord("m"))
)
UNREADABLE = "文件的目录内容无法读取"
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def zipped(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def zip_bomb() -> bytes:
    """300 MB of nothing, written by the piece: the reader's memory is what is measured."""
    buffer, nothing = io.BytesIO(), b"\0" * (1 << 20)
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("OFD.xml", "w") as member,
    ):
        for _ in range(300):
            member.write(nothing)
    return buffer.getvalue()


# Each made when its test asks: making them all takes seconds of every run that only collects.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "这个文件是空的"),
    "text": (lambda: b"hello", "这不是OFD文件"),
    "zip bomb": (zip_bomb, "文件解压后过大"),
    "billion laughs": (lambda: zipped(("OFD.xml", BOMB + b"]><x>&l;</x>")), UNREADABLE),
    "outside entity": (lambda: zipped(("OFD.xml", OUTSIDE)), UNREADABLE),
    "path traversal": (lambda: zipped(("OFD.xml", MAIN), ("../../x", b"x")), "指向文件之外的路径"),
    "absolute drive": (lambda: zipped(("OFD.xml", MAIN), ("C:/x", b"x")), "指向文件之外的路径"),
    "ten thousand members": (
        lambda: zipped(*((f"m{one}", b"") for one in range(10_000)), packing=zipfile.ZIP_STORED),
        "文件内部的成员超过",
    ),
    "no document": (lambda: zipped(("a.txt", b"x")), UNREADABLE),
    "no signature": (lambda: zipped(("OFD.xml", MAIN)), "文件没有电子签章"),
    "deep tree": (lambda: zipped(("OFD.xml", b"<a>" * 200_000)), UNREADABLE),
    "pdf": (lambda: b"%PDF-1.7 ...", "视同复印件"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n...", "视同复印件"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0...", "视同复印件"),
    "word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "电子证照是 OFD 文件"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_its_sentence_on_the_page_and_in_the_shell(
    db: None, client: Client, tmp_path: Path, name: str
) -> None:
    make, sentence = HOSTILE[name]
    data = make()
    is_read = name == "no signature"
    heading, verdict = ("未通过", "failed") if is_read else ("无法确定", "indeterminate")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if data:
        answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.ofd", data)})
        assert answer.status_code == 200
        assert f"<h1>{heading}</h1>" in answer.content.decode()
        assert sentence in answer.content.decode()
    path = tmp_path / "a.ofd"
    path.write_bytes(data)
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_file", str(path), "--json", stdout=out)
    assert left.value.code == 1
    (one,) = json.loads(out.getvalue())
    assert (one["verdict"], one["signatures"]) == (verdict, [])
    (same,) = [row for row in one["answers"] if row["code"] == "same_as_register"]
    assert same["answer"] == ("not_asked" if is_read else "not_known")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024  # kilobytes; the bomb alone would be 300 MB


@pytest.mark.parametrize("share", range(20))
def test_truncated_anywhere_is_not_known(db: None, client: Client, share: int) -> None:
    cut = max(1, len(GENUINE) * share // 20)
    answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.ofd", GENUINE[:cut])})
    assert answer.status_code == 200
    assert "<h1>无法确定</h1>" in answer.content.decode()


def test_a_truncated_licence_of_ours_is_not_known(cast: Cast, client: Client) -> None:
    data = file_of(in_force(cast))
    for cut in (1, 22, 1000, len(data) // 2, len(data) - 5):
        answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.ofd", data[:-cut])})
        assert "<h1>无法确定</h1>" in answer.content.decode()


def test_names_are_escaped_and_shortened(db: None, client: Client) -> None:
    name = "<script>alert(1)</script>" + "长" * 150 + ".ofd"
    html = client.post(
        "/verify/file/", {"file": SimpleUploadedFile(name, GENUINE)}
    ).content.decode()
    assert "<script>alert" not in html
    assert "长" * 121 not in html


def test_a_name_that_is_no_text_is_printed(db: None, tmp_path: Path) -> None:
    path = tmp_path / "a\udcff.ofd"
    path.write_bytes(GENUINE)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_file", str(path), "--json", stdout=out)
    assert json.loads(out.getvalue())[0]["file"] == "a�.ofd"
