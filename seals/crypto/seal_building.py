"""Making electronic seals and seal signatures in version 4 of the structure.

None of the optional fields is written: the implementations in the field disagree on their tags.
"""

from collections.abc import Sequence
from datetime import datetime

from seals.crypto import der
from seals.crypto.port import KeyHolder
from seals.crypto.seal_structure import SM2_WITH_SM3, Picture, SealOwner

_VERSION_WRITTEN = 4
_LIST_OF_CERTIFICATES = 1


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
    described = der.sequence(
        der.integer(owner),
        der.text(der.UTF8, name),
        der.integer(_LIST_OF_CERTIFICATES),
        der.sequence(*map(der.octets, certificates)),
        *(
            der.generalized_time(moment).encoded()
            for moment in (created_at, valid_from, valid_until)
        ),
    )
    drawn = der.sequence(
        der.text(der.IA5, picture.kind),
        der.octets(picture.data),
        der.integer(picture.width),
        der.integer(picture.height),
    )
    info = der.sequence(
        der.sequence(
            der.text(der.IA5, "ES"), der.integer(_VERSION_WRITTEN), der.text(der.IA5, vendor)
        ),
        der.text(der.IA5, seal_id),
        described,
        drawn,
    )
    return der.sequence(
        info,
        der.octets(maker.certificate_der),
        der.object_id(SM2_WITH_SM3),
        der.bits(maker.sign(info)),
    )


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
