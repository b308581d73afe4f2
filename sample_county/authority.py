"""A small SM2 authority for samples and demonstrations, named as such in every certificate.

Makes each thing once: what lies in the folder already is kept, so a second run changes nothing.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sample_county.issuing import (
    CertificateUse,
    Revocation,
    SubjectName,
    build_certificate,
    build_crl,
)
from seals.crypto.certificates import read_certificate, to_pem
from seals.crypto.impressions import compact_png
from seals.crypto.key_store import PASSPHRASE, department_folder, read_passphrase
from seals.crypto.port import KeyHolder
from seals.crypto.seal_building import build_seal
from seals.crypto.seal_structure import Picture
from seals.crypto.sm2 import PrivateKey
from seals.crypto.software_key import SoftwareKey

_ORGANISATION = "泽州县电子证照门户（样例）"
_NAMES = {
    "root": "泽州县样例根证书（仅供演示）",
    "intermediate": "泽州县样例中级证书（仅供演示）",
    "maker": "泽州县样例制章单位（仅供演示）",
}
_VENDOR = "ZEZHOU-SAMPLE"
_IMPRESSION_MM = 42


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when what is issued is valid; aware times."""

    start: datetime
    authority_end: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Authority:
    """The sample authority with its keys open."""

    folder: Path
    passphrase: bytes
    rounds: int
    period: Period
    root: SoftwareKey
    intermediate: SoftwareKey
    maker: SoftwareKey


def open_authority(folder: Path, period: Period, *, rounds: int = 1_000) -> Authority:
    """Open the sample authority of the folder, made where it is not there yet.

    The passphrase is drawn at random, so that more `rounds` of PBKDF2 would make every process
    that opens these keys slower and none of them safer.
    Raises KeyUnavailable when what is there cannot be opened.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / PASSPHRASE).exists():
        _write(folder / PASSPHRASE, secrets.token_urlsafe(32).encode(), mode=0o600)
    passphrase = read_passphrase(folder)
    own = folder / "authority"

    def made(name: str, use: CertificateUse, issuer: SoftwareKey | None) -> SoftwareKey:
        subject = SubjectName(_NAMES[name], _ORGANISATION)
        paths = (own / f"{name}.key", own / f"{name}.pem")
        return _key_with_certificate(
            paths,
            passphrase,
            rounds,
            lambda key: _certificate(key, subject, use, issuer, period.start, period.authority_end),
        )

    root = made("root", CertificateUse.ROOT, None)
    intermediate = made("intermediate", CertificateUse.INTERMEDIATE, root)
    maker = made("maker", CertificateUse.SIGNER, intermediate)
    _publish(folder, root, intermediate)
    for name, key in (("root", root), ("intermediate", intermediate)):
        if not (folder / "trust" / "crls" / f"{name}.crl").exists():
            publish_revocations(folder, name, key, number=1, at=period.start, revoked=())
    return Authority(folder, passphrase, rounds, period, root, intermediate, maker)


def _certificate(
    key: SoftwareKey,
    subject: SubjectName,
    use: CertificateUse,
    issuer: KeyHolder | None,
    start: datetime,
    end: datetime,
) -> bytes:
    return build_certificate(
        subject=subject,
        spki=key.public_spki(),
        # RFC 5280, 4.1.2.2: positive, at most 20 bytes; unguessable.
        serial=secrets.randbits(126) | 1 << 126,
        not_before=start,
        not_after=end,
        use=use,
        issuer=issuer or key,
    )


def _key_with_certificate(
    paths: tuple[Path, Path],
    passphrase: bytes,
    rounds: int,
    certified: Callable[[SoftwareKey], bytes],
) -> SoftwareKey:
    """Open key and certificate; make what is missing. A key is never made anew."""
    key_path, certificate_path = paths
    if not key_path.exists():
        pem = PrivateKey.generate().encrypted_pem(passphrase, rounds=rounds)
        _write(key_path, pem, mode=0o600)
    if not certificate_path.exists():
        key = SoftwareKey(certificate_path.stem, PrivateKey.load(key_path.read_bytes(), passphrase))
        _write(certificate_path, to_pem("CERTIFICATE", certified(key)))
    return SoftwareKey.load(key_path, certificate_path, passphrase, label=certificate_path.stem)


def _publish(folder: Path, root: SoftwareKey, intermediate: SoftwareKey) -> None:
    for kind, key in (("roots", root), ("intermediates", intermediate)):
        path = folder / "trust" / kind / f"sample-{key.label}.pem"
        if not path.exists():
            _write(path, to_pem("CERTIFICATE", key.certificate_der))


def publish_revocations(
    folder: Path,
    name: str,
    issuer: SoftwareKey,
    *,
    number: int,
    at: datetime,
    revoked: tuple[Revocation, ...],
) -> None:
    """Publish an issuer's list of revoked certificates among the trusted material.

    It stays fresh as long as the issuer lives: a sample authority has nobody to renew it daily.
    """
    until = read_certificate(issuer.certificate_der).not_after
    listed = build_crl(
        number=number, this_update=at, next_update=until, revoked=revoked, issuer=issuer
    )
    _write(folder / "trust" / "crls" / f"{name}.crl", to_pem("X509 CRL", listed))


def equip_department(
    authority: Authority, *, name: str, credit_code: str, impression: bytes | None
) -> bool:
    """Give a department certificate and key and, from its impression, a seal; tell if new.

    The seal is valid as long as the certificate it is bound to.
    Raises KeyUnavailable, BadImpression.
    """
    own = department_folder(authority.folder, credit_code)
    is_new = not (own / "certificate.pem").exists()
    subject = SubjectName(f"{name}（样例）", name, credit_code)
    period = authority.period
    key = _key_with_certificate(
        (own / "key.pem", own / "certificate.pem"),
        authority.passphrase,
        authority.rounds,
        lambda made: _certificate(
            made, subject, CertificateUse.SIGNER, authority.intermediate, period.start, period.end
        ),
    )
    path = own / "seal.esl"
    if impression is not None and not path.exists():
        picture = Picture("PNG", compact_png(impression), _IMPRESSION_MM, _IMPRESSION_MM)
        validity = read_certificate(key.certificate_der)
        seal = build_seal(
            seal_id=f"SAMPLE-{credit_code}",
            vendor=_VENDOR,
            name=name,
            certificates=[key.certificate_der],
            picture=picture,
            created_at=validity.not_before,
            valid_from=validity.not_before,
            valid_until=validity.not_after,
            maker=authority.maker,
        )
        _write(path, seal)
        return True
    return is_new


def _write(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
