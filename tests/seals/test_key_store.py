"""Keys on disk: the sample authority, its second run, and everything that keeps a key shut."""

import os
import shutil
import stat
import subprocess
import time
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from sample_county.authority import Period, equip_department, open_authority, publish_revocations
from sample_county.issuing import Revocation
from seals.crypto.certificates import BadCertificate, read_certificate
from seals.crypto.impressions import BadImpression, compact_png
from seals.crypto.key_store import load_trust, open_key, read_passphrase, read_seal
from seals.crypto.port import KeyUnavailable
from seals.crypto.seal_structure import parse_seal
from seals.crypto.software_key import SoftwareKey
from seals.crypto.trust import judge
from seals.documents.ofd import seal_package
from seals.documents.questions import Verdict
from seals.documents.verification import verify_ofd
from tests.seals.conftest import STAMP, answers

CODE, OTHER = "111405250080636048", "11140525497869077G"
PERIOD = Period(
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2046, 1, 1, tzinfo=UTC),
    datetime(2031, 1, 1, tzinfo=UTC),
)
SIGNED_AT = datetime(2026, 11, 18, tzinfo=UTC)


def impression() -> bytes:
    picture = Image.new("RGBA", (64, 64), (214, 0, 20, 0))
    for x in range(64):
        picture.putpixel((x, 32), (214, 0, 20, 4 * x))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def equipped(folder: Path):
    authority = open_authority(folder, PERIOD, rounds=1000)
    equip_department(authority, name="泽州县民政局", credit_code=CODE, impression=impression())
    return authority


def listing(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def keys(tmp_path) -> Path:
    folder = tmp_path / "keys"
    equipped(folder)
    return folder


def test_department_seals_and_the_file_passes_with_the_trust_beside_it(keys, package):
    key = open_key(keys, CODE)
    sealed = seal_package(
        package, stamps=[STAMP], seal_der=read_seal(keys, CODE), signer=key, signed_at=SIGNED_AT
    )
    found = verify_ofd(sealed.to_zip(), trust=load_trust(keys), now=SIGNED_AT)
    assert found.verdict is Verdict.PASSED
    assert found.signatures[0].signer == "泽州县民政局（样例）"
    assert key.label == "泽州县民政局"
    facts = read_certificate(key.certificate_der)
    assert (facts.organisation, facts.issuer) == ("泽州县民政局", "泽州县样例中级证书（仅供演示）")
    seal = parse_seal(read_seal(keys, CODE))
    assert (seal.property.name, seal.picture.width, seal.picture.height) == ("泽州县民政局", 42, 42)
    assert (seal.property.valid_from, seal.property.valid_until) == (PERIOD.start, PERIOD.end)


def test_second_run_changes_nothing_and_mends_what_is_missing(keys):
    before = listing(keys)
    equipped(keys)
    assert listing(keys) == before
    (keys / "departments" / CODE / "seal.esl").unlink()
    equipped(keys)
    assert listing(keys).keys() == before.keys()
    certificate = f"departments/{CODE}/certificate.pem"
    assert listing(keys)[certificate] == before[certificate]


def test_keys_are_encrypted_and_readable_by_their_owner_only(keys):
    secret = [
        p for p in keys.rglob("*") if p.name in ("key.pem", "passphrase") or p.suffix == ".key"
    ]
    assert len(secret) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    for path in secret:
        if path.name != "passphrase":
            assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")


def test_openssl_opens_the_key_with_the_passphrase(keys):
    path = keys / "departments" / CODE / "key.pem"
    done = subprocess.run(
        [
            "openssl",
            "pkey",
            "-in",
            path,
            "-passin",
            f"file:{keys / 'passphrase'}",
            "-noout",
            "-text",
        ],
        capture_output=True,
        check=True,
    )
    assert b"SM2" in done.stdout


def test_key_stays_open_until_its_file_changes(keys):
    assert open_key(keys, CODE) is open_key(keys, CODE)
    first = open_key(keys, CODE)
    path = keys / "departments" / CODE / "certificate.pem"
    os.utime(path, ns=(1, 1))
    assert open_key(keys, CODE) is not first


def shut(keys: Path, code: str = CODE) -> str:
    with pytest.raises(KeyUnavailable) as caught:
        open_key(keys, code)
    return str(caught.value)


def test_every_reason_that_keeps_a_key_shut_is_said(keys):
    own = keys / "departments" / CODE
    assert shut(keys, OTHER).startswith(f"没有信用代码为{OTHER}的单位的签章密钥")
    assert "不是统一社会信用代码" in shut(keys, "../../authority")
    with pytest.raises(KeyUnavailable, match="电子印章"):
        read_seal(keys, OTHER)
    authority = equipped(keys)
    equip_department(authority, name="自然资源局", credit_code=OTHER, impression=None)
    other = keys / "departments" / OTHER / "certificate.pem"
    right = (own / "certificate.pem").read_bytes()
    (own / "certificate.pem").write_bytes(other.read_bytes())
    assert shut(keys) == f"“{CODE}”的密钥与证书不是一对，不能签章。"
    (own / "certificate.pem").write_bytes(b"garbage")
    assert "证书文件无法读取" in shut(keys)
    (own / "certificate.pem").write_bytes(right)
    pem = (own / "key.pem").read_bytes()
    (own / "key.pem").write_bytes(pem.replace(b"ENCRYPTED PRIVATE", b"PRIVATE"))
    assert "没有加密保护" in shut(keys)
    (own / "key.pem").write_bytes(pem[:100])
    assert "无法打开" in shut(keys)


def test_passphrase_that_others_read_is_empty_or_missing_is_refused(keys):
    path = keys / "passphrase"
    path.chmod(0o644)
    with pytest.raises(KeyUnavailable, match="其他用户"):
        read_passphrase(keys)
    path.chmod(0o600)
    path.write_bytes(b"\n")
    with pytest.raises(KeyUnavailable, match="空的"):
        read_passphrase(keys)
    path.unlink()
    with pytest.raises(KeyUnavailable, match="找不到"):
        read_passphrase(keys)


def test_missing_key_file_is_said_by_the_adapter(tmp_path):
    with pytest.raises(KeyUnavailable, match="找不到“某局”的密钥或证书文件"):
        SoftwareKey.load(tmp_path / "a", tmp_path / "b", b"x", label="某局")


def test_revocation_that_the_authority_publishes_is_seen(keys):
    authority = equipped(keys)
    certificate = open_key(keys, CODE).certificate_der
    revoked = (Revocation(read_certificate(certificate).serial, PERIOD.start, "key_compromise"),)
    publish_revocations(
        keys, "intermediate", authority.intermediate, number=2, at=PERIOD.start, revoked=revoked
    )
    trust = load_trust(keys)
    assert load_trust(keys) is trust
    found = judge(certificate, trust=trust, moment=SIGNED_AT, now=SIGNED_AT)
    assert (found.chain.value, found.revocation.value) == ("yes", "no")


def test_trust_of_an_empty_folder_trusts_nobody_and_damage_is_said(tmp_path, package, county):
    trust = load_trust(tmp_path)
    assert (trust.roots, trust.intermediates, trust.crls) == ((), (), ())
    found = verify_ofd(county.sealed(package).to_zip(), trust=trust, now=SIGNED_AT)
    assert answers(found)["chains_trusted"] == "not_known"
    (tmp_path / "trust" / "roots").mkdir(parents=True)
    (tmp_path / "trust" / "roots" / "a.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nxx")
    with pytest.raises(BadCertificate):
        load_trust(tmp_path)


@pytest.mark.parametrize("later", [0, 3600], ids=["just touched", "long settled"])
def test_trust_when_a_root_comes_goes_or_is_written_over_then_seen_at_once(
    keys, tmp_path, monkeypatch, later
):
    equipped(keys)
    roots = tmp_path / "trust" / "roots"
    roots.mkdir(parents=True)
    [held] = (keys / "trust" / "roots").glob("*.pem")
    own = time.time_ns
    monkeypatch.setattr("seals.crypto.key_store.time.time_ns", lambda: own() + later * 10**9)

    def trusted():
        asked = {len(load_trust(tmp_path).roots) for _ in range(2)}
        time.sleep(0.02)  # a tick of the file system's clock: what comes next has another time
        return asked

    assert trusted() == {0}
    shutil.copy(held, roots / "a.pem")
    assert trusted() == {1}
    before = roots.stat()
    shutil.copy(held, roots / "b.pem")
    os.utime(roots, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a restored backup has it
    assert trusted() == {2}
    (roots / "a.pem").unlink()
    assert trusted() == {1}
    (roots / "b.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nxx")
    with pytest.raises(BadCertificate):
        load_trust(tmp_path)


def test_impression_is_written_smaller_without_a_pixel_changed_that_is_seen():
    data = impression()
    small = compact_png(data)
    with Image.open(BytesIO(small)) as read:
        usual = BytesIO()
        read.save(usual, "PNG", optimize=True)
    assert len(small) <= len(usual.getvalue())
    with Image.open(BytesIO(small)) as read, Image.open(BytesIO(data)) as original:
        assert read.mode == original.mode == "RGBA"
        pairs = set(zip(*(one.get_flattened_data() for one in (read, original)), strict=True))
    assert {after for after, before in pairs if before[3] == 0} == {(255, 255, 255, 0)}
    assert all(after == before for after, before in pairs if before[3])
    assert compact_png(small) == small


def test_an_impression_flattened_by_a_reader_lies_on_white():
    """A reader without transparency shows the colour that stands under it."""
    for under in ((0, 0, 0, 0), (214, 0, 20, 0), (255, 255, 255, 0)):
        picture = Image.new("RGBA", (40, 40), under)
        ImageDraw.Draw(picture).ellipse((4, 4, 36, 36), outline=(214, 0, 20, 230), width=3)
        out = BytesIO()
        picture.save(out, "PNG")
        with Image.open(BytesIO(compact_png(out.getvalue()))) as read:
            assert set(read.convert("RGB").get_flattened_data()) == {(255, 255, 255), (214, 0, 20)}
    assert len(small := compact_png(out.getvalue())) <= len(out.getvalue())
    assert small == compact_png(small)


def test_an_impression_of_another_kind_becomes_rgba():
    out = BytesIO()
    Image.new("P", (8, 8)).save(out, "PNG")
    with Image.open(BytesIO(compact_png(out.getvalue()))) as read:
        assert read.mode == "RGBA"


def test_what_is_no_picture_is_no_impression():
    with pytest.raises(BadImpression, match="无法读取"):
        compact_png(b"not a picture")
    out = BytesIO()
    Image.new("1", (5000, 5000)).save(out, "PNG")
    with pytest.raises(BadImpression, match="过大"):
        compact_png(out.getvalue())


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("make_sample_authority", *map(str, arguments), stdout=out)
    return out.getvalue().strip()


def test_command_equips_the_departments_that_use_seals_once(tmp_path, settings):
    settings.PORTAL_KEYS = tmp_path / "keys"
    sheet, pictures = tmp_path / "departments.csv", tmp_path / "impressions"
    sheet.write_text(
        "name,kind,functions,credit_code\n"
        f"泽州县民政局,county,issuing using seal,{CODE}\n"
        "泽州县供水服务单位,public_utility,using,91140525232166843C\n",
        encoding="utf-8-sig",
    )
    pictures.mkdir()
    (pictures / f"{CODE}.png").write_bytes(impression())
    options = ("--departments", sheet, "--impressions", pictures, "--start", "2024-02-29")
    assert run(*options) == "样例颁发机构就绪；新配备1个单位，原已配备0个单位。"
    assert run(*options) == "样例颁发机构就绪；新配备0个单位，原已配备1个单位。"
    facts = read_certificate(open_key(settings.PORTAL_KEYS, CODE).certificate_der)
    assert facts.not_before == datetime(2024, 2, 28, 16, tzinfo=UTC)
    assert facts.not_after == datetime(2029, 2, 27, 16, tzinfo=UTC)
    assert parse_seal(read_seal(settings.PORTAL_KEYS, CODE)).property.name == "泽州县民政局"


def test_command_without_departments_makes_the_authority(tmp_path, settings):
    settings.PORTAL_KEYS = tmp_path / "keys"
    assert run() == "样例颁发机构就绪；新配备0个单位，原已配备0个单位。"
    assert len(load_trust(settings.PORTAL_KEYS).roots) == 1


def test_command_says_what_is_wrong_with_its_input(tmp_path, settings):
    settings.PORTAL_KEYS = tmp_path / "keys"
    sheet = tmp_path / "departments.csv"
    sheet.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="缺少name或credit_code列"):
        run("--departments", sheet)
    sheet.write_text("name,credit_code\n某局,123\n")
    with pytest.raises(CommandError, match="不是统一社会信用代码"):
        run("--departments", sheet)
