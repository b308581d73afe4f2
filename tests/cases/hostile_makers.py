"""Files that are small to send and dear to judge, made by kind: packages, PDFs, pictures."""

import zipfile
import zlib
from io import BytesIO

from PIL import Image

from seals.crypto import der

_SM2, _SM2_CURVE = "1.2.840.10045.2.1", "1.2.156.10197.1.301"
_SM2_WITH_SM3, _SM3 = "1.2.156.10197.1.501", "1.2.156.10197.1.401"


def zipped(members: dict[str, bytes]) -> bytes:
    """A package of these members, as small as it goes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def listing(*locations: str) -> dict[str, bytes]:
    """The members that list these signatures."""
    entries = "".join(f'<Signature BaseLoc="{one}"/>' for one in locations)
    return {
        "OFD.xml": b"<OFD><DocBody><Signatures>S.xml</Signatures></DocBody></OFD>",
        "S.xml": f"<Signatures>{entries}</Signatures>".encode(),
    }


def _name(text: str, times: int = 1) -> bytes:
    attribute = der.sequence(der.object_id("2.5.4.3"), der.text(der.PRINTABLE, text))
    return der.sequence(*[der.encode(der.SET, attribute)] * times)


def certificate(subject: str, issuer: str, serial: int, *, names: int = 1) -> bytes:
    """An unsigned certificate; `names` times the same attribute in both names."""
    algorithm = der.sequence(der.object_id(_SM2_WITH_SM3))
    key = der.sequence(
        der.sequence(der.object_id(_SM2), der.object_id(_SM2_CURVE)),
        der.bits(b"\4" + serial.to_bytes(64, "big")),
    )
    times = (der.encode(der.UTC_TIME, one) for one in (b"200101000000Z", b"400101000000Z"))
    told = der.sequence(
        der.encode(der.TAG_0, der.integer(2)),
        der.integer(serial),
        algorithm,
        _name(issuer, names),
        der.sequence(*times),
        _name(subject, names),
        key,
    )
    return der.sequence(told, algorithm, der.bits(b"\0" * 64))


def signed_data(certificates: list[bytes], issuer: str, serial: int, *, names: int = 1) -> bytes:
    """A SignedData with these certificates, signed by the one of that issuer and number."""
    digest = der.sequence(der.object_id(_SM3))
    signer = der.sequence(
        der.integer(1),
        der.sequence(_name(issuer, names), der.integer(serial)),
        digest,
        der.sequence(der.object_id(_SM2_WITH_SM3)),
        der.octets(b"\0" * 64),
    )
    body = der.sequence(
        der.integer(1),
        der.encode(der.SET, digest),
        der.sequence(der.object_id("1.2.156.10197.6.1.4.2.1")),
        der.encode(der.TAG_0, *certificates),
        der.encode(der.SET, signer),
    )
    return der.sequence(der.object_id("1.2.156.10197.6.1.4.2.2"), der.encode(der.TAG_0, body))


def signatures_of(values: list[bytes], *, stated: str = "") -> bytes:
    """A package with a signature for each value."""
    xml = "<Signature><SignedInfo>{}</SignedInfo><SignedValue>V{}</SignedValue></Signature>"
    time = f"<SignatureDateTime>{stated}</SignatureDateTime>" if stated else ""
    count = range(len(values))
    return zipped(
        {
            **listing(*(f"B{n}.xml" for n in count)),
            **{f"B{n}.xml": xml.format(time, n).encode() for n in count},
            **{f"V{n}": value for n, value in enumerate(values)},
        }
    )


def referring(locations: list[str], members: int) -> bytes:
    """A package whose one signature refers to locations that it does not have."""
    references = "".join(f'<Reference FileRef="{one}"/>' for one in locations)
    xml = f"<Signature><SignedInfo><References>{references}</References></SignedInfo></Signature>"
    return zipped(
        {
            **listing("B.xml"),
            "B.xml": xml.encode(),
            "SignedValue.dat": b"no value",
            **{f"m{n}": b"" for n in range(members)},
        }
    )


def pdf(content: bytes, pictures: list[bytes] | None = None) -> bytes:
    """A PDF of two pages that are one: a content and objects that are pictures."""
    held = pictures or []
    named = b"".join(b"/I%d %d 0 R " % (n, 5 + n) for n in range(len(held)))
    packed = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents 4 0 R"
        b"/Resources<</XObject<<" + named + b">>>>>>",
        _stream(b"/Filter/FlateDecode", packed),
        *held,
    ]
    out, places = b"%PDF-1.5\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    )  # fmt: skip


def _stream(head: bytes, data: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(data), data)


def picture(kind: str, width: int, height: int) -> bytes:
    """A picture of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height)).save(out, kind)
    return out.getvalue()


def pictured(kind: str, filter_name: bytes, side: int, count: int) -> bytes:
    """A PDF that shows pictures of a kind."""
    data = picture(kind, side, side)
    head = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Filter/%s" % (side, side, filter_name)
    )
    uses = b"".join(b"/I%d Do " % n for n in range(count))
    return pdf(uses, [_stream(head, data)] * count)
