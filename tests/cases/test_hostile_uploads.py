"""Four kilobytes that are made to hurt: bounded memory, bounded work, a small page, a sentence."""

import json
import subprocess
import sys
import zlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from lxml import etree

from seals.documents.package import Package
from seals.documents.parts import Parts
from seals.documents.xml_reading import parse_xml
from tests.cases.hostile_makers import listing, zipped

HOSTILE = Path(__file__).parent / "hostile"
FILES = sorted(path.name for path in HOSTILE.glob("*.ofd"))
LARGEST_PAGE = 100 * 1024
MB = 1024 * 1024
# What the reader may take beyond the interpreter with its libraries.
ROOM = 96 * MB

READER = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from seals.crypto.trust import TrustStore
from seals.documents.verification import verify_ofd
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
data = sys.stdin.buffer.read()
found = verify_ofd(data, trust=TrustStore(), now=datetime(2026, 11, 30, tzinfo=UTC))
print(found.verdict.value, len(repr(found.as_json())))
"""


def read_within(data: bytes, room: int) -> tuple[str, int]:
    """The verdict of a reader that may not take more memory, and the length of what it tells."""
    done = subprocess.run(
        [sys.executable, "-c", READER, str(room)],
        input=data,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    verdict, length = done.stdout.decode().split()
    return verdict, int(length)


@pytest.mark.parametrize("name", FILES)
def test_hostile_upload_is_not_passed_with_a_sentence_and_a_small_page(
    db: None, client: Client, name: str
) -> None:
    path = HOSTILE / name
    answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.ofd", path.read_bytes())})
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST_PAGE
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_file", str(path), "--json", stdout=out)
    (one,) = json.loads(out.getvalue())
    assert one["verdict"] in {"failed", "indeterminate"}
    assert any(row["reason"] for row in one["signatures"][0]["answers"])
    assert len(out.getvalue()) < LARGEST_PAGE


def elements(count: int, written: bytes = b"<a/>") -> bytes:
    return b"<Signature><SignedInfo/>" + written * count + b"</Signature>"


MADE = {
    "a million elements in the list": {
        **listing(),
        "S.xml": b"<Signatures>" + b"<Signature/>" * 300_000 + b"</Signatures>",
    },
    "a million elements in OFD.xml": {"OFD.xml": b"<OFD>" + b"<a/>" * 990_000 + b"</OFD>"},
    "attributes": {
        **listing("B.xml"),
        "B.xml": b"<Signature " + b" ".join(b'a%d=""' % n for n in range(300_000)) + b"/>",
    },
    "many parts of a megabyte": {
        **listing(*(f"B{n}.xml" for n in range(60))),
        **{f"B{n}.xml": elements(29_000) for n in range(60)},
    },
    "references without number": {
        **listing("B.xml"),
        "B.xml": b"<Signature><SignedInfo><References>"
        + b"<Reference/>" * 110_000
        + b"</References></SignedInfo></Signature>",
    },
    "a value of two million fields": {
        **listing("B.xml"),
        "B.xml": elements(0),
        "SignedValue.dat": b"\x30\x83\x3f\xff\xfc" + b"\x04\x00" * 0x1FFFFE,
    },
    "a hundred signatures of one great value": {
        **listing(*(f"B{n}.xml" for n in range(100))),
        **{f"B{n}.xml": elements(n) for n in range(100)},
        "SignedValue.dat": b"\x30\x83\x3f\xff\xfc" + b"\x04\x83\x3f\xff\xf7" + b"\0" * 0x3FFFF7,
    },
    "long names of custom data": {
        "OFD.xml": b"<OFD><DocBody><DocInfo><CustomDatas>"
        + b"".join(b'<CustomData Name="%d">%s</CustomData>' % (n, b"x" * 39_000) for n in range(99))
        + b"</CustomDatas></DocInfo></DocBody></OFD>"
    },
    "one great text": {
        **listing("B" * 3_900_000),
        "B.xml": b"<Signature/>",
    },
}


@pytest.mark.parametrize("name", [*FILES, *MADE])
def test_hostile_upload_costs_no_more_than_a_genuine_file(name: str) -> None:
    data = (HOSTILE / name).read_bytes() if name in FILES else zipped(MADE[name])
    verdict, length = read_within(data, ROOM)
    assert verdict in {"failed", "indeterminate"}
    assert length < 4 * MB


@pytest.mark.parametrize("name", [one for one in MADE if "signatures" in one or "parts" in one])
def test_page_of_many_signatures_stays_small(db: None, client: Client, name: str) -> None:
    upload = SimpleUploadedFile("a.ofd", zipped(MADE[name]))
    answer = client.post("/verify/file/", {"file": upload})
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST_PAGE
    assert "个个都查了" in answer.content.decode()


def test_genuine_file_of_a_megabyte_is_read_in_that_room() -> None:
    noise = bytes(zlib.crc32(b"%d" % n) & 0xFF for n in range(900_000))
    pages = {f"Doc_0/Pages/Page_{n}/Content.xml": b"<Page>" + b"text " * 4000 for n in range(100)}
    verdict, _ = read_within(zipped({**listing(), "noise.png": noise, **pages}), ROOM)
    assert verdict == "failed"  # it was read, and has no signature


def test_the_limit_bites() -> None:
    """A reader without bounds would not live in that room: the proof proves something."""
    unbounded = "from lxml import etree; etree.fromstring(b'<x>' + b'<a/>' * 2_000_000 + b'</x>')"
    code = READER.replace("data = sys.stdin", f"{unbounded}\ndata = sys.stdin")
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOM)],
        input=b"",
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode != 0


def test_part_that_several_signatures_name_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def counting(data: bytes) -> etree._Element:
        parsed.append(data)
        return parse_xml(data)

    monkeypatch.setattr("seals.documents.parts.parse_xml", counting)
    parts = Parts(Package({"B.xml": b"<Signature/>"}))
    assert len({parts.signature("B.xml") for _ in range(16)}) == 1
    assert parsed == [b"<Signature/>"]
