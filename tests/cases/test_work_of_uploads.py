"""Whatever a stranger uploads is judged within a bound of memory and of processor time.

The files are judged one after another in a process of their own that the system itself stops
where it takes more.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from seals.crypto.trust import _helpers
from tests.cases import hostile_makers as made

MB = 1024 * 1024
# Beyond the interpreter with its libraries; of one file, on the slowest machine of ours.
ROOM, SECONDS = 384 * MB, 8.0
LARGEST_PAGE = 100 * 1024

_SAME = [made.certificate("x", "x", number) for number in range(1, 16)]
_CIRCLE = [
    made.certificate(f"a{subject}", f"a{issuer}", 10 * subject + issuer + 1)
    for subject in range(4)
    for issuer in range(4)
    if subject != issuer
]
_GREAT = [made.certificate("g", "g", number, names=2000) for number in range(1, 17)]


def _signed(certificates: list[bytes]) -> bytes:
    own = made.certificate("me", "x", 999)
    return made.signatures_of(
        [made.signed_data([own, *certificates], "x", 999)], stated="2026-01-01 10:00:00"
    )


FILES = {
    "helpers that all name each other": _signed(_SAME),
    "helpers in circles": _signed(_CIRCLE),
    "certificates of thousands of names": made.signatures_of(
        [made.signed_data(_GREAT, "g", 9, names=2000)] * 2
    ),
    "certificates without number": made.signatures_of(
        [
            made.signed_data(
                [made.certificate("c", "c", 100 * n + k, names=150) for k in range(16)], "c", 1
            )
            for n in range(100)
        ]
    ),
    "references to what is not there": made.referring([f"证{n}" for n in range(38_000)], 7_900),
    "long references": made.referring(["Ａ" * 900 + f"{n}" for n in range(1_300)], 7_900),
    "PDF painted over and over": made.pdf(b"0 0 600 600 re f " * 80_000),
    "PDF with a shape of a hundred thousand edges": made.pdf(
        b"0 0 m " + b"600 600 l 0 0 l " * 66_000 + b"f"
    ),
    "PDF with pictures": made.pictured("JPEG", b"DCTDecode", 4800, 8),
    "PDF with pictures of wavelets": made.pictured("JPEG2000", b"JPXDecode", 3400, 8),
    "picture that unpacks to a hundred megabytes": made.picture("PNG", 6000, 6000),
    "picture of a phone": made.picture("JPEG", 8000, 6000),
}

JUDGE = """
import base64, json, os, resource, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "zezhou_portal.settings.test"
import django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from seals.crypto.trust import TrustStore
from seals.documents.verification import verify_ofd
from usage.verifying.pdf_codes import codes_in_pdf
from usage.verifying.pictures import code_in
from zezhou_portal.regulation.errors import RuleBroken
files = {name: base64.b64decode(data) for name, data in json.load(sys.stdin).items()}
pages = int(Path("/proc/self/statm").read_text().split()[0])
most = pages * resource.getpagesize() + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (most, most))
took = {}
for name, data in files.items():
    began = time.process_time()
    limit = int(began + float(sys.argv[2])) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    print(name, file=sys.stderr, flush=True)
    found = verify_ofd(data, trust=TrustStore(), now=datetime(2026, 11, 30, tzinfo=UTC))
    codes_in_pdf(data)
    try:
        code_in(data)
    except RuleBroken:
        pass
    took[name] = [time.process_time() - began, found.verdict.value, len(repr(found.as_json()))]
print(json.dumps(took))
"""


def judged(files: dict[str, bytes], *, room: int = ROOM, seconds: float = SECONDS) -> str:
    """What the process said; fails with the file at which it was stopped."""
    told = json.dumps({name: base64.b64encode(data).decode() for name, data in files.items()})
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, str(room), str(seconds)],
        input=told.encode(),
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode().splitlines()[-1]


def test_every_upload_is_judged_within_bounds() -> None:
    took = json.loads(judged(FILES))
    assert took.keys() == FILES.keys()
    for name, (_, verdict, length) in took.items():
        assert verdict in {"failed", "indeterminate"}, name
        assert length < 4 * MB, name


@pytest.mark.parametrize("name", [name for name in FILES if "certificates" in name])
def test_page_of_many_certificates_stays_small(db: None, client: Client, name: str) -> None:
    answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.ofd", FILES[name])})
    assert answer.status_code == 200
    assert len(answer.content) < LARGEST_PAGE


def test_helpers_of_a_genuine_chain_are_kept() -> None:
    chain = [made.certificate("sub", "root", 1), made.certificate("root", "root", 2)]
    assert [one.serial_number for one in _helpers([*chain, b"no certificate"])] == [1]
