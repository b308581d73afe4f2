"""Judging a certificate: does its chain end at a root that we hold, and was it revoked?

Nothing is fetched. What is not held is not known; only what was seen to be wrong is a no.
"""

from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any

from asn1crypto import algos, crl, keys, x509
from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)

from seals.crypto import sm2
from seals.crypto.answers import Answer
from seals.crypto.certificates import (
    MALFORMED,
    BadCertificate,
    load_certificate,
    malformed_as,
    read_certificate,
)

# Reasons that leave what was signed before in force (GB/T 38540 knows no trusted time without a
# time stamp: after any other reason the signing time could have been set back).
_HARMLESS_LATER = frozenset(
    {"superseded", "cessation_of_operation", "affiliation_changed", "privilege_withdrawn"}
)

# The longest way from a signer to a root has two or three authorities on it.
_MOST_HELPERS = 8


class BadRevocationList(ValueError):
    """The bytes are not a list of revoked certificates that can be read."""


@dataclass(frozen=True)
class TrustStore:
    """Roots we trust, intermediates we know, lists of revoked certificates; all DER."""

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    @cached_property
    def root_certificates(self) -> tuple[x509.Certificate, ...]:
        """Give the roots, read.

        Raises BadCertificate.
        """
        return tuple(map(load_certificate, self.roots))

    @cached_property
    def intermediate_certificates(self) -> tuple[x509.Certificate, ...]:
        """Give the intermediates, read.

        Raises BadCertificate.
        """
        return tuple(map(load_certificate, self.intermediates))

    @cached_property
    def revocation_lists(self) -> tuple[crl.CertificateList, ...]:
        """Give the lists, read.

        Raises BadRevocationList.
        """
        return tuple(map(_load_crl, self.crls))


def _load_crl(der: bytes) -> crl.CertificateList:
    with malformed_as(BadRevocationList, "not a list of revoked certificates"):
        listed = crl.CertificateList.load(der, strict=True)
        _ = listed.native
        return listed


@dataclass(frozen=True, slots=True)
class Trust:
    """Two answers on one certificate, each with its reason in Chinese ("" for a plain yes)."""

    chain: Answer
    chain_reason: str
    revocation: Answer
    revocation_reason: str

    @property
    def reason(self) -> str:
        """Give the first reason there is."""
        return self.chain_reason or self.revocation_reason


class _Sm2Validator(SignatureValidator):
    """Checks SM2 signatures in chains and lists; knows no other algorithm."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,  # noqa: ARG002
    ) -> None:
        if signature_algorithm["algorithm"].native != "sm2_sm3":
            raise _OtherAlgorithm
        try:
            found = sm2.judge(public_key_info.dump(), signature, signed_data)
        except ValueError as error:
            raise _OtherAlgorithm from error
        if found is sm2.Verified.WRONG:
            raise InvalidSignature
        if found is not sm2.Verified.RIGHT:
            raise _OtherAlgorithm


class _OtherAlgorithm(Exception):
    """A chain uses an algorithm that the portal does not check."""


def judge(
    certificate: bytes,
    *,
    trust: TrustStore,
    moment: datetime,
    now: datetime,
    others: Sequence[bytes] = (),
) -> Trust:
    """Judge a signer's certificate at the moment of signing, with what is known now.

    `others` are certificates that came with the file: helpers on the way, never roots.
    """
    key = (certificate, trust, tuple(others))
    known = _settled.get(key)
    if known is not None and known.covers(moment, now):
        return _TRUSTED
    try:
        subject = load_certificate(certificate)
        facts = read_certificate(certificate)
    except BadCertificate:
        reason = "证书无法读取。"
        return Trust(Answer.NOT_KNOWN, reason, Answer.NOT_KNOWN, reason)
    helpers = [*trust.intermediate_certificates, *_helpers(others)]

    def validated(lists: Sequence[crl.CertificateList] | None) -> ValidationPath:
        context = ValidationContext(
            trust_roots=list(trust.root_certificates),
            other_certs=helpers,
            crls=lists,
            moment=moment,
            revocation_mode="soft-fail" if lists is None else "require",
            retroactive_revinfo=True,
            time_tolerance=timedelta(0),
            allow_fetching=False,
            signature_validator=_Sm2Validator(),
        )
        validator = CertificateValidator(subject, validation_context=context)
        return _finished(validator.async_validate_path())

    chain, chain_reason = _chain(lambda: validated(None))
    if chain is Answer.YES and not facts.may_sign:
        chain, chain_reason = Answer.NO, "证书的用途不允许用于签名。"
    if chain is not Answer.YES:
        return Trust(chain, chain_reason, Answer.NOT_KNOWN, "证书链未确认，无法确认是否被吊销。")
    fresh = [one for one in trust.revocation_lists if _is_fresh(one, now)]
    revocation, revocation_reason, path = _revocation(lambda: validated(fresh), fresh)
    if path is not None:
        _settled.put(key, _window(path, fresh, trust.revocation_lists, now))
    return Trust(chain, chain_reason, revocation, revocation_reason)


def _helpers(certificates: Sequence[bytes]) -> list[x509.Certificate]:
    """Give the certificates that may stand on the way to a root: one a name, none of its own name.

    A path is looked for along every issuer of a name: a handful that all name each other, as a
    stranger can make them, would have more paths than anybody lives to see.
    """
    by_name: dict[str, x509.Certificate] = {}
    for der in certificates:
        try:
            read = load_certificate(der)
        except BadCertificate:
            continue
        if read.issuer.hashable != read.subject.hashable:
            by_name.setdefault(read.subject.hashable, read)
    return list(by_name.values())[:_MOST_HELPERS]


def _finished(work: Coroutine[Any, Any, ValidationPath]) -> ValidationPath:
    """Run the validator to its end: without fetching it never waits, so no event loop is needed."""
    try:
        work.send(None)
    except StopIteration as end:
        path: ValidationPath = end.value
        return path
    work.close()
    raise RuntimeError("the validator waited for something though nothing may be fetched")


def _chain(validated: Callable[[], ValidationPath]) -> tuple[Answer, str]:
    try:
        validated()
    except (PathBuildingError, InvalidCertificateError):
        return Answer.NOT_KNOWN, "本门户没有收录该证书的根证书，无法确认颁发机构。"
    except ExpiredError:
        return Answer.NO, "签章时证书已过有效期。"
    except NotYetValidError:
        return Answer.NO, "签章时证书尚未生效。"
    except _OtherAlgorithm:
        return Answer.NOT_KNOWN, "证书链使用了本门户不支持的算法。"
    except ValidationError as error:
        if "critical extension" in error.failure_msg:
            return Answer.NOT_KNOWN, "证书含有本门户不认识的关键扩展。"
        return Answer.NO, "证书链不成立：某一级证书的签名或用途不正确。"
    except (*MALFORMED, NotImplementedError):
        return Answer.NOT_KNOWN, "证书链无法读取。"
    return Answer.YES, ""


def _is_fresh(listed: crl.CertificateList, now: datetime) -> bool:
    body = listed["tbs_cert_list"]
    next_update = body["next_update"].native
    return next_update is None or bool(body["this_update"].native <= now <= next_update)


def _revocation(
    validated: Callable[[], ValidationPath], lists: Sequence[crl.CertificateList]
) -> tuple[Answer, str, ValidationPath | None]:
    """Answer whether the chain was revoked; give the chain too when no list names any of it."""
    if not lists:
        return Answer.NOT_KNOWN, "没有有效期内的证书吊销列表，无法确认证书是否被吊销。", None
    try:
        path = validated()
    except RevokedError as error:
        day = error.revocation_dt.strftime("%Y-%m-%d")
        return Answer.NO, f"签章前证书已被吊销（{day}）。", None
    except InsufficientRevinfoError:
        return Answer.NOT_KNOWN, "证书吊销列表不完整或已过期，无法确认证书是否被吊销。", None
    except _OtherAlgorithm:
        return Answer.NOT_KNOWN, "证书吊销列表使用了本门户不支持的算法。", None
    except (ValidationError, PathBuildingError, *MALFORMED, NotImplementedError):
        return Answer.NOT_KNOWN, "证书吊销列表无法核对。", None
    reasons = _reasons_of_later_revocation(path, lists)
    if reasons - _HARMLESS_LATER:
        sentence = "证书在签章之后被吊销，签章时间没有可信时间戳，无法确认签章在吊销之前。"
        return Answer.NOT_KNOWN, sentence, None
    return Answer.YES, "", None if reasons else path


def _reasons_of_later_revocation(
    path: ValidationPath, lists: Sequence[crl.CertificateList]
) -> set[str]:
    chain = {
        (one.issuer.hashable, one.serial_number) for one in path.iter_certs(include_root=False)
    }
    reasons: set[str] = set()
    for listed in lists:
        issuer = listed.issuer.hashable
        for entry in listed["tbs_cert_list"]["revoked_certificates"] or ():
            if (issuer, entry["user_certificate"].native) in chain:
                reason = entry.crl_reason_value
                reasons.add("unspecified" if reason is None else str(reason.native))
    return reasons


@dataclass(frozen=True, slots=True)
class _Window:
    """Between which moments a chain that was found good and unrevoked stays so.

    Nothing between these moments starts, ends or is replaced, so asking again gives the same.
    """

    moment_from: datetime
    moment_until: datetime
    now_from: datetime
    now_until: datetime

    def covers(self, moment: datetime, now: datetime) -> bool:
        is_same_moment = self.moment_from <= moment <= self.moment_until
        return is_same_moment and self.now_from <= now <= self.now_until


def _window(
    path: ValidationPath,
    fresh: Sequence[crl.CertificateList],
    held: Sequence[crl.CertificateList],
    now: datetime,
) -> _Window:
    chain = list(path.iter_certs(include_root=True))
    starts = [one.not_valid_before for one in chain]
    ends = [one.not_valid_after for one in chain]
    bodies = [one["tbs_cert_list"] for one in fresh]
    updates = [body["this_update"].native for body in bodies]
    expiries = [body["next_update"].native or max(ends) for body in bodies]
    coming = [one["tbs_cert_list"]["this_update"].native for one in held]
    until = min(*expiries, *(update for update in coming if update > now), max(ends))
    return _Window(max(starts), min(*ends, *expiries), max(updates), until)


_Key = tuple[bytes, TrustStore, tuple[bytes, ...]]


class _Settled:
    """Remembers good chains: a register's files come from a few signers. Safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._windows: OrderedDict[_Key, _Window] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> _Window | None:
        with self._lock:
            return self._windows.get(key)

    def put(self, key: _Key, window: _Window) -> None:
        with self._lock:
            self._windows[key] = window
            if len(self._windows) > self._most:
                self._windows.popitem(last=False)


_settled = _Settled(256)
_TRUSTED = Trust(Answer.YES, "", Answer.YES, "")
