"""Making electronic seals and seal signatures in version 4 of the structure.

None of the optional fields is written: the implementations in the field disagree on their tags.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from seals.crypto import der
from seals.crypto.port import KeyHolder
from seals.crypto.seal_structure import (
    SM2_WITH_SM3,
    Picture,
    Seal,
    SealOwner,
    SealProperty,
    Structure,
)

_VERSION_WRITTEN = 4


def build_seal(
    *,
    seal_id: str,
    vendor: str,
    name: str,
    certificates: Sequence[bytes],
    picture: Picture,
    created_at: datetime,
    valid_from: datetime,
    valid_until: datetime,
    maker: KeyHolder,
    owner: SealOwner = SealOwner.ORGANISATION,
) -> bytes:
    """Make a V4 seal for the signers' certificates, signed by the maker; times are aware.

    Raises ValueError for a name, id or vendor that the structure cannot hold.
    Source: GB/T 38540-2020.
    """
    described = SealProperty(
        owner=owner,
        name=name,
        certificates=tuple(certificates),
        digests=(),
        created=der.generalized_time(created_at),
        starts=der.generalized_time(valid_from),
        ends=der.generalized_time(valid_until),
    )
    unsigned = Seal(
        structure=Structure.V4,
        version=_VERSION_WRITTEN,
        vendor=vendor,
        seal_id=seal_id,
        property=described,
        picture=picture,
        extensions=b"",
        maker_certificate=maker.certificate_der,
        algorithm=SM2_WITH_SM3,
        signature=b"",
        time_stamp=b"",
    )
    return replace(unsigned, signature=maker.sign(unsigned.signed_bytes())).encoded()


def build_signature(
    *,
    seal_der: bytes,
    signed_at: datetime,
    data_hash: bytes,
    property_info: str,
    signer: KeyHolder,
) -> bytes:
    """Make a V4 signature value with the seal; the seal is embedded as it is.

    `data_hash` is SM3 over Signature.xml, `property_info` its absolute path in the package.
    Source: GB/T 38540-2020.
    """
    to_sign = der.sequence(
        der.integer(_VERSION_WRITTEN),
        seal_der,
        der.generalized_time(signed_at).encoded(),
        der.bits(data_hash),
        der.text(der.IA5, property_info),
    )
    return der.sequence(
        to_sign,
        der.octets(signer.certificate_der),
        der.object_id(SM2_WITH_SM3),
        der.bits(signer.sign(to_sign)),
    )
