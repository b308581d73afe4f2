"""What our writer could not have made: other editions, paths, algorithms and optional fields."""

import hashlib
from dataclasses import replace

import pytest

from seals.crypto import der, sm3
from seals.crypto.certificates import SM2_WITH_SM3
from seals.crypto.seal_structure import parse_seal, parse_signature
from seals.documents.questions import Verdict
from tests.seals.conftest import END, SIGNED_AT, answers
from tests.seals.vendor import ALL_YES, CRITICAL, VALUE, extension, foreign_seal, v1_value


def test_vendors_file_with_relative_locations_passes(vendor):
    found = vendor.found()
    assert answers(found) == ALL_YES
    assert found.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "path",
    ["/{}".format, "{}".format, "../../../{}".format, lambda path: path.removeprefix("Doc_0/")],
    ids=["absolute", "from the root", "from the signature", "from the document"],
)
@pytest.mark.parametrize("base", ["/Doc_0/Signs/Sign_0/Signature.xml", "Sign_0/Signature.xml"])
def test_references_are_found_wherever_vendors_count_from(vendor, path, base):
    vendor.path, vendor.base = path, base
    assert answers(vendor.found()) == ALL_YES


@pytest.mark.parametrize("method", ["SM3", "sm3", "1.2.156.10197.1.401"])
def test_check_method_is_read_by_name_and_by_identifier(vendor, method):
    vendor.method = f' CheckMethod="{method}"'
    assert answers(vendor.found()) == ALL_YES


@pytest.mark.parametrize(
    ("method", "digest", "answer"),
    [
        (' CheckMethod="SHA256"', "sha256", "yes"),
        (' CheckMethod="MD5"', "md5", "not_known"),
        ("", "md5", "not_known"),
        (' CheckMethod="SHA1"', "sha1", "not_known"),
        (' CheckMethod="1.3.14.3.2.26"', "sha1", "not_known"),
        (' CheckMethod="WHIRLPOOL"', "sha512", "not_known"),
        # twenty bytes are no MD5: the label is wrong, and the content may be right
        (' CheckMethod="MD5"', "sha1", "not_known"),
    ],
)
def test_weak_absent_or_unknown_check_method_never_passes(vendor, method, digest, answer):
    vendor.method = method
    vendor.digest = lambda data: hashlib.new(digest, data).digest()
    assert answers(vendor.found())["references_match"] == answer


def test_no_seal_file_is_no_fault_and_a_seal_file_promised_but_missing_is(vendor):
    vendor.seal, vendor.seal_entry = None, ""
    assert answers(vendor.found()) == ALL_YES
    vendor.seal_entry = "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>"
    found = vendor.found()
    assert answers(found)["references_match"] == "no"
    assert found.signatures[0].missing == ("Seal.esl",)


def test_type_and_value_location_may_be_left_out(vendor):
    vendor.kind, vendor.value_entry = "", ""
    found = vendor.found()
    assert found.signatures[0].kind.value == "seal"
    assert answers(found) == ALL_YES


@pytest.mark.parametrize("version", [1, 4, 5])
@pytest.mark.parametrize(
    "extensions",
    [b"", der.sequence(extension()), der.encode(der.TAG_0, der.sequence(extension()))],
    ids=["none", "untagged", "tagged"],
)
def test_every_edition_passes_with_optional_fields_tagged_or_not(vendor, version, extensions):
    vendor.seal = foreign_seal(vendor.county, version=version, extensions=extensions)

    def value(xml: bytes) -> bytes:
        if version == 1:
            return v1_value(vendor, xml, extensions)
        return vendor.v4_value(xml, extensions=extensions, version=version)

    found = vendor.found(value)
    assert answers(found) == ALL_YES
    (one,) = found.signatures
    assert (one.structure.value, one.seal.version) == (f"V{version}", version)
    assert (one.signed_at, one.seal.name, one.seal.valid_until) == (SIGNED_AT, "他家印章", END)
    package = vendor.sealed(value)
    assert parse_signature(package[VALUE]).encoded() == package[VALUE]
    assert parse_seal(vendor.seal).encoded() == vendor.seal


@pytest.mark.parametrize(
    "time",
    [
        b"20261118020000Z",
        b"261118020000Z",
        der.encode(der.UTC_TIME, b"261118020000Z"),
        der.encode(der.GENERALIZED_TIME, b"20261118020000Z"),
        b"vendor's own",
    ],
)
def test_signing_time_of_the_first_edition_is_read_in_its_many_forms(vendor, time):
    vendor.seal = foreign_seal(vendor.county, version=1)
    found = vendor.found(lambda xml: v1_value(vendor, xml, time=time))
    assert found.signatures[0].signed_at == SIGNED_AT
    assert answers(found) == ALL_YES


def test_signer_named_by_digest_is_found_in_the_seal(vendor):
    vendor.seal = foreign_seal(vendor.county, version=4, by_digest=True)
    assert answers(vendor.found()) == ALL_YES
    vendor.seal = vendor.seal.replace(
        sm3.digest(vendor.county.signer.certificate_der), sm3.digest(b"another")
    )
    assert answers(vendor.found())["signer_in_seal"] == "no"


@pytest.mark.parametrize("wrap", [der.sequence, lambda x: der.encode(der.TAG_0, der.sequence(x))])
def test_critical_extension_is_not_understood_and_not_passed(vendor, wrap):
    critical = wrap(extension(CRITICAL))
    found = vendor.found(lambda xml: vendor.v4_value(xml, extensions=critical))
    assert answers(found)["signature_right"] == "not_known"
    vendor.seal = foreign_seal(vendor.county, version=4, extensions=critical)
    assert answers(vendor.found())["seal_signed_by_maker"] == "not_known"


@pytest.mark.parametrize("is_tagged", [True, False])
def test_time_stamp_is_read_and_not_passed_unchecked(vendor, is_tagged):
    stamp = der.bits(b"token")
    stamp = der.encode(der.TAG_0, stamp) if is_tagged else stamp
    found = vendor.found(lambda xml: vendor.v4_value(xml, time_stamp=stamp))
    assert answers(found)["seal_valid_when_sealed"] == "not_known"
    assert found.verdict is Verdict.INDETERMINATE
    vendor.seal = foreign_seal(vendor.county, version=5, time_stamp=stamp)
    found = vendor.found(lambda xml: vendor.v4_value(xml, version=5))
    assert answers(found)["seal_signed_by_maker"] == "not_known"


@pytest.mark.parametrize("method", ["1.2.156.10197.501", "1.2.840.113549.1.1.11"])
def test_other_signature_method_is_not_known(vendor, method):
    vendor.algorithm = method
    assert answers(vendor.found())["signature_right"] == "not_known"


def test_value_that_nobody_understands_is_indeterminate(vendor):
    for value in (b"", b"garbage", b"\x30\x00", b"\x30\x80\x00\x00"):
        found = vendor.found(lambda _xml, value=value: value)
        assert found.verdict is Verdict.INDETERMINATE
        assert found.signatures[0].structure.value == "unknown"
        assert answers(found)["references_match"] == "yes"


def test_seal_signed_by_another_method_or_listing_unknown_digests_is_not_known(vendor):
    right = foreign_seal(vendor.county, version=4, by_digest=True)
    vendor.seal = right.replace(der.text(der.PRINTABLE, "SM3"), der.text(der.PRINTABLE, "MD5"))
    assert answers(vendor.found())["signer_in_seal"] == "not_known"
    vendor.seal = right.replace(der.object_id(SM2_WITH_SM3), der.object_id("1.2.156.10197.1.502"))
    assert answers(vendor.found())["seal_signed_by_maker"] == "not_known"


def test_signature_without_a_readable_time_is_not_known(vendor):
    vendor.seal = foreign_seal(vendor.county, version=1)
    stated = vendor.signature_xml

    def without_time() -> bytes:
        return stated().replace(b"20261118100000", b"yesterday")

    vendor.signature_xml = without_time
    found = vendor.found(lambda xml: v1_value(vendor, xml, time=b"vendor's own"))
    given_answers = answers(found)
    assert found.signatures[0].signed_at is None
    for code in ("chains_trusted", "not_revoked", "seal_valid_when_sealed"):
        assert given_answers[code] == "not_known"


def test_digest_of_another_length_and_unreadable_certificate_are_not_known(vendor):
    def with_other_hash(xml: bytes) -> bytes:
        return vendor.v4_value(xml).replace(der.bits(sm3.digest(xml)), der.bits(b"x" * 20))

    def resized(xml: bytes) -> bytes:
        # Lengths change with the digest, so the value is built anew around it.
        value = parse_signature(vendor.v4_value(xml))
        return replace(value, data_hash=b"x" * 20).encoded()

    def with_bad_certificate(xml: bytes) -> bytes:
        return replace(parse_signature(vendor.v4_value(xml)), certificate=b"garbage").encoded()

    assert vendor.found(with_other_hash).signatures[0].structure.value == "unknown"
    assert answers(vendor.found(resized))["signature_xml_unchanged"] == "not_known"
    given_answers = answers(vendor.found(with_bad_certificate))
    assert given_answers["signature_right"] == "not_known"
    assert given_answers["chains_trusted"] == "not_known"
    assert given_answers["signer_in_seal"] == "no"


@pytest.mark.parametrize(
    "extensions",
    [
        der.sequence(der.integer(1)),
        der.sequence(der.sequence(der.integer(1), der.octets(b""))),
        der.sequence(der.sequence(der.object_id("1.2.3"))),
        der.encode(der.TAG_0, extension()),
        der.bits(b"x"),
    ],
)
def test_extensions_of_an_unknown_form_never_pass_or_are_the_implicit_kind(vendor, extensions):
    found = vendor.found(lambda xml: vendor.v4_value(xml, extensions=extensions))
    is_implicit = extensions == der.encode(der.TAG_0, extension())
    assert (found.verdict is Verdict.PASSED) is is_implicit
