"""Another vendor, whose habits can be set: makes files that our writer could not have made."""

from base64 import b64encode

from seals.crypto import der, sm3
from seals.crypto.certificates import SM2_WITH_SM3
from seals.documents.package import Package
from seals.documents.questions import Asked, Question
from seals.documents.verification import verify_package
from tests.seals.conftest import END, NOW, PIXEL, SIGNED_AT, START

OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


FOLDER = "Doc_0/Signs/Sign_0/"


XML, VALUE, SEAL = f"{FOLDER}Signature.xml", f"{FOLDER}SignedValue.dat", f"{FOLDER}Seal.esl"


ALL_YES = {question.value: "yes" for question in Question if question.asked is Asked.OF_SIGNATURE}


STAMP_OID, CRITICAL = "1.2.156.99999.1", der.encode(der.BOOLEAN, b"\xff")


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
