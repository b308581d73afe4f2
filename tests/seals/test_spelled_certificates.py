"""Certificates as real authorities write them: strings of the wrong type, attributes unknown."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from asn1crypto import x509

from sample_county.issuing import CertificateUse, SubjectName, build_certificate, build_crl
from seals.crypto import der
from seals.crypto.answers import Answer
from seals.crypto.certificates import BadCertificate, read_certificate
from seals.crypto.sm2 import PrivateKey
from seals.crypto.software_key import SoftwareKey
from seals.crypto.trust import TrustStore, judge
from seals.documents.verification import verify_package
from tests.seals.conftest import END, NOW, SIGNED_AT, START, certified, make_seal

COMMON_NAME, ORGANISATION, COUNTRY = "2.5.4.3", "2.5.4.10", "2.5.4.6"
NUMERIC, UNIVERSAL = 0x12, 0x1C
NAME = "泽州县外地样例局"


@dataclass(frozen=True)
class RawName:
    """A name written attribute by attribute, each as it is given."""

    attributes: tuple[tuple[str, bytes], ...]

    def built(self) -> x509.Name:
        return x509.Name.load(
            der.sequence(
                *(
                    der.encode(der.SET, der.sequence(der.object_id(kind), value))
                    for kind, value in self.attributes
                )
            )
        )


def issued(name, use: CertificateUse, issuer: SoftwareKey | None, serial: int) -> SoftwareKey:
    key = SoftwareKey("x", PrivateKey.generate())
    certificate = build_certificate(
        subject=name,
        spki=key.public_spki(),
        serial=serial,
        not_before=START,
        not_after=END,
        use=use,
        issuer=issuer or key,
    )
    return SoftwareKey("x", key._key, certificate)


WRITTEN = {
    "UTF-8 in PrintableString": der.encode(der.PRINTABLE, NAME.encode()),
    "GBK in PrintableString": der.encode(der.PRINTABLE, NAME.encode("gb18030")),
    "GBK in UTF8String": der.encode(der.UTF8, NAME.encode("gb18030")),
    "GBK in T61String": der.encode(der.T61, NAME.encode("gb18030")),
    "GBK in IA5String": der.encode(der.IA5, NAME.encode("gb18030")),
    "BMPString": der.encode(der.BMP, NAME.encode("utf-16-be")),
    "UTF8String": der.encode(der.UTF8, NAME.encode()),
}
ODD = {
    "bytes of no encoding": (COMMON_NAME, der.encode(der.PRINTABLE, b"\xff\xfe\x80")),
    "VisibleString": (COMMON_NAME, der.encode(der.VISIBLE, b"x")),
    "NumericString": (COMMON_NAME, der.encode(NUMERIC, b"1")),
    "a number": (COMMON_NAME, der.integer(7)),
    "bits": (COMMON_NAME, der.bits(b"x")),
    "a sequence": (COMMON_NAME, der.sequence(der.integer(1))),
    "unknown attribute": ("1.2.156.10260.4.1.1", der.encode(der.IA5, b"91140525")),
    "unknown attribute of bytes": ("1.2.156.4.1", der.octets(b"\xff")),
    "unique identifier as text": ("2.5.4.45", der.encode(der.PRINTABLE, b"4@1")),
    "telephone in UTF-8": ("2.5.4.20", der.encode(der.UTF8, "０３５６".encode())),
    "e-mail in UTF-8": ("1.2.840.113549.1.9.1", der.encode(der.UTF8, b"a@b")),
    "domain in UTF-8": ("0.9.2342.19200300.100.1.25", der.encode(der.UTF8, b"cn")),
    "private character": (ORGANISATION, der.encode(der.UTF8, "\ue123局".encode())),
    "unassigned character": (ORGANISATION, der.encode(der.UTF8, "\U0003fffd局".encode())),
    "right to left": (ORGANISATION, der.encode(der.UTF8, "局\u05d0".encode())),
    "nothing": (ORGANISATION, der.encode(der.UTF8, b"")),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_name_in_whichever_string_type_is_read(county, written):
    name = RawName(((COUNTRY, der.text(der.PRINTABLE, "CN")), (COMMON_NAME, WRITTEN[written])))
    signer = issued(name, CertificateUse.SIGNER, county.intermediate, 50)
    assert read_certificate(signer.certificate_der).subject == NAME


@pytest.mark.parametrize("odd", [*ODD, *WRITTEN])
def test_chain_of_an_authority_with_an_odd_name_is_judged_by_its_bytes(odd):
    attribute = ODD[odd] if odd in ODD else (COMMON_NAME, WRITTEN[odd])
    name = RawName((attribute, (ORGANISATION, der.text(der.UTF8, "样例"))))
    root = issued(name, CertificateUse.ROOT, None, 1)
    signer = issued(replace(name), CertificateUse.SIGNER, root, 2)
    lists = (build_crl(number=1, this_update=START, next_update=END, revoked=(), issuer=root),)
    trust = TrustStore((root.certificate_der,), (), lists)
    found = judge(signer.certificate_der, trust=trust, moment=SIGNED_AT, now=NOW)
    assert (found.chain, found.revocation) == (Answer.YES, Answer.YES), found.reason
    forged = signer.certificate_der[:-1] + bytes([signer.certificate_der[-1] ^ 1])
    found = judge(forged, trust=trust, moment=SIGNED_AT, now=NOW)
    assert found.chain is Answer.NO
    late = judge(
        signer.certificate_der, trust=trust, moment=datetime(2032, 1, 1, tzinfo=UTC), now=NOW
    )
    assert late.chain is Answer.NO


def test_two_authorities_whose_names_differ_in_bytes_only_are_two(county):
    """Bytes that no text is made of still tell one authority from another."""
    one, other = (
        RawName(((COMMON_NAME, der.encode(der.BIT_STRING, b"\0" + mark)),)) for mark in (b"a", b"b")
    )
    root = issued(one, CertificateUse.ROOT, None, 1)
    impostor = issued(other, CertificateUse.ROOT, None, 1)
    signer = issued(SubjectName("x"), CertificateUse.SIGNER, impostor, 2)
    trust = TrustStore((root.certificate_der,))
    found = judge(signer.certificate_der, trust=trust, moment=SIGNED_AT, now=NOW)
    assert found.chain is Answer.NOT_KNOWN


def test_great_certificate_is_not_read(county):
    name = RawName(((ORGANISATION, der.text(der.UTF8, "x" * 70_000)),))
    signer = issued(name, CertificateUse.SIGNER, county.intermediate, 60)
    with pytest.raises(BadCertificate):
        read_certificate(signer.certificate_der)


@pytest.mark.parametrize("is_same_certificate", [True, False])
def test_seal_made_with_the_key_of_its_user_does_not_answer_yes_to_everything(
    county, package, is_same_certificate
):
    """An ordinary signing certificate, which anybody has, makes a seal with any name."""
    user = certified("普通用户", CertificateUse.SIGNER, county.intermediate, 70)
    maker = user
    if not is_same_certificate:
        again = build_certificate(
            subject=SubjectName("另一张证书"),
            spki=user.public_spki(),
            serial=71,
            not_before=START,
            not_after=END,
            use=CertificateUse.SIGNER,
            issuer=county.intermediate,
        )
        maker = SoftwareKey("x", user._key, again)
    seal = make_seal(maker, user, name="国家税务总局")
    sealed = county.sealed(package, seal_der=seal, signer=user)
    found = verify_package(sealed, trust=county.trust, now=NOW)
    (signature,) = found.signatures
    said = {one.question.value: one for one in signature.answers}
    assert said["chains_trusted"].answer is Answer.YES
    assert said["seal_signed_by_maker"].answer is Answer.NOT_KNOWN
    assert "用章人自己" in said["seal_signed_by_maker"].reason
    assert found.verdict.value == "indeterminate"
