"""What our writer could not have made: other editions, paths, algorithms and signatures."""

import hashlib
from base64 import b64encode
from dataclasses import replace

import pytest

from seals.crypto import der, sm3
from seals.crypto.certificates import SM2_WITH_SM3, load_certificate
from seals.crypto.seal_structure import parse_seal, parse_signature
from seals.crypto.signed_data import parse_signed_data
from seals.documents.package import Package
from seals.documents.questions import Asked, Question, Verdict
from seals.documents.verification import verify_package
from tests.seals.conftest import END, NOW, PIXEL, SIGNED_AT, START, answers

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
FOLDER = "Doc_0/Signs/Sign_0/"
XML, VALUE, SEAL = f"{FOLDER}Signature.xml", f"{FOLDER}SignedValue.dat", f"{FOLDER}Seal.esl"
ALL_YES = {question.value: "yes" for question in Question if question.asked is Asked.OF_SIGNATURE}
STAMP_OID, CRITICAL = "1.2.156.99999.1", der.encode(der.BOOLEAN, b"\xff")
GB_DATA, GB_SIGNED_DATA = "1.2.156.10197.6.1.4.2.1", "1.2.156.10197.6.1.4.2.2"


class Vendor:
    """Seals a package as other vendors do; every habit can be set."""

    def __init__(self, county, package: Package) -> None:
        self.county = county
        self.members = dict(package.members)
        entry = b"<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>"
        self.members["OFD.xml"] = self.members["OFD.xml"].replace(b"</ofd:DocBody>", entry)
        self.kind = 'Type="Seal" '
        self.base = "Sign_0/Signature.xml"
        self.method = ' CheckMethod="SM3"'
        self.digest = sm3.digest
        self.path = "/{}".format
        self.seal_entry = "<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>"
        self.value_entry = "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue>"
        self.algorithm = SM2_WITH_SM3
        self.seal: bytes | None = county.seal

    def signature_xml(self) -> bytes:
        references = "".join(
            f'<ofd:Reference FileRef="{self.path(path)}"><ofd:CheckValue>'
            f"{b64encode(self.digest(data)).decode()}</ofd:CheckValue></ofd:Reference>"
            for path, data in self.members.items()
        )
        return (
            f"<ofd:Signature {OFD}><ofd:SignedInfo><ofd:Provider ProviderName='other'/>"
            f"<ofd:SignatureMethod>{self.algorithm}</ofd:SignatureMethod>"
            "<ofd:SignatureDateTime>20261118100000</ofd:SignatureDateTime>"
            f"<ofd:References{self.method}>{references}</ofd:References>"
            f"{self.seal_entry}</ofd:SignedInfo>{self.value_entry}</ofd:Signature>"
        ).encode()

    def sealed(self, value_of) -> Package:
        if self.seal is not None:
            self.members[SEAL] = self.seal
        xml = self.signature_xml()
        listing = f'<ofd:Signatures {OFD}><ofd:Signature ID="1" {self.kind}BaseLoc="{self.base}"/>'
        return Package(
            {
                **self.members,
                "Doc_0/Signs/Signatures.xml": f"{listing}</ofd:Signatures>".encode(),
                XML: xml,
                VALUE: value_of(xml),
            }
        )

    def v4_value(self, xml: bytes, *, extensions: bytes = b"", time_stamp: bytes = b"", version=4):
        signer = self.county.signer
        to_sign = der.sequence(
            der.integer(version),
            self.seal or self.county.seal,
            der.generalized_time(SIGNED_AT).encoded(),
            der.bits(sm3.digest(xml)),
            der.text(der.IA5, f"/{XML}"),
            extensions,
        )
        return der.sequence(
            to_sign,
            der.octets(signer.certificate_der),
            der.object_id(SM2_WITH_SM3),
            der.bits(signer.sign(to_sign)),
            time_stamp,
        )

    def found(self, value_of=None):
        package = self.sealed(value_of or self.v4_value)
        return verify_package(package, trust=self.county.trust, now=NOW)


@pytest.fixture
def vendor(county, package) -> Vendor:
    return Vendor(county, package)


def foreign_seal(
    county, *, version: int, extensions: bytes = b"", by_digest: bool = False, time_stamp=b""
) -> bytes:
    """Make a seal of any edition, with digests instead of certificates where wanted."""
    is_first = version < 4
    certificate = county.signer.certificate_der
    if by_digest:
        listed = der.sequence(der.text(der.PRINTABLE, "SM3"), der.octets(sm3.digest(certificate)))
    else:
        listed = der.octets(certificate)
    times = [
        der.encode(der.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
        if is_first
        else der.generalized_time(moment).encoded()
        for moment in (START, START, END)
    ]
    info = der.sequence(
        der.sequence(der.text(der.IA5, "ES"), der.integer(version), der.text(der.IA5, "OTHER")),
        der.text(der.IA5, "14050000000001"),
        der.sequence(
            der.integer(1),
            der.text(der.UTF8, "他家印章"),
            b"" if is_first else der.integer(2 if by_digest else 1),
            der.sequence(listed),
            *times,
        ),
        der.sequence(der.text(der.IA5, "PNG"), der.octets(PIXEL), der.integer(42), der.integer(42)),
        extensions,
    )
    maker = county.maker
    fields = (der.octets(maker.certificate_der), der.object_id(SM2_WITH_SM3))
    if is_first:
        signature = maker.sign(der.sequence(info, *fields))
        return der.sequence(info, der.sequence(*fields, der.bits(signature)))
    return der.sequence(info, *fields, der.bits(maker.sign(info)), time_stamp)


def extension(*critical: bytes) -> bytes:
    return der.sequence(der.object_id(STAMP_OID), *critical, der.octets(b"vendor"))


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
        (' CheckMethod="MD5"', "sha1", "no"),
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


def v1_value(
    vendor: Vendor, xml: bytes, extensions: bytes = b"", time: bytes = b"20261118020000Z"
) -> bytes:
    signer = vendor.county.signer
    to_sign = der.sequence(
        der.integer(1),
        vendor.seal,
        der.bits(time),
        der.bits(sm3.digest(xml)),
        der.text(der.IA5, f"/{XML}"),
        der.octets(signer.certificate_der),
        der.object_id(SM2_WITH_SM3),
        extensions,
    )
    return der.sequence(to_sign, der.bits(signer.sign(to_sign)))


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


def signed_data(
    vendor: Vendor,
    content: bytes | None,
    *,
    signed: bytes | None = None,
    attributes: bytes = b"",
    has_certificate: bool = True,
    kinds: tuple[str, str] = (GB_DATA, GB_SIGNED_DATA),
) -> bytes:
    """Make SignedData of GB/T 35275; `signed` is what is signed, the content unless given."""
    signer = vendor.county.signer
    certificate = load_certificate(signer.certificate_der)
    message = der.encode(0x31, attributes) if attributes else (signed or content or b"")
    algorithm = der.sequence(der.object_id("1.2.156.10197.1.401"))
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
                        der.octets(signer.sign(message)),
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
