"""Reading X.509 certificates and lists of revoked ones that use SM2 with SM3."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import algos, core, keys, pem, x509

SM2_CURVE = "1.2.156.10197.1.301"
SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3 = "1.2.156.10197.1.501"


def _register() -> None:
    """Teach asn1crypto the national algorithms; its tables are one for the whole process."""
    algos.SignedDigestAlgorithmId._map[SM2_WITH_SM3] = "sm2_sm3"
    algos.SignedDigestAlgorithmId._reverse_map = None
    algos.DigestAlgorithmId._map[SM3] = "sm3"
    algos.DigestAlgorithmId._reverse_map = None
    keys.NamedCurve.register("sm2p256v1", SM2_CURVE, 32)
    for string in (core.AbstractString, x509.NotReallyTeletexString):
        string.__unicode__ = _text_of
    # Authorities write attributes in whichever type, a wrong one too: each is taken as it comes.
    x509.NameTypeAndValue._oid_specs = {}
    x509.NameTypeAndValue.prepped_value = property(_comparable)


def _text_of(string: core.AbstractString) -> str:
    """Give a string's text, by its bytes where it is written in another encoding than its type's.

    Authorities put Chinese into PrintableString and GBK into the others.
    """
    if string.contents is None:
        return ""
    if string._unicode is None:
        string._unicode = _decoded(string._merge_chunks(), string._encoding)
    return str(string._unicode)


def _decoded(data: bytes, encoding: str) -> str:
    wide = (encoding,) if encoding in ("utf-16-be", "utf-32-be") else ()
    for tried in (*wide, "utf-8", "gb18030"):
        try:
            return data.decode(tried)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


_prepared = x509.NameTypeAndValue.prepped_value.fget


def _comparable(attribute: x509.NameTypeAndValue) -> str:
    """Give what an attribute of a name is compared by: its text, or its bytes where text fails."""
    try:
        return str(_prepared(attribute))
    except (ValueError, TypeError, AttributeError):
        return f"#{attribute.dump().hex()}"


_register()


class BadCertificate(ValueError):
    """The bytes are not a certificate that can be read."""


MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
_LARGEST = 64 * 1024


@contextmanager
def malformed_as(error: type[ValueError], sentence: str) -> Iterator[None]:
    """Turn whatever asn1crypto's late reading stumbles over into one error."""
    try:
        yield
    except MALFORMED as cause:
        raise error(sentence) from cause


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says; times in UTC, `spki` is the DER of its public key."""

    subject: str
    organisation: str
    issuer: str
    serial: int
    not_before: datetime
    not_after: datetime
    spki: bytes
    usages: frozenset[str] | None

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether the moment lies inside the certificate's own validity."""
        return self.not_before <= moment <= self.not_after

    @property
    def may_sign(self) -> bool:
        """Tell whether the key may sign documents (GB/T 38540: one of the two usages)."""
        return self.usages is None or bool(self.usages & {"digital_signature", "non_repudiation"})


def load_certificate(der: bytes) -> x509.Certificate:
    """Give the structure of a certificate; only what is needed of it has been read.

    Raises BadCertificate.
    """
    if len(der) > _LARGEST:
        raise BadCertificate("too large")
    with malformed_as(BadCertificate, "not a certificate"):
        certificate = x509.Certificate.load(der, strict=True)
        # asn1crypto reads late: what follows must not meet the first error somewhere else.
        _ = certificate.issuer.hashable, certificate.subject.hashable, certificate.serial_number
        _ = certificate.not_valid_before, certificate.not_valid_after
        _ = certificate["signature_algorithm"].native, certificate.signature
        _ = certificate.public_key.dump()
        return certificate


@lru_cache(maxsize=512)
def read_certificate(der: bytes) -> CertificateFacts:
    """Read a certificate.

    Raises BadCertificate.
    """
    certificate = load_certificate(der)
    with malformed_as(BadCertificate, "not a certificate"):
        usage = certificate.key_usage_value
        return CertificateFacts(
            subject=_name(certificate.subject, "common_name"),
            organisation=_name(certificate.subject, "organization_name"),
            issuer=_name(certificate.issuer, "common_name"),
            serial=certificate.serial_number,
            not_before=certificate.not_valid_before,
            not_after=certificate.not_valid_after,
            spki=certificate.public_key.dump(),
            usages=None if usage is None else frozenset(usage.native),
        )


def _name(name: x509.Name, part: str) -> str:
    """Give the parts of a name of that kind, as far as they can be read."""
    values: list[str] = []
    for attribute in (one for group in name.chosen for one in group):
        if attribute["type"].native != part:
            continue
        try:
            values.append(str(attribute["value"].native))
        except MALFORMED:
            continue
    return "、".join(values)


def from_pem(data: bytes) -> bytes:
    """Give the DER inside PEM, or the data itself when it is not PEM.

    Raises BadCertificate for damaged PEM.
    """
    with malformed_as(BadCertificate, "damaged PEM"):
        if not pem.detect(data):
            return data
        _, _, der = pem.unarmor(data)
        return bytes(der)


def to_pem(kind: str, der: bytes) -> bytes:
    """Write DER as PEM; `kind` is "CERTIFICATE" or "X509 CRL"."""
    return bytes(pem.armor(kind, der))
