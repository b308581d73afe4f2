"""Electronic seals and seal signatures as they are read: V1, V4 and V5.

V1 is GM/T 0031-2014, V4 GB/T 38540-2020, V5 GM/T 0031-2025. All are strict DER: what has been
read encodes again to the same bytes. Optional fields are read with and without their tag, as
both are in the field.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from seals.crypto import der
from seals.crypto.der import BadStructure, Cursor, Element, Time

__all__ = [
    "SM2_WITH_SM3",
    "BadStructure",
    "CertificateDigest",
    "Picture",
    "Seal",
    "SealOwner",
    "SealProperty",
    "SealSignature",
    "Structure",
    "parse_seal",
    "parse_signature",
]

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_CERTIFICATES, _DIGESTS = 1, 2


class Structure(StrEnum):
    """Which edition of the structure a seal or signature follows."""

    V1 = "V1"
    V4 = "V4"
    V5 = "V5"


class SealOwner(IntEnum):
    """Whose seal it is, as the property information says."""

    ORGANISATION = 1
    PERSON = 2


@dataclass(frozen=True, slots=True)
class CertificateDigest:
    """A signer's certificate named by its digest; `algorithm` is a name or an OID."""

    algorithm: str
    value: bytes


@dataclass(frozen=True, slots=True)
class SealProperty:
    """What a seal says of itself: owner kind, name, signers' certificates, validity."""

    owner: int
    name: str
    certificates: tuple[bytes, ...]
    digests: tuple[CertificateDigest, ...]
    created: Time
    starts: Time
    ends: Time

    @property
    def valid_from(self) -> datetime:
        """Give the first moment of validity, in UTC."""
        return self.starts.moment

    @property
    def valid_until(self) -> datetime:
        """Give the last moment of validity, in UTC."""
        return self.ends.moment

    def encoded(self, structure: Structure) -> bytes:
        """Write the property information of that edition."""
        if self.digests:
            kind = _DIGESTS
            listed = [
                der.sequence(der.text(der.PRINTABLE, one.algorithm), der.octets(one.value))
                for one in self.digests
            ]
        else:
            kind = _CERTIFICATES
            listed = [der.octets(certificate) for certificate in self.certificates]
        return der.sequence(
            der.integer(self.owner),
            der.text(der.UTF8, self.name),
            b"" if structure is Structure.V1 else der.integer(kind),
            der.sequence(*listed),
            self.created.encoded(),
            self.starts.encoded(),
            self.ends.encoded(),
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """The impression: its format ("PNG", "OFD" …), its bytes, its size on paper in millimetres."""

    kind: str
    data: bytes
    width: int
    height: int

    def encoded(self) -> bytes:
        """Write the picture information."""
        return der.sequence(
            der.text(der.IA5, self.kind),
            der.octets(self.data),
            der.integer(self.width),
            der.integer(self.height),
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """An electronic seal; `extensions` and `time_stamp` are kept as they were encoded."""

    structure: Structure
    version: int
    vendor: str
    seal_id: str
    property: SealProperty
    picture: Picture
    extensions: bytes
    maker_certificate: bytes
    algorithm: str
    signature: bytes
    time_stamp: bytes

    def signed_bytes(self) -> bytes:
        """Give the bytes that the seal maker signed, which differ between the editions."""
        if self.structure is Structure.V1:
            return der.sequence(
                self._info(), der.octets(self.maker_certificate), der.object_id(self.algorithm)
            )
        return self._info()

    def encoded(self) -> bytes:
        """Write the seal; gives the bytes it was read from."""
        maker = (
            der.octets(self.maker_certificate),
            der.object_id(self.algorithm),
            der.bits(self.signature),
        )
        if self.structure is Structure.V1:
            return der.sequence(self._info(), der.sequence(*maker))
        return der.sequence(self._info(), *maker, self.time_stamp)

    def _info(self) -> bytes:
        return der.sequence(
            der.sequence(
                der.text(der.IA5, "ES"), der.integer(self.version), der.text(der.IA5, self.vendor)
            ),
            der.text(der.IA5, self.seal_id),
            self.property.encoded(self.structure),
            self.picture.encoded(),
            self.extensions,
        )


@dataclass(frozen=True, slots=True)
class SealSignature:
    """A signature made with a seal over the digest of Signature.xml.

    `time_info` is the encoded field: a time since V4, bits of the vendor's choice in V1.
    """

    structure: Structure
    version: int
    seal: Seal
    time_info: bytes
    data_hash: bytes
    property_info: str
    extensions: bytes
    certificate: bytes
    algorithm: str
    signature: bytes
    time_stamp: bytes

    @property
    def signed_at(self) -> datetime | None:
        """Give the signing time, in UTC; nothing where the field does not hold one."""
        field = next(der.elements(self.time_info))
        if field.tag == der.BIT_STRING:
            inner = der.bit_string_bytes(field)
            for tag in (der.GENERALIZED_TIME, der.UTC_TIME):
                for candidate in (inner, der.encode(tag, inner)):
                    try:
                        return der.read_time(der.only(candidate, tag)).moment
                    except BadStructure:
                        continue
            return None
        return der.read_time(field).moment

    def signed_bytes(self) -> bytes:
        """Give the bytes that the signer signed."""
        last = (
            (der.octets(self.certificate), der.object_id(self.algorithm))
            if self.structure is Structure.V1
            else ()
        )
        return der.sequence(
            der.integer(self.version),
            self.seal.encoded(),
            self.time_info,
            der.bits(self.data_hash),
            der.text(der.IA5, self.property_info),
            *last,
            self.extensions,
        )

    def encoded(self) -> bytes:
        """Write the signature; gives the bytes it was read from."""
        if self.structure is Structure.V1:
            return der.sequence(self.signed_bytes(), der.bits(self.signature), self.time_stamp)
        return der.sequence(
            self.signed_bytes(),
            der.octets(self.certificate),
            der.object_id(self.algorithm),
            der.bits(self.signature),
            self.time_stamp,
        )


def parse_seal(data: bytes) -> Seal:
    """Read a seal of any edition.

    Raises BadStructure when the bytes are not strict DER of a known edition.
    """
    seal = _seal(der.only(data, der.SEQUENCE))
    if seal.encoded() != data:
        raise BadStructure("the seal does not encode again to the same bytes")
    return seal


def _seal(element: Element) -> Seal:
    top = Cursor(element.content)
    has_two_fields = len(top) == 2
    info = top.sequence()
    header = info.sequence()
    if header.text(der.IA5) != "ES":
        raise BadStructure("the header is not that of a seal")
    version, vendor = header.integer(), header.text(der.IA5)
    header.end()
    structure = _structure(version, has_two_fields=has_two_fields)
    seal_id = info.text(der.IA5)
    described = _property(info.sequence(), structure)
    picture = _picture(info.sequence())
    extensions = _optional(info)
    info.end()
    maker = top.sequence() if structure is Structure.V1 else top
    certificate, algorithm, signature = maker.octets(), maker.object_id(), maker.bits()
    time_stamp = b"" if structure is Structure.V1 else _optional(top)
    maker.end()
    top.end()
    return Seal(
        structure=structure,
        version=version,
        vendor=vendor,
        seal_id=seal_id,
        property=described,
        picture=picture,
        extensions=extensions,
        maker_certificate=certificate,
        algorithm=algorithm,
        signature=signature,
        time_stamp=time_stamp,
    )


def _structure(version: int, *, has_two_fields: bool) -> Structure:
    if has_two_fields and 1 <= version <= 3:
        return Structure.V1
    if not has_two_fields and version == 4:
        return Structure.V4
    if not has_two_fields and version == 5:
        return Structure.V5
    raise BadStructure(f"version {version} does not go with this shape")


def _property(fields: Cursor, structure: Structure) -> SealProperty:
    owner, name = fields.integer(), fields.text(der.UTF8)
    kind = _CERTIFICATES if structure is Structure.V1 else fields.integer()
    listed = fields.sequence()
    certificates: list[bytes] = []
    digests: list[CertificateDigest] = []
    while listed.peek() is not None:
        if kind == _CERTIFICATES:
            certificates.append(listed.octets())
        elif kind == _DIGESTS:
            one = listed.sequence()
            digests.append(CertificateDigest(one.text(der.PRINTABLE), one.octets()))
            one.end()
        else:
            raise BadStructure("the list of certificates is of an unknown kind")
    created, starts, ends = fields.time(), fields.time(), fields.time()
    fields.end()
    return SealProperty(owner, name, tuple(certificates), tuple(digests), created, starts, ends)


def _picture(fields: Cursor) -> Picture:
    kind, data = fields.text(der.IA5), fields.octets()
    width, height = fields.integer(), fields.integer()
    fields.end()
    return Picture(kind, data, width, height)


def _optional(fields: Cursor) -> bytes:
    """Take an optional last field, with or without its tag [0]; keep it as it is encoded."""
    tag = fields.peek()
    if tag is None:
        return b""
    field = fields.take(der.SEQUENCE, der.BIT_STRING, der.TAG_0)
    for inner in der.elements(field.content) if tag in (der.SEQUENCE, der.TAG_0) else ():
        if inner.tag not in (der.SEQUENCE, der.BIT_STRING):
            raise BadStructure("an optional field is of an unknown form")
    return field.whole


def parse_signature(data: bytes) -> SealSignature:
    """Read a signature value made with a seal of any edition.

    Raises BadStructure when the bytes are not strict DER of a known edition.
    """
    top = Cursor(der.only(data, der.SEQUENCE).content)
    signed = top.sequence()
    version = signed.integer()
    seal = _seal(signed.take(der.SEQUENCE))
    is_first = seal.structure is Structure.V1
    time_info = signed.take(
        *((der.BIT_STRING,) if is_first else (der.GENERALIZED_TIME, der.UTC_TIME))
    )
    if not is_first:
        der.read_time(time_info)
    data_hash, property_info = signed.bits(), signed.text(der.IA5)
    holder = signed if is_first else top
    certificate, algorithm = holder.octets(), holder.object_id()
    extensions = _optional(signed)
    signed.end()
    signature = top.bits()
    time_stamp = _optional(top)
    top.end()
    parsed = SealSignature(
        structure=seal.structure,
        version=version,
        seal=seal,
        time_info=time_info.whole,
        data_hash=data_hash,
        property_info=property_info,
        extensions=extensions,
        certificate=certificate,
        algorithm=algorithm,
        signature=signature,
        time_stamp=time_stamp,
    )
    if parsed.encoded() != data:
        raise BadStructure("the signature does not encode again to the same bytes")
    return parsed
