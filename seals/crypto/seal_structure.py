"""Electronic seals and seal signatures as they are read: V1, V4 and V5.

V1 is GM/T 0031-2014, V4 GB/T 38540-2020, V5 GM/T 0031-2025. All are strict DER: what has been
read encodes again to the same bytes. Optional fields are read with and without their tag, strings
in any type and lists of signers in any form, as all of these are in the field.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from seals.crypto import der
from seals.crypto.der import BadStructure, Cursor, Element, Time
from seals.crypto.signing_times import SigningTime, of_field

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
_TIME_FIELDS = (der.BIT_STRING, der.OCTET_STRING, der.GENERALIZED_TIME, der.UTC_TIME, *der.STRINGS)


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
    """What a seal says of itself: owner kind, name, signers' certificates, validity.

    `is_list_read` tells whether every entry of the list of signers was of a kind that we know.
    """

    owner: int
    name: str
    certificates: tuple[bytes, ...]
    digests: tuple[CertificateDigest, ...]
    created: Time
    starts: Time
    ends: Time
    is_list_read: bool = True

    @property
    def valid_from(self) -> datetime:
        """Give the first moment of validity, in UTC."""
        return self.starts.moment

    @property
    def valid_until(self) -> datetime:
        """Give the last moment of validity, in UTC."""
        return self.ends.moment

    def is_valid_at(self, moment: datetime) -> bool | None:
        """Tell whether the seal is valid then; nothing where that hangs on a zone left out."""
        if moment < self.starts.moment or moment > self.ends.latest:
            return False
        return True if self.starts.latest <= moment <= self.ends.moment else None


@dataclass(frozen=True, slots=True)
class Picture:
    """The impression: its format ("PNG", "OFD" …), its bytes, its size on paper in millimetres."""

    kind: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Seal:
    """An electronic seal; `info`, `extensions` and `time_stamp` are kept as they were encoded."""

    info: bytes
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
                self.info, der.octets(self.maker_certificate), der.object_id(self.algorithm)
            )
        return self.info

    def encoded(self) -> bytes:
        """Write the seal; gives the bytes it was read from."""
        maker = (
            der.octets(self.maker_certificate),
            der.object_id(self.algorithm),
            der.bits(self.signature),
        )
        if self.structure is Structure.V1:
            return der.sequence(self.info, der.sequence(*maker))
        return der.sequence(self.info, *maker, self.time_stamp)


@dataclass(frozen=True, slots=True)
class SealSignature:
    """A signature made with a seal over the digest of Signature.xml.

    `time_info` is the encoded field: a time since V4, bits of the vendor's choice in V1;
    `property_field` is encoded too.
    """

    structure: Structure
    version: int
    seal: Seal
    time_info: bytes
    data_hash: bytes
    property_field: bytes
    extensions: bytes
    certificate: bytes
    algorithm: str
    signature: bytes
    time_stamp: bytes

    @property
    def signing_time(self) -> SigningTime:
        """Give the signing time as the signature states it."""
        return of_field(next(der.elements(self.time_info)))

    @property
    def signed_at(self) -> datetime | None:
        """Give the signing time, in UTC; nothing where the field does not hold one."""
        return self.signing_time.moment

    @property
    def property_info(self) -> str:
        """Give what the signature says it protects: a path in the package."""
        return der.read_text(next(der.elements(self.property_field)))

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
            self.property_field,
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
    whole_info = top.take(der.SEQUENCE)
    info = Cursor(whole_info.content)
    header = info.sequence()
    if header.text() != "ES":
        raise BadStructure("the header is not that of a seal")
    version, vendor = header.integer(), header.text()
    header.end()
    structure = _structure(version, has_two_fields=has_two_fields)
    seal_id = info.text()
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
        info=whole_info.whole,
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
    owner, name = fields.integer(), fields.text()
    if structure is not Structure.V1:
        # The kind of the list. Vendors count differently: an entry is told by its own form.
        fields.integer()
    listed = list(der.elements(fields.take(der.SEQUENCE, der.SET).content))
    certificates = [one for one in map(_listed_certificate, listed) if one is not None]
    digests = [one for one in map(_listed_digest, listed) if one is not None]
    created, starts, ends = fields.time(), fields.time(), fields.time()
    fields.end()
    return SealProperty(
        owner=owner,
        name=name,
        certificates=tuple(certificates),
        digests=tuple(digests),
        created=created,
        starts=starts,
        ends=ends,
        is_list_read=len(certificates) + len(digests) == len(listed),
    )


def _listed_certificate(entry: Element) -> bytes | None:
    """Give the certificate that an entry is: in an OCTET STRING, as it should be, or bare."""
    data = entry.content if entry.tag == der.OCTET_STRING else entry.whole
    try:
        fields = Cursor(der.only(data, der.SEQUENCE).content)
        fields.take(der.SEQUENCE), fields.take(der.SEQUENCE), fields.take(der.BIT_STRING)
        fields.end()
    except BadStructure:
        return None
    return data


def _listed_digest(entry: Element) -> CertificateDigest | None:
    """Give the digest that an entry is: the name or identifier of its method, and its value."""
    try:
        fields = Cursor(entry.content if entry.tag == der.SEQUENCE else b"")
        is_identifier = fields.peek() == der.OBJECT_ID
        method = fields.object_id() if is_identifier else fields.text()
        value = fields.octets()
        fields.end()
    except BadStructure:
        return None
    return CertificateDigest(method, value)


def _picture(fields: Cursor) -> Picture:
    kind, data = fields.text(), fields.octets()
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
    time_info = signed.take(*_TIME_FIELDS)
    data_hash, property_field = signed.bits(), signed.take(*der.STRINGS)
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
        property_field=property_field.whole,
        extensions=extensions,
        certificate=certificate,
        algorithm=algorithm,
        signature=signature,
        time_stamp=time_stamp,
    )
    if parsed.encoded() != data:
        raise BadStructure("the signature does not encode again to the same bytes")
    return parsed
