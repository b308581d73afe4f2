"""The answers that were fixed before the code was written, asked through the command."""

import json
import subprocess
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from seals.crypto.seal_structure import parse_signature
from seals.documents.package import read_package
from tests.cast import Cast
from tests.usage.sealed import file_of, in_force

VECTORS = Path(__file__).parents[2] / "vectors" / "ofd"
EXPECTED = json.loads((VECTORS / "answers.json").read_text(encoding="utf-8"))
NAMES = sorted(name for name in EXPECTED if name != "note")
OF_SIGNATURE = [
    "references_match",
    "signature_xml_unchanged",
    "signature_right",
    "signer_in_seal",
    "seal_signed_by_maker",
    "chains_trusted",
    "not_revoked",
    "seal_valid_when_sealed",
    "seal_valid_now",
]
OF_FILE = ["licence_known", "same_as_register", "licence_in_force", "marks_permit_use"]


def told(*paths: Path, code: int) -> list[dict[str, Any]]:
    """What the command prints with --json, and that it leaves with `code`."""
    out = StringIO()
    try:
        call_command("verify_file", *map(str, paths), "--json", stdout=out, stderr=StringIO())
        left = 0
    except SystemExit as leaving:
        left = int(str(leaving.code))
    assert left == code
    return json.loads(out.getvalue())


@pytest.mark.article("M.19")
@pytest.mark.parametrize("name", NAMES)
def test_the_fixed_answers_are_given(db: None, name: str) -> None:
    wanted = EXPECTED[name]
    (one,) = told(VECTORS / name, code=1)
    assert one["file"] == name
    assert one["verdict"] == wanted["verdict"]
    assert len(one["signatures"]) == wanted["signatures"]
    answers = {row["code"]: row["answer"] for row in one["signatures"][0]["answers"]}
    assert {code: answers[code] for code in wanted["answers"]} == wanted["answers"]
    # The licence in none of them is known to the portal.
    assert one["licence"] is None
    file_answers = {row["code"]: row["answer"] for row in one["answers"]}
    assert file_answers["licence_known"] != "yes"
    assert file_answers["same_as_register"] != "yes"


def test_the_list_has_the_promised_shape_and_no_more(cast: Cast, tmp_path: Path) -> None:
    ours = tmp_path / "ours.ofd"
    ours.write_bytes(file_of(in_force(cast)))
    both = told(ours, VECTORS / "digitally-signed.ofd", code=1)
    for one in both:
        assert list(one) == ["file", "verdict", "signatures", "answers", "licence"]
        for signature in one["signatures"]:
            assert list(signature) == [
                "path", "kind", "structure", "signed_at", "changed", "missing", "seal", "answers",
            ]  # fmt: skip
            assert [row["code"] for row in signature["answers"]] == OF_SIGNATURE
        assert [row["code"] for row in one["answers"]] == OF_FILE
        for row in [*one["answers"], *one["signatures"][0]["answers"]]:
            assert list(row) == ["code", "answer", "reason"]
    first, second = both
    assert (first["verdict"], second["verdict"]) == ("passed", "indeterminate")
    (signature,) = first["signatures"]
    assert list(signature["seal"]) == ["name", "version", "valid_from", "valid_until"]
    assert (signature["kind"], signature["structure"]) == ("seal", "V4")
    assert signature["changed"] == signature["missing"] == []
    assert datetime.fromisoformat(signature["signed_at"]).tzinfo == UTC
    assert {row["answer"] for row in [*first["answers"], *signature["answers"]]} == {"yes"}
    (foreign,) = second["signatures"]
    assert (foreign["kind"], foreign["structure"], foreign["seal"]) == ("sign", "bare", None)
    assert first["licence"]["state"] == "IN_FORCE"


def test_exit_codes_say_what_became_of_it(cast: Cast, tmp_path: Path) -> None:
    ours = tmp_path / "ours.ofd"
    ours.write_bytes(file_of(in_force(cast)))
    assert told(ours, code=0)[0]["verdict"] == "passed"
    assert [one["verdict"] for one in told(ours, VECTORS / "sealed-v4.ofd", code=1)] == [
        "passed", "failed",
    ]  # fmt: skip
    # A file that is not there, a folder: said, and the others are judged all the same.
    assert [one["file"] for one in told(tmp_path / "no", tmp_path, ours, code=2)] == ["ours.ofd"]


def test_plain_words_without_json(cast: Cast, tmp_path: Path) -> None:
    ours = tmp_path / "ours.ofd"
    ours.write_bytes(file_of(in_force(cast)))
    out = StringIO()
    call_command("verify_file", str(ours), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "ours.ofd：通过。证照有效，文件没有改动。"
    assert lines[1] == "  是　文件内容与签章时一致吗？"
    assert len(lines) == 1 + len(OF_SIGNATURE) + len(OF_FILE)


@pytest.mark.article("S.9")
def test_openssl_agrees_on_a_licence_of_ours(cast: Cast, tmp_path: Path) -> None:
    package = read_package(file_of(in_force(cast)))
    value = parse_signature(package["Doc_0/Signs/Sign_0/SignedValue.dat"])
    for name, data in (
        ("signed", value.signed_bytes()), ("signature", value.signature), ("c.der", value.certificate),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)

    def openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["openssl", *arguments], capture_output=True, check=False, text=True, cwd=tmp_path
        )

    key = openssl("x509", "-in", "c.der", "-inform", "DER", "-pubkey", "-noout").stdout
    (tmp_path / "key.pem").write_text(key)
    verify = (
        "dgst", "-sm3", "-sigopt", "distid:1234567812345678", "-verify", "key.pem",
        "-signature", "signature",
    )  # fmt: skip
    assert "Verified OK" in openssl(*verify, "signed").stdout
    (tmp_path / "other").write_bytes(value.signed_bytes() + b"\0")
    assert "Verified OK" not in openssl(*verify, "other").stdout
    # The certificate's own signature, by the intermediate beside the trusted root.
    trust = Path(settings.PORTAL_KEYS) / "trust"
    openssl("x509", "-in", "c.der", "-inform", "DER", "-out", "c.pem")
    steps = (("roots", "intermediates"), ("intermediates", "c"))
    for name in ("roots", "intermediates"):
        (tmp_path / f"{name}.pem").write_bytes(_together(trust / name))
    for issuer, subject in steps:
        done = openssl(
            "verify", "-x509_strict", "-vfyopt", "distid:1234567812345678",
            "-partial_chain", "-trusted", f"{issuer}.pem", f"{subject}.pem",
        )  # fmt: skip
        assert done.stdout.strip() == f"{subject}.pem: OK", done.stderr


def _together(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.pem")))
