"""Certificates and their chains: read, issued, judged, and agreed with by OpenSSL."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from sample_county.issuing import CertificateUse, Revocation, build_crl
from seals.crypto.answers import Answer
from seals.crypto.certificates import BadCertificate, from_pem, read_certificate, to_pem
from seals.crypto.trust import BadRevocationList, TrustStore, judge
from tests.seals.conftest import END, NOW, SIGNED_AT, START, certified

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)
DISTID = ("-vfyopt", "distid:1234567812345678")


def judged(county, key, *, trust=None, moment=SIGNED_AT, now=NOW, others=()):
    found = judge(
        key.certificate_der, trust=trust or county.trust, moment=moment, now=now, others=others
    )
    return found.chain, found.revocation


def test_certificate_says_what_it_was_issued_with(county):
    facts = read_certificate(county.signer.certificate_der)
    assert (facts.subject, facts.organisation) == ("泽州县样例局", "泽州县样例单位")
    assert (facts.issuer, facts.serial) == ("样例中级证书", 4)
    assert (facts.not_before, facts.not_after) == (START, END)
    assert facts.spki == county.signer.public_spki()
    assert facts.may_sign
    assert not read_certificate(county.root.certificate_der).may_sign


@pytest.mark.parametrize("bad", [b"", b"\x30\x00", b"\x30\x82", b"not a certificate"])
def test_bytes_that_are_no_certificate_raise_one_error(bad):
    with pytest.raises(BadCertificate):
        read_certificate(bad)


def test_bytes_after_a_certificate_are_refused(county):
    with pytest.raises(BadCertificate):
        read_certificate(county.signer.certificate_der + b"\0")


def test_pem_is_read_back_and_damaged_pem_refused(county):
    text = to_pem("CERTIFICATE", county.root.certificate_der)
    assert from_pem(text) == county.root.certificate_der
    assert from_pem(county.root.certificate_der) == county.root.certificate_der
    with pytest.raises(BadCertificate):
        from_pem(text[:60])


def test_whole_chain_with_fresh_lists_is_trusted(county):
    assert judged(county, county.signer) == (Answer.YES, Answer.YES)
    assert judged(county, county.maker) == (Answer.YES, Answer.YES)


def test_intermediate_that_comes_with_the_file_completes_the_chain(county):
    trust = county.trust_with(intermediates=())
    assert judged(county, county.signer, trust=trust) == (Answer.NOT_KNOWN, Answer.NOT_KNOWN)
    others = (b"garbage", county.intermediate.certificate_der)
    assert judged(county, county.signer, trust=trust, others=others) == (Answer.YES, Answer.YES)


def test_root_that_is_not_held_is_not_known(county):
    trust = county.trust_with(roots=())
    assert judged(county, county.signer, trust=trust) == (Answer.NOT_KNOWN, Answer.NOT_KNOWN)
    stranger = certified("陌生自签证书", CertificateUse.ROOT, None, 9)
    assert judged(county, stranger) == (Answer.NOT_KNOWN, Answer.NOT_KNOWN)


def test_root_that_comes_with_the_file_is_not_trusted_for_it(county):
    trust = county.trust_with(roots=())
    others = (county.root.certificate_der, county.intermediate.certificate_der)
    found = judged(county, county.signer, trust=trust, others=others)
    assert found == (Answer.NOT_KNOWN, Answer.NOT_KNOWN)


def test_forged_expired_early_and_wrongly_used_certificates_are_a_no(county):
    forged = bytearray(county.signer.certificate_der)
    forged[-1] ^= 1
    found = judge(bytes(forged), trust=county.trust, moment=SIGNED_AT, now=NOW)
    assert (found.chain, found.chain_reason) == (
        Answer.NO,
        "证书链不成立：某一级证书的签名或用途不正确。",
    )
    assert judged(county, county.signer, moment=END + timedelta(days=1))[0] is Answer.NO
    assert judged(county, county.signer, moment=START - timedelta(days=1))[0] is Answer.NO
    assert judged(county, county.intermediate)[0] is Answer.NO
    below = certified("下级", CertificateUse.SIGNER, county.signer, 11)
    trust = county.trust_with(
        intermediates=(*county.trust.intermediates, county.signer.certificate_der)
    )
    assert judged(county, below, trust=trust)[0] is Answer.NO


def test_path_length_of_the_intermediate_is_kept(county):
    second = certified("二级中级证书", CertificateUse.INTERMEDIATE, county.intermediate, 12)
    leaf = certified("末级", CertificateUse.SIGNER, second, 13)
    trust = county.trust_with(intermediates=(*county.trust.intermediates, second.certificate_der))
    assert judged(county, leaf, trust=trust)[0] is Answer.NO


def test_unreadable_certificate_is_not_known(county):
    found = judge(b"garbage", trust=county.trust, moment=SIGNED_AT, now=NOW)
    assert (found.chain, found.reason) == (Answer.NOT_KNOWN, "证书无法读取。")


@pytest.mark.parametrize(
    ("reason", "when", "answer"),
    [
        ("key_compromise", JUNE, Answer.NO),
        ("superseded", JUNE, Answer.NO),
        ("key_compromise", NOW, Answer.NOT_KNOWN),
        ("unspecified", NOW, Answer.NOT_KNOWN),
        ("superseded", NOW, Answer.YES),
        ("cessation_of_operation", NOW, Answer.YES),
    ],
)
def test_revoked_before_is_no_and_after_depends_on_the_reason(county, reason, when, answer):
    serial = read_certificate(county.signer.certificate_der).serial
    trust = county.trust_with(crls=county.crls(Revocation(serial, when, reason)))
    assert judged(county, county.signer, trust=trust) == (Answer.YES, answer)
    assert judged(county, county.maker, trust=trust) == (Answer.YES, Answer.YES)


def test_absent_stale_forged_or_incomplete_lists_are_not_known(county):
    root_list, list_of_signers = county.trust.crls
    stale = build_crl(
        number=1, this_update=START, next_update=MARCH, revoked=(), issuer=county.intermediate
    )
    forged = list_of_signers[:-1] + bytes([list_of_signers[-1] ^ 1])
    for crls in ((), (root_list,), (root_list, stale), (root_list, forged)):
        trust = county.trust_with(crls=crls)
        assert judged(county, county.signer, trust=trust) == (Answer.YES, Answer.NOT_KNOWN)


def test_good_chain_is_remembered_only_for_moments_that_change_nothing(county):
    assert judged(county, county.signer) == (Answer.YES, Answer.YES)
    assert judged(county, county.signer, moment=MARCH) == (Answer.YES, Answer.YES)
    early, late = START - timedelta(seconds=1), END + timedelta(seconds=1)
    assert judged(county, county.signer, moment=early)[0] is Answer.NO
    assert judged(county, county.signer, moment=late)[0] is Answer.NO
    assert judged(county, county.signer, now=late) == (Answer.YES, Answer.NOT_KNOWN)
    revoked = build_crl(
        number=2,
        this_update=NOW + timedelta(hours=1),
        next_update=END,
        revoked=[Revocation(4, JUNE, "key_compromise")],
        issuer=county.intermediate,
    )
    trust = county.trust_with(crls=(*county.trust.crls, revoked))
    assert judged(county, county.signer, trust=trust) == (Answer.YES, Answer.YES)
    later = NOW + timedelta(hours=2)
    assert judged(county, county.signer, trust=trust, now=later) == (Answer.YES, Answer.NO)


def test_damaged_list_in_the_store_raises():
    with pytest.raises(BadRevocationList):
        _ = TrustStore(crls=(b"garbage",)).revocation_lists


def test_openssl_agrees_step_by_step_and_reads_the_lists(county, tmp_path):
    for name in ("root", "intermediate", "maker", "signer"):
        certificate = getattr(county, name).certificate_der
        (tmp_path / f"{name}.pem").write_bytes(to_pem("CERTIFICATE", certificate))

    def verified(*arguments: str) -> str:
        done = subprocess.run(
            ["openssl", "verify", "-x509_strict", *DISTID, *arguments],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        return done.stdout.decode() + done.stderr.decode()

    at = ("-attime", str(int(SIGNED_AT.timestamp())))
    assert verified(*at, "-CAfile", "root.pem", "root.pem") == "root.pem: OK\n"
    assert verified(*at, "-CAfile", "root.pem", "intermediate.pem") == "intermediate.pem: OK\n"
    for leaf in ("maker", "signer"):
        step = (*at, "-partial_chain", "-trusted", "intermediate.pem", f"{leaf}.pem")
        assert verified(*step) == f"{leaf}.pem: OK\n"
    assert "error" in verified(*at, "-partial_chain", "-trusted", "maker.pem", "signer.pem")
    (tmp_path / "list.crl").write_bytes(
        to_pem("X509 CRL", county.crls(Revocation(4, JUNE, "key_compromise"))[1])
    )
    shown = subprocess.run(
        ["openssl", "crl", "-in", "list.crl", "-noout", "-text"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert "Serial Number: 04" in shown
    assert "Key Compromise" in shown
    assert "SM2-with-SM3" in shown
