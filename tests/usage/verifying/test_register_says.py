"""What the register adds to the seal's answers."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from hypothesis import HealthCheck, given, strategies
from hypothesis import settings as profile

from licences.models import Licence, LicenceFile, LicenceMark, LicenceVersion
from licences.production.face.layout import place
from licences.production.face.ofd import stamps, write
from licences.production.face_input import input_of, metadata_of
from sample_county.authority import publish_revocations
from sample_county.issuing import Revocation
from seals.crypto.certificates import read_certificate
from seals.crypto.key_store import open_key
from seals.documents.package import Package, read_package
from seals.documents.questions import Verdict
from seals.use.sealing import sealer_for
from tests.cast import Cast
from tests.factories.parties import credit_code
from tests.factories.seals import START, authority
from tests.usage.sealed import file_of, in_force
from usage.verifying.advice import advice_on
from usage.verifying.file_verdicts import FileVerdict, verify_file
from usage.verifying.register_status import in_force_answer
from usage.verifying.version_facts import facts_of_version
from zezhou_portal.kernel import clock, files
from zezhou_portal.parties.models import Department


def judged(data: bytes) -> FileVerdict:
    return verify_file(data, file_name="a.ofd")


def answers(verdict: FileVerdict) -> dict[str, tuple[str, str]]:
    """The file's own answers with their reasons' codes."""
    return {
        one.question.value: (one.answer.value, one.reason_code) for one in verdict.finding.answers
    }


def from_signature(verdict: FileVerdict) -> dict[str, str]:
    (one,) = verdict.finding.signatures
    return {answer.question.value: answer.answer.value for answer in one.answers}


NOT_ASKED = {
    "licence_in_force": ("not_asked", "licence_unknown"),
    "marks_permit_use": ("not_asked", "licence_unknown"),
}


def resealed(licence: Licence, change: dict[str, str]) -> bytes:
    """The licence's face sealed anew with its own seal, its metadata changed."""
    version = LicenceVersion.objects.get(licence=licence, no=licence.version_no)
    face = place(licence.entry.layout, input_of(version, licence.entry))
    package: Package = write(face, {**metadata_of(version, licence.entry), **change})
    return sealer_for(version.seal_use.seal).seal(package, stamps(face), clock.now())


@pytest.mark.article("M.8")
def test_each_way_of_not_being_in_force_is_a_no_with_its_reason(cast: Cast) -> None:
    licence = in_force(cast)
    data = file_of(licence)
    for state, words in (
        ("DETAINED", "证照暂扣"),
        ("CANCELLED", "证照已注销"),
        ("REVOKED", "证照已吊销"),
        ("ANNULLED", "证照已废止"),
        ("EXPIRED", "证照已过期"),
    ):
        Licence.objects.filter(pk=licence.pk).update(state=state)
        verdict = judged(data)
        assert verdict.verdict is Verdict.FAILED
        assert answers(verdict)["same_as_register"] == ("yes", "")
        assert answers(verdict)["licence_in_force"] == ("no", state.lower())
        assert verdict.finding.answers[2].reason == words
        assert advice_on(verdict.finding).sentence == f"文件是真的，但现在不能用：{words}。"
        assert verdict.licence is not None
        assert verdict.licence.state == state


@pytest.mark.article("M.8")
def test_expiry_does_not_wait_for_its_timer(cast: Cast) -> None:
    licence = in_force(cast)
    data = file_of(licence)
    assert licence.valid_until is not None
    Licence.objects.filter(pk=licence.pk).update(
        valid_from=clock.today() - timedelta(days=30),
        valid_until=clock.today() - timedelta(days=1),
    )
    verdict = judged(data)
    assert answers(verdict)["licence_in_force"] == ("no", "expired")
    assert verdict.licence is not None
    assert (verdict.licence.state, verdict.licence.state_words) == ("EXPIRED", "已过期")
    Licence.objects.filter(pk=licence.pk).update(
        valid_from=clock.today() + timedelta(days=1), valid_until=None
    )
    assert answers(judged(data))["licence_in_force"] == ("no", "not_yet")


@pytest.mark.article("M.8")
def test_an_older_version_says_that_it_is_superseded(cast: Cast) -> None:
    licence = in_force(cast)
    Licence.objects.filter(pk=licence.pk).update(version_no=2)
    verdict = judged(files.read(LicenceFile.objects.get(version__licence=licence).digest))
    assert answers(verdict)["same_as_register"] == ("yes", "")
    assert answers(verdict)["licence_in_force"] == ("no", "superseded")
    assert verdict.finding.answers[2].reason == "这是第 1 版，证照已经换成第 2 版"
    assert verdict.licence is not None and verdict.licence.is_superseded


@pytest.mark.article("M.8")
def test_a_state_without_its_file_is_not_in_force(cast: Cast) -> None:
    licence = in_force(cast)
    LicenceFile.objects.all().delete()
    said = in_force_answer(facts_of_version(LicenceVersion.objects.get(licence=licence).pk))
    assert (said.answer.value, said.reason_code, said.reason) == (
        "no",
        "no_file",
        "证照文件还没有做好",
    )


@pytest.mark.article("M.23")
def test_marks_stop_use_or_are_remarks(cast: Cast) -> None:
    licence = in_force(cast)
    data = file_of(licence)
    LicenceMark.objects.create(licence=licence, kind="PLEDGED", since=clock.now())
    verdict = judged(data)
    assert verdict.verdict is Verdict.PASSED
    assert answers(verdict)["marks_permit_use"] == ("yes", "remarks")
    assert verdict.finding.answers[3].reason == "已质押"
    for kind in ("OBJECTED", "LOST"):
        mark = LicenceMark.objects.create(licence=licence, kind=kind, since=clock.now())
        verdict = judged(data)
        assert verdict.verdict is Verdict.FAILED
        assert answers(verdict)["marks_permit_use"] == ("no", kind.lower())
        mark.until = clock.now()
        mark.save()
    assert judged(data).verdict is Verdict.PASSED


def test_one_of_our_issuers_that_the_register_does_not_have_is_a_no(cast: Cast) -> None:
    licence = in_force(cast)
    other = licence.identifier.replace(".2026", ".1999")
    verdict = judged(resealed(licence, {"ZZBS": other}))
    assert set(from_signature(verdict).values()) == {"yes"}
    assert verdict.verdict is Verdict.FAILED
    assert answers(verdict) == {
        "licence_known": ("no", "not_in_register"),
        "same_as_register": ("not_asked", "licence_unknown"),
        **NOT_ASKED,
    }
    assert verdict.licence is None


def test_a_licence_issued_elsewhere_is_not_known(cast: Cast) -> None:
    licence = in_force(cast)
    elsewhere = f"1.2.156.3005.2.1114052529141777X1005.{credit_code(77)}.202600000001.001.A"
    verdict = judged(resealed(licence, {"ZZBS": elsewhere, "ZZBFJGDM": credit_code(77)}))
    assert verdict.verdict is Verdict.INDETERMINATE
    assert answers(verdict)["licence_known"] == ("not_known", "issued_elsewhere")
    assert not Department.objects.filter(credit_code=credit_code(77)).exists()


def test_the_same_licence_sealed_again_is_not_the_registers_file(cast: Cast) -> None:
    licence = in_force(cast)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        verdict = judged(resealed(licence, {}))
        assert set(from_signature(verdict).values()) == {"yes"}
        assert answers(verdict) == {
            "licence_known": ("yes", ""),
            "same_as_register": ("no", "differs"),
            "licence_in_force": ("not_asked", "differs"),
            "marks_permit_use": ("not_asked", "differs"),
        }
    # Who only knows an identifier learns nothing of the licence.
    assert verdict.licence is None


@pytest.mark.article("S.9", "S.10")
@pytest.mark.parametrize(
    ("before", "behind", "where"),
    [
        (b"", b"\r\n", "多出 2 字节（后面 2 字节）"),
        (b"\xef\xbb\xbf", b"", "多出 3 字节（前面 3 字节）"),
        (b"Content-Type: application/ofd\r\n\r\n", b"--boundary--", "前面 33 字节、后面 12 字节"),
        (b"", b"\0" * 4096, "多出 4,096 字节"),
        (b"PK", b"PK\x05\x06", "前面 2 字节、后面 4 字节"),
    ],
)
def test_the_registers_file_with_foreign_bytes_about_it_is_not_known_and_says_so(
    cast: Cast, before: bytes, behind: bytes, where: str
) -> None:
    licence = in_force(cast)
    verdict = judged(before + file_of(licence) + behind)
    assert verdict.verdict is Verdict.INDETERMINATE
    assert set(from_signature(verdict).values()) == {"yes"}
    assert answers(verdict) == {
        "licence_known": ("yes", ""),
        "same_as_register": ("not_known", "stray_bytes"),
        "licence_in_force": ("yes", ""),
        "marks_permit_use": ("yes", ""),
    }
    reason = verdict.finding.answers[1].reason
    assert where in reason
    assert "里面的文件与登记库的一致" in reason
    assert "文件外多出了一些字节" in advice_on(verdict.finding).sentence


@pytest.mark.article("S.9")
def test_another_file_with_foreign_bytes_about_it_is_still_not_the_registers(cast: Cast) -> None:
    licence = in_force(cast)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        verdict = judged(b"junk" + resealed(licence, {}) + b"junk")
    assert answers(verdict)["same_as_register"] == ("no", "differs")
    assert verdict.licence is None


@pytest.mark.article("S.16")
def test_a_revoked_certificate_is_a_no(cast: Cast, settings: Any, tmp_path: Path) -> None:
    licence = in_force(cast)
    data = file_of(licence)
    # A county of its own trust: only its list of revoked certificates differs.
    shutil.copytree(_keys(), tmp_path / "keys")
    settings.PORTAL_KEYS = tmp_path / "keys"
    bound = open_key(_keys(), cast.market.credit_code).certificate_der
    publish_revocations(
        tmp_path / "keys",
        "intermediate",
        authority(_keys()).intermediate,
        number=2,
        at=START,
        revoked=(Revocation(read_certificate(bound).serial, START, "key_compromise"),),
    )
    verdict = judged(data)
    assert verdict.verdict is Verdict.FAILED
    assert from_signature(verdict)["not_revoked"] == "no"
    assert advice_on(verdict.finding).sentence == "签章用的证书已经吊销。"


def test_without_the_root_nothing_passes(cast: Cast, settings: Any, tmp_path: Path) -> None:
    data = file_of(in_force(cast))
    settings.PORTAL_KEYS = tmp_path
    (tmp_path / "data").symlink_to(_keys() / "data")
    verdict = judged(data)
    assert verdict.verdict is Verdict.INDETERMINATE
    assert from_signature(verdict)["chains_trusted"] == "not_known"
    assert answers(verdict)["same_as_register"] == ("yes", "")


_REAL = settings.PORTAL_KEYS


def _keys() -> Path:
    return Path(_REAL)


def _regions(data: bytes) -> list[int]:
    """A byte of every region: each member's name and content, the directory, both ends."""
    package = read_package(data)
    found = {0, 3, len(data) - 1, len(data) - 10, len(data) - 23}
    for name in package:
        first = data.index(name.encode())
        last = data.rindex(name.encode())
        found |= {first, first + len(name) + 5, last, last - 20}
    return sorted(one for one in found if 0 <= one < len(data))


@pytest.mark.article("S.9")
def test_a_changed_byte_in_any_region_is_never_the_registers_file(cast: Cast) -> None:
    data = file_of(in_force(cast))
    for spot in _regions(data):
        _is_refused(data, spot, 1)


@pytest.mark.article("S.9")
def test_a_changed_byte_anywhere_is_never_the_registers_file(cast: Cast) -> None:
    data = file_of(in_force(cast))

    @profile(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(spot=strategies.integers(0, len(data) - 1), change=strategies.integers(1, 255))
    def change_one(spot: int, change: int) -> None:
        _is_refused(data, spot, change)

    change_one()


def _is_refused(data: bytes, spot: int, change: int) -> None:
    changed = data[:spot] + bytes([data[spot] ^ change]) + data[spot + 1 :]
    verdict = judged(changed)
    is_unread = verdict.finding.is_unread
    expected = Verdict.INDETERMINATE if is_unread else Verdict.FAILED
    assert verdict.verdict is expected, spot
    same = "not_known" if is_unread else "no"
    assert answers(verdict)["same_as_register"][0] == same, (spot, answers(verdict))
    assert verdict.licence is None
