"""Issuing certificates and lists of revoked ones: a small SM2 authority (RFC 5280 profile)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from asn1crypto import algos, core, crl, keys, x509

from seals.crypto.certificates import load_certificate
from seals.crypto.port import KeyHolder


class CertificateUse(Enum):
    """What a certificate is for: its key usages and, for an authority, its path length."""

    ROOT = (frozenset({"key_cert_sign", "crl_sign"}), None)
    INTERMEDIATE = (frozenset({"key_cert_sign", "crl_sign"}), 0)
    SIGNER = (frozenset({"digital_signature", "non_repudiation"}), None)

    @property
    def is_authority(self) -> bool:
        """Tell whether the holder issues certificates."""
        return self is not CertificateUse.SIGNER


@dataclass(frozen=True, slots=True)
class SubjectName:
    """Whom a certificate names; `code` is the credit code of an organisation."""

    common_name: str
    organisation: str = ""
    code: str = ""

    def built(self) -> x509.Name:
        """Give the name as X.509 writes it."""
        parts = {"country_name": "CN", "organization_name": self.organisation}
        parts |= {"common_name": self.common_name, "serial_number": self.code}
        return x509.Name.build({part: value for part, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class Revocation:
    """One revoked certificate; `reason` as RFC 5280 names it, in snake case."""

    serial: int
    revoked_at: datetime
    reason: str = "unspecified"


def _algorithm() -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": "sm2_sm3"})


def _key_id(spki: keys.PublicKeyInfo) -> bytes:
    # Method 1 of RFC 5280, 4.2.1.2: a name for a key, not a protection.
    return hashlib.sha1(bytes(spki["public_key"]), usedforsecurity=False).digest()


def _extension(name: str, value: Any, *, is_critical: bool = False) -> dict[str, Any]:
    return {"extn_id": name, "critical": is_critical, "extn_value": value}


def _extensions(
    use: CertificateUse, spki: keys.PublicKeyInfo, issuer_spki: keys.PublicKeyInfo
) -> list[dict[str, Any]]:
    usages, path_length = use.value
    constraints = x509.BasicConstraints({"ca": use.is_authority})
    if path_length is not None:
        constraints["path_len_constraint"] = path_length
    return [
        _extension("key_identifier", core.OctetString(_key_id(spki))),
        _extension(
            "authority_key_identifier",
            x509.AuthorityKeyIdentifier({"key_identifier": _key_id(issuer_spki)}),
        ),
        _extension("basic_constraints", constraints, is_critical=True),
        _extension("key_usage", x509.KeyUsage(set(usages)), is_critical=True),
    ]


def build_certificate(
    *,
    subject: SubjectName,
    spki: bytes,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    use: CertificateUse,
    issuer: KeyHolder,
) -> bytes:
    """Issue a certificate for the public key; gives DER.

    A root names itself: its issuer is a key holder whose certificate is still empty (b"").
    """
    public_key = keys.PublicKeyInfo.load(spki, strict=True)
    if issuer.certificate_der:
        above = load_certificate(issuer.certificate_der)
        issuer_name, issuer_key = above.subject, above.public_key
    else:
        issuer_name, issuer_key = subject.built(), public_key
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": _algorithm(),
            "issuer": issuer_name,
            "validity": {
                "not_before": _time(not_before),
                "not_after": _time(not_after),
            },
            "subject": subject.built(),
            "subject_public_key_info": public_key,
            "extensions": _extensions(use, public_key, issuer_key),
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": _algorithm(),
            "signature_value": issuer.sign(body.dump()),
        }
    )
    return bytes(certificate.dump())


def _time(moment: datetime) -> x509.Time:
    whole = moment.replace(microsecond=0)
    # RFC 5280, 4.1.2.5: two-digit years until 2049.
    name = "utc_time" if whole.year < 2050 else "general_time"
    return x509.Time({name: whole})


def build_crl(
    *,
    number: int,
    this_update: datetime,
    next_update: datetime,
    revoked: Sequence[Revocation],
    issuer: KeyHolder,
) -> bytes:
    """Issue the list of the issuer's revoked certificates (version 2); gives DER."""
    above = load_certificate(issuer.certificate_der)
    key_id = {"key_identifier": _key_id(above.public_key)}
    fields: dict[str, Any] = {
        "version": "v2",
        "signature": _algorithm(),
        "issuer": above.subject,
        "this_update": _time(this_update),
        "next_update": _time(next_update),
        "crl_extensions": [
            _extension("authority_key_identifier", x509.AuthorityKeyIdentifier(key_id)),
            _extension("crl_number", core.Integer(number)),
        ],
    }
    if revoked:
        fields["revoked_certificates"] = [
            {
                "user_certificate": one.serial,
                "revocation_date": _time(one.revoked_at),
                "crl_entry_extensions": [_extension("crl_reason", crl.CRLReason(one.reason))],
            }
            for one in revoked
        ]
    body = crl.TbsCertList(fields)
    listed = crl.CertificateList(
        {
            "tbs_cert_list": body,
            "signature_algorithm": _algorithm(),
            "signature": issuer.sign(body.dump()),
        }
    )
    return bytes(listed.dump())
