"""Signatures of type Sign: SignedData of GB/T 35275 and its model, PKCS #7."""

import hashlib

import pytest

from seals.crypto import der, sm3
from seals.crypto.certificates import load_certificate
from seals.crypto.signature_values import readings
from seals.crypto.signed_data import parse_signed_data
from seals.documents.questions import Verdict
from tests.seals.conftest import SIGNED_AT, answers
from tests.seals.vendor import Vendor

GB_DATA, GB_SIGNED_DATA = "1.2.156.10197.6.1.4.2.1", "1.2.156.10197.6.1.4.2.2"


def signed_data(
    vendor: Vendor,
    content: bytes | None,
    *,
    signed: bytes | None = None,
    attributes: bytes = b"",
    has_certificate: bool = True,
    kinds: tuple[str, str] = (GB_DATA, GB_SIGNED_DATA),
    algorithm: bytes = der.object_id("1.2.156.10197.1.401"),
    signature: bytes | None = None,
) -> bytes:
    """Make SignedData of GB/T 35275; `signed` is what is signed, the content unless given."""
    signer = vendor.county.signer
    certificate = load_certificate(signer.certificate_der)
    message = der.encode(0x31, attributes) if attributes else (signed or content or b"")
    algorithm = der.sequence(algorithm)
    inner = b"" if content is None else der.encode(der.TAG_0, der.octets(content))
    return der.sequence(
        der.object_id(kinds[1]),
        der.encode(
            der.TAG_0,
            der.sequence(
                der.integer(1),
                der.encode(0x31, algorithm),
                der.sequence(der.object_id(kinds[0]), inner),
                der.encode(der.TAG_0, signer.certificate_der) if has_certificate else b"",
                der.encode(
                    0x31,
                    der.sequence(
                        der.integer(1),
                        der.sequence(
                            certificate.issuer.dump(), der.integer(certificate.serial_number)
                        ),
                        algorithm,
                        der.encode(der.TAG_0, attributes) if attributes else b"",
                        der.sequence(der.object_id("1.2.156.10197.1.301.1")),
                        der.octets(signer.sign(message) if signature is None else signature),
                    ),
                ),
            ),
        ),
    )


def attribute(name: str, value: bytes) -> bytes:
    return der.sequence(der.object_id(name), der.encode(0x31, value))


SIGN_ANSWERS = {
    "references_match": "yes",
    "signature_xml_unchanged": "yes",
    "signature_right": "yes",
    "signer_in_seal": "not_asked",
    "seal_signed_by_maker": "not_asked",
    "chains_trusted": "yes",
    "not_revoked": "yes",
    "seal_valid_when_sealed": "not_asked",
    "seal_valid_now": "not_asked",
}


@pytest.fixture
def signing(vendor) -> Vendor:
    vendor.kind, vendor.seal, vendor.seal_entry = 'Type="Sign" ', None, ""
    return vendor


def test_signed_data_over_the_digest_or_the_document_passes(signing):
    makers = [
        lambda xml: signed_data(signing, sm3.digest(xml)),
        lambda xml: signed_data(signing, xml),
        lambda xml: signed_data(signing, None, signed=xml),
        lambda xml: signed_data(signing, None, signed=sm3.digest(xml)),
        lambda xml: signed_data(
            signing, xml, kinds=("1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2")
        ),
        lambda xml: signed_data(
            signing,
            None,
            attributes=attribute("1.2.840.113549.1.9.4", der.octets(sm3.digest(xml)))
            + attribute("1.2.840.113549.1.9.5", der.encode(der.UTC_TIME, b"261118020000Z")),
        ),
    ]
    for value in makers:
        found = signing.found(value)
        assert answers(found) == SIGN_ANSWERS
        assert found.verdict is Verdict.PASSED
        (one,) = found.signatures
        assert (one.kind.value, one.structure.value, one.seal) == ("sign", "CMS", None)
        assert (one.signed_at, one.signer) == (SIGNED_AT, "泽州县样例局")


def test_signed_data_over_something_else_is_a_no(signing):
    found = signing.found(lambda xml: signed_data(signing, sm3.digest(xml + b" ")))
    assert answers(found)["signature_xml_unchanged"] == "no"
    found = signing.found(lambda xml: signed_data(signing, xml, signed=b"another"))
    assert answers(found)["signature_right"] == "no"
    found = signing.found(lambda _xml: signed_data(signing, None, signed=b"another"))
    assert found.verdict is Verdict.FAILED


def test_signed_data_without_its_certificate_is_not_known(signing):
    found = signing.found(lambda xml: signed_data(signing, xml, has_certificate=False))
    assert answers(found)["signature_right"] == "not_known"
    assert found.verdict is Verdict.INDETERMINATE


def test_entry_called_a_seal_without_a_seal_does_not_pass(signing):
    signing.kind = 'Type="Seal" '
    found = signing.found(lambda xml: signed_data(signing, xml))
    assert answers(found)["signer_in_seal"] == "not_known"
    assert found.verdict is Verdict.INDETERMINATE


def test_signed_data_names_its_parts(signing):
    value = parse_signed_data(signed_data(signing, b"content"))
    assert value.content == b"content"
    assert value.certificate == signing.county.signer.certificate_der
    assert (value.others, value.attributes, value.is_understood) == ((), b"", True)


def test_signed_data_signed_in_the_future_or_by_other_algorithms_is_not_known(signing):
    def later(xml: bytes) -> bytes:
        return signed_data(
            signing,
            None,
            attributes=attribute("1.2.840.113549.1.9.4", der.octets(sm3.digest(xml)))
            + attribute("1.2.840.113549.1.9.5", der.encode(der.UTC_TIME, b"270101000000Z")),
        )

    assert answers(signing.found(later))["chains_trusted"] == "not_known"

    def sha1(xml: bytes) -> bytes:
        ours, other = der.object_id("1.2.156.10197.1.401"), der.object_id("1.2.156.10197.1.402")
        return signed_data(signing, xml).replace(ours, other)

    assert answers(signing.found(sha1))["signature_right"] == "not_known"


@pytest.mark.parametrize("bad", [b"", der.sequence(der.object_id("1.2.3")), der.integer(1)])
def test_bytes_that_are_no_signed_data_are_refused(bad):
    with pytest.raises(der.BadStructure):
        parse_signed_data(bad)


def test_signed_data_by_another_digest_or_in_no_writing_is_not_known_and_not_changed(signing):
    other = der.object_id("2.16.840.1.101.3.4.2.1")

    def by_sha256(xml: bytes) -> bytes:
        return signed_data(
            signing,
            None,
            attributes=attribute("1.2.840.113549.1.9.4", der.octets(hashlib.sha256(xml).digest())),
            algorithm=other,
        )

    def illegible(xml: bytes) -> bytes:
        return signed_data(signing, None, signed=xml, signature=b"?" * 20)

    for value in (by_sha256, illegible):
        found = signing.found(value)
        assert answers(found)["signature_xml_unchanged"] == "not_known"
        assert answers(found)["signature_right"] == "not_known"
        assert found.verdict is Verdict.INDETERMINATE


def test_signed_data_whose_numbers_are_written_otherwise_passes(signing):
    def raw(xml: bytes) -> bytes:
        ((r, s),) = readings(signing.county.signer.sign(xml))
        value = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return signed_data(signing, xml, signature=value)

    assert answers(signing.found(raw)) == SIGN_ANSWERS


def test_time_without_zone_among_the_attributes_is_not_known_and_shown(signing):
    def zoneless(xml: bytes) -> bytes:
        return signed_data(
            signing,
            None,
            attributes=attribute("1.2.840.113549.1.9.4", der.octets(sm3.digest(xml)))
            + attribute("1.2.840.113549.1.9.5", der.encode(der.UTC_TIME, b"261118020000")),
        )

    found = signing.found(zoneless)
    assert answers(found)["chains_trusted"] == "not_known"
    assert answers(found)["signature_right"] == "yes"
    assert any("“261118020000”" in one.reason for one in found.signatures[0].answers)
