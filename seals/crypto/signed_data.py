"""Reading SignedData of GB/T 35275 (and its model, PKCS #7) with one SM2 signer."""

from collections.abc import Callable
from dataclasses import dataclass

from seals.crypto import der, sm2, sm3
from seals.crypto.certificates import (
    SM2_CURVE,
    SM2_WITH_SM3,
    SM3,
    BadCertificate,
    load_certificate,
    malformed_as,
    read_certificate,
)
from seals.crypto.der import BadStructure, Cursor, Element
from seals.crypto.signature_values import readings
from seals.crypto.signing_times import SigningTime, of_field
from seals.crypto.sm2 import Verified

_SIGNED_DATA = frozenset({"1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.7.2"})
_SIGNATURE_ALGORITHMS = frozenset({SM2_WITH_SM3, SM2_CURVE, f"{SM2_CURVE}.1"})
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_TIME = "1.2.840.113549.1.9.5"
_SET, _TAG_1 = 0x31, 0xA1
_MOST_CERTIFICATES = 16


@dataclass(frozen=True, slots=True)
class SignedData:
    """What a SignedData holds; `attributes` are the signed ones as DER SET, "" for none."""

    content: bytes | None
    certificate: bytes | None
    others: tuple[bytes, ...]
    attributes: bytes
    message_digest: bytes | None
    signing_time: SigningTime
    signature: bytes
    is_understood: bool

    def covers(self, document: bytes) -> bool | None:
        """Tell whether what is signed is the document or its SM3 digest (GM/T 0099-2020).

        Nothing where that cannot be told: by another digest, without the signer's certificate, or
        by a value that cannot be read.
        """
        try:
            is_covered = any(map(self._covered, (document, sm3.digest(document))))
        except ValueError:
            return None
        is_legible = (
            self.attributes or self.content is not None or is_bare_signature(self.signature)
        )
        return is_covered or (False if self.is_understood and is_legible else None)

    def _covered(self, candidate: bytes) -> bool:
        if self.content is not None and self.content != candidate:
            return False
        if self.attributes:
            return self.message_digest == sm3.digest(candidate)
        return self.content is not None or self._is_signed(candidate)

    def judge_over(self, document: bytes) -> Verified:
        """Judge whether the signer's key made the signature.

        Raises ValueError when there is no certificate or its key is not SM2.
        """
        if self.attributes:
            return self._judged(self.attributes)
        if self.content is not None:
            return self._judged(self.content)
        found = self._judged(document)
        return self._judged(sm3.digest(document)) if found is Verified.WRONG else found

    def _judged(self, message: bytes) -> Verified:
        if self.certificate is None:
            raise ValueError("no certificate of the signer")
        return sm2.judge(read_certificate(self.certificate).spki, self.signature, message)

    def _is_signed(self, message: bytes) -> bool:
        return self._judged(message) in (Verified.RIGHT, Verified.OTHER_ID)


def is_bare_signature(data: bytes) -> bool:
    """Tell whether the bytes are the two numbers of a signature and nothing else."""
    return next(readings(data), None) is not None


def parse_signed_data(
    data: bytes, *, before_reading: Callable[[bytes], None] | None = None
) -> SignedData:
    """Read SignedData with exactly one signer.

    `before_reading` is told of each certificate before it is read, and may raise to stop.
    Raises BadStructure.
    Source: GB/T 35275-2017.
    """
    outer = Cursor(der.only(data, der.SEQUENCE).content)
    if outer.object_id() not in _SIGNED_DATA:
        raise BadStructure("not signed data")
    body = Cursor(der.only(outer.take(der.TAG_0).content, der.SEQUENCE).content)
    outer.end()
    body.integer()
    is_understood = all(_algorithm(one) == SM3 for one in der.elements(body.take(_SET).content))
    content = _content(body.sequence())
    certificates = _certificates(body)
    signer = Cursor(der.only(body.take(_SET).content, der.SEQUENCE).content)
    body.end()
    signer.integer()
    named = signer.take(der.SEQUENCE, 0x80)
    if before_reading is not None:
        for one in certificates:
            before_reading(one)
    certificate = next((one for one in certificates if _is_of(one, named)), None)
    is_understood &= _algorithm(signer.take(der.SEQUENCE)) == SM3
    attributes, values = b"", dict[str, Element]()
    if signer.peek() == der.TAG_0:
        signed = signer.take(der.TAG_0)
        # RFC 5652, 5.4: what is signed is the set with its own tag.
        attributes = der.encode(_SET, signed.content)
        values = _attributes(signed.content)
    is_understood &= _algorithm(signer.take(der.SEQUENCE)) in _SIGNATURE_ALGORITHMS
    signature = signer.octets()
    if signer.peek() == _TAG_1:
        signer.take(_TAG_1)
    signer.end()
    digest, time = values.get(_MESSAGE_DIGEST), values.get(_SIGNING_TIME)
    return SignedData(
        content=content,
        certificate=certificate,
        others=tuple(one for one in certificates if one != certificate),
        attributes=attributes,
        message_digest=None if digest is None else digest.content,
        signing_time=SigningTime() if time is None else of_field(time),
        signature=signature,
        is_understood=bool(is_understood),
    )


def _certificates(body: Cursor) -> list[bytes]:
    """The certificates of the body, which the lists of revoked ones follow."""
    found: list[bytes] = []
    if body.peek() == der.TAG_0:
        found = [one.whole for one in der.elements(body.take(der.TAG_0).content)]
    if body.peek() == _TAG_1:
        body.take(_TAG_1)
    if len(found) > _MOST_CERTIFICATES:
        raise BadStructure("there are more certificates than any chain has")
    return found


def _algorithm(element: Element) -> str:
    return Cursor(element.content).object_id()


def _content(fields: Cursor) -> bytes | None:
    fields.object_id()
    if fields.peek() is None:
        return None
    wrapped = fields.take(der.TAG_0)
    fields.end()
    return der.only(wrapped.content, der.OCTET_STRING).content


def _is_of(certificate: bytes, named: Element) -> bool:
    """Tell whether the certificate is the one that the signer is named by."""
    try:
        read = load_certificate(certificate)
        with malformed_as(BadCertificate, "not a certificate"):
            if named.tag == der.SEQUENCE:
                wanted = read.issuer.dump() + der.integer(read.serial_number)
                return bool(wanted == named.content)
            return bool(read.key_identifier == named.content)
    except BadCertificate:
        return False


def _attributes(content: bytes) -> dict[str, Element]:
    """Give the single values of the signed attributes by object identifier."""
    values: dict[str, Element] = {}
    for one in der.elements(content):
        fields = Cursor(one.content)
        name = fields.object_id()
        held = list(der.elements(fields.take(_SET).content))
        fields.end()
        if len(held) != 1 or name in values:
            raise BadStructure("a signed attribute does not have exactly one value")
        values[name] = held[0]
    return values
