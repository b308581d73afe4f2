"""A small authority in memory and a tiny document, made once for all tests of sealing."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from sample_county.issuing import CertificateUse, SubjectName, build_certificate, build_crl
from seals.crypto.seal_building import build_seal
from seals.crypto.seal_structure import Picture
from seals.crypto.sm2 import PrivateKey
from seals.crypto.software_key import SoftwareKey
from seals.crypto.trust import TrustStore
from seals.documents.ofd import Stamp, seal_package
from seals.documents.package import Package

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2031, 1, 1, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63"
    "bcc6f0bf1e0005f501fb1ff0b0a60000000049454e44ae426082"
)
STAMP = Stamp("1", 120, 200, 42, 42)


def certified(
    name: str,
    use: CertificateUse,
    issuer: SoftwareKey | None,
    serial: int,
    *,
    start: datetime = START,
    end: datetime = END,
) -> SoftwareKey:
    key = SoftwareKey(name, PrivateKey.generate())
    certificate = build_certificate(
        subject=SubjectName(name, "泽州县样例单位"),
        spki=key.public_spki(),
        serial=serial,
        not_before=start,
        not_after=end,
        use=use,
        issuer=issuer or key,
    )
    return SoftwareKey(name, key._key, certificate)


@dataclass(frozen=True)
class County:
    root: SoftwareKey
    intermediate: SoftwareKey
    maker: SoftwareKey
    signer: SoftwareKey
    seal: bytes
    trust: TrustStore

    def crls(self, *revoked):
        return tuple(
            build_crl(
                number=1,
                this_update=START,
                next_update=END,
                revoked=revoked if issuer is self.intermediate else (),
                issuer=issuer,
            )
            for issuer in (self.root, self.intermediate)
        )

    def trust_with(self, *, roots=None, intermediates=None, crls=None):
        return TrustStore(
            self.trust.roots if roots is None else roots,
            self.trust.intermediates if intermediates is None else intermediates,
            self.trust.crls if crls is None else crls,
        )

    def sealed(self, package: Package, **changes):
        return seal_package(
            package,
            **{
                "stamps": [STAMP],
                "seal_der": self.seal,
                "signer": self.signer,
                "signed_at": SIGNED_AT,
                **changes,
            },
        )


def make_seal(maker, *certificates, start=START, end=END, name="泽州县样例局"):
    return build_seal(
        seal_id="SAMPLE-1",
        vendor="ZEZHOU-SAMPLE",
        name=name,
        certificates=[one.certificate_der for one in certificates],
        picture=Picture("PNG", PIXEL, 42, 42),
        created_at=start,
        valid_from=start,
        valid_until=end,
        maker=maker,
    )


@pytest.fixture(scope="session")
def county() -> County:
    root = certified("样例根证书", CertificateUse.ROOT, None, 1)
    intermediate = certified("样例中级证书", CertificateUse.INTERMEDIATE, root, 2)
    maker = certified("样例制章单位", CertificateUse.SIGNER, intermediate, 3)
    signer = certified("泽州县样例局", CertificateUse.SIGNER, intermediate, 4)
    bare = County(root, intermediate, maker, signer, make_seal(maker, signer), TrustStore())
    trust = TrustStore((root.certificate_der,), (intermediate.certificate_der,), bare.crls())
    return County(root, intermediate, maker, signer, bare.seal, trust)


@pytest.fixture(scope="session")
def package() -> Package:
    ofd = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return Package(
        {
            "OFD.xml": (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:OFD {ofd} Version="1.0" '
                'DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
                '<ofd:CustomDatas><ofd:CustomData Name="ZZBS">1.2.156.3005.2.X</ofd:CustomData>'
                '<ofd:CustomData Name="ZZMC">食品经营许可证</ofd:CustomData></ofd:CustomDatas>'
                "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
            ).encode(),
            "Doc_0/Document.xml": (
                f"<ofd:Document {ofd}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID>"
                "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
                '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
                "</ofd:Pages></ofd:Document>"
            ).encode(),
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {ofd}/>".encode(),
            "Doc_0/Res/mark.png": PIXEL,
        }
    )


def answers(finding) -> dict[str, str]:
    """Give code and answer of the one signature of a file."""
    (signature,) = finding.signatures
    return {one.question.value: one.answer.value for one in signature.answers}


@pytest.fixture
def vendor(county, package):
    from tests.seals.vendor import Vendor

    return Vendor(county, package)
