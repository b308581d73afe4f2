"""Verifying an OFD: every signature gets its own answers, and nothing passes for not being read.

Unlike a viewer the reader expects strangers: other vendors' paths and optional fields, several
signatures, other structures, damage and malice. What it does not understand is not known.
"""

import logging
from datetime import datetime

from seals.crypto.certificates import BadCertificate, read_certificate
from seals.crypto.der import BadStructure
from seals.crypto.seal_structure import Seal, SealSignature, parse_signature
from seals.crypto.signed_data import SignedData, is_bare_signature, parse_signed_data
from seals.crypto.signing_times import SigningTime, of_text
from seals.crypto.trust import TrustStore
from seals.documents.budget import Budget, TooMuchWork
from seals.documents.digests import Digests
from seals.documents.entries import Entry, TooManyEntries, entries_of
from seals.documents.findings import (
    NO_SIGNATURE,
    FileFinding,
    SealFinding,
    SignatureFinding,
    SignatureStructure,
)
from seals.documents.metadata import read_custom_data
from seals.documents.package import BadPackage, Limits, Package, read_package
from seals.documents.parts import Parts
from seals.documents.questions import Answer, Answered, Question, in_order
from seals.documents.references import check_references, unprotected_members
from seals.documents.shown import shown, shown_paths
from seals.documents.signature_checks import (
    Circumstances,
    bare_answers,
    seal_answers,
    signed_data_answers,
)
from seals.documents.xml_reading import TOO_LARGE, BadXml

__all__ = ["FileFinding", "SignatureFinding", "TrustStore", "verify_ofd", "verify_package"]

logger = logging.getLogger(__name__)

_TOO_MUCH = "签名的内容过大、过多，为安全不予读取。"
_ENCRYPTED = "文件内容已加密（GM/T 0099），本门户无法解密，无法验证。请提供未加密的原文件。"


def verify_ofd(
    data: bytes, *, trust: TrustStore, now: datetime, limits: Limits | None = None
) -> FileFinding:
    """Find out what can be said of an OFD; never raises for what is in it.

    A file that cannot be opened has no signatures and says why. The file's own answers (register,
    state of the licence) are added by those who know them.
    """
    try:
        package = read_package(data, limits=limits)
    except BadPackage as error:
        return FileFinding(problem_code=error.code, problem=error.sentence)
    return verify_package(package, trust=trust, now=now)


def verify_package(package: Package, *, trust: TrustStore, now: datetime) -> FileFinding:
    """Find out what can be said of a package that has been read."""
    parts = Parts(package)
    custom_data = read_custom_data(parts)

    def without_signatures(code: str, sentence: str) -> FileFinding:
        return FileFinding(problem_code=code, problem=sentence, custom_data=custom_data)

    try:
        entries = entries_of(parts)
    except BadXml as error:
        if parts.is_encrypted:
            return without_signatures("encrypted", _ENCRYPTED)
        return without_signatures("unreadable", error.sentence)
    except TooManyEntries as error:
        return without_signatures("too_many_signatures", error.sentence)
    except TooMuchWork:
        return without_signatures("unreadable", TOO_LARGE)
    if not entries and parts.is_encrypted:
        return without_signatures("encrypted", _ENCRYPTED)
    if not entries:
        return without_signatures(NO_SIGNATURE, "文件没有电子签章，不能作为电子证照使用。")
    verifier = _Verifier(parts, entries, trust, now)
    return FileFinding(
        signatures=tuple(verifier.checked(entry) for entry in entries), custom_data=custom_data
    )


_Value = SealSignature | SignedData | None


class _Verifier:
    """Judges the signatures of one package; what several of them share is worked out once."""

    def __init__(
        self, parts: Parts, entries: list[Entry], trust: TrustStore, now: datetime
    ) -> None:
        self._parts = parts
        self._package = parts.package
        self._digests = Digests(parts.package)
        self._own = {path for entry in entries for path in entry.own_members()}
        self._trust = trust
        self._now = now

    def checked(self, entry: Entry) -> SignatureFinding:
        """Judge one signature; never raises for what is in it."""
        try:
            if entry.xml_path is None or entry.value_path is None:
                return self._incomplete(entry)
            self._parts.budget.spend("value_bytes", len(self._package[entry.value_path]))
            return self._found(entry, entry.xml_path, entry.value_path)
        except TooMuchWork:
            return _unread(entry, _TOO_MUCH)
        except Exception:
            # A stranger's bytes must never end in a traceback; a file that gets here is not known,
            # and the record tells us what our reader has still to learn.
            logger.exception("signature_not_understood")
            return _unread(entry, "签名的内容无法读取。")

    def _incomplete(self, entry: Entry) -> SignatureFinding:
        """Answer for a signature of which a part is missing, or cannot be told by its name."""
        is_xml = entry.xml_path is None
        location = entry.location if is_xml else entry.value_location
        if self._parts.is_encrypted:
            return _unread(entry, _ENCRYPTED)
        problem = "" if is_xml else self._parts.signature(str(entry.xml_path)).problem
        if problem:
            # Where the value lies stands in what could not be read.
            return _unread(entry, problem)
        if self._parts.locator.unclear([location]):
            reason = f"签名的组成文件名称写法不一，无法对应：{shown(location)}。"
            return _unread(entry, reason)
        lost = Question.SIGNATURE_XML_UNCHANGED if is_xml else Question.SIGNATURE_RIGHT
        sentence = f"签名的组成文件缺失：{shown(location)}。"
        answers = [
            Answered(lost, Answer.NO, "missing", sentence) if one.question is lost else one
            for one in _nothing_known(entry, "签名的内容无法读取。")
        ]
        return _finding(entry, SignatureStructure.UNKNOWN, answers, missing=(location,))

    def _found(self, entry: Entry, xml_path: str, value_path: str) -> SignatureFinding:
        described = self._parts.signature(xml_path)
        if described.problem and self._parts.is_encrypted:
            return _unread(entry, _ENCRYPTED)
        about = Circumstances(
            signature_xml=self._package[xml_path],
            method=described.method,
            stated=of_text(described.stated_time),
            trust=self._trust,
            now=self._now,
        )
        structure, value = _recognised(self._package[value_path], self._parts.budget)
        answers = _value_answers(structure, value, about, is_seal=entry.is_seal)
        references = check_references(self._parts, self._digests, xml_path, described)
        seal = value.seal if isinstance(value, SealSignature) else None
        if seal is not None and not (entry.seal_path is None and self._parts.is_encrypted):
            references = references.with_seal(
                self._package, entry.seal_path, entry.seal_location, seal
            )
        unprotected = unprotected_members(self._package, references.covered, self._own)
        certificate = (value.certificate or b"") if value is not None else b""
        signed = SigningTime() if value is None else value.signing_time
        return _finding(
            entry,
            structure,
            [references.answered(unprotected), *answers],
            signed_at=signed.or_else(about.stated).moment,
            certificate=certificate,
            changed=references.changed,
            missing=references.missing,
            unprotected=unprotected,
            seal=seal,
        )


def _unread(entry: Entry, reason: str) -> SignatureFinding:
    return _finding(entry, SignatureStructure.UNKNOWN, _nothing_known(entry, reason))


def _nothing_known(entry: Entry, reason: str) -> list[Answered]:
    return [
        Answered(Question.REFERENCES_MATCH, Answer.NOT_KNOWN, "unreadable", reason),
        *bare_answers(is_seal=entry.is_seal, code="unreadable", reason=reason),
    ]


def _finding(
    entry: Entry,
    structure: SignatureStructure,
    answers: list[Answered],
    *,
    signed_at: datetime | None = None,
    certificate: bytes = b"",
    changed: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    unprotected: tuple[str, ...] = (),
    seal: Seal | None = None,
) -> SignatureFinding:
    path = f"/{entry.xml_path}" if entry.xml_path is not None else entry.location
    return SignatureFinding(
        path=shown(path),
        kind=entry.kind,
        structure=structure,
        signed_at=signed_at,
        signer=_subject(certificate),
        signer_certificate=certificate,
        changed=shown_paths(changed),
        missing=shown_paths(missing),
        unprotected=shown_paths(unprotected),
        seal=None if seal is None else SealFinding.of(seal),
        answers=in_order(answers),
    )


def _recognised(data: bytes, budget: Budget) -> tuple[SignatureStructure, _Value]:
    """Tell what the signature value is, by its content and not by what the list calls it.

    Raises TooMuchWork where it brings more certificates than are read of one package.
    """
    try:
        sealed = parse_signature(data)
        held = (sealed.certificate, sealed.seal.maker_certificate)
        for certificate in (*held, *sealed.seal.property.certificates):
            budget.spend_certificate(certificate)
        return SignatureStructure(sealed.structure.value), sealed
    except BadStructure:
        pass
    try:
        signed = parse_signed_data(data, before_reading=budget.spend_certificate)
        return SignatureStructure.CMS, signed
    except BadStructure:
        pass
    if is_bare_signature(data):
        return SignatureStructure.BARE, None
    return SignatureStructure.UNKNOWN, None


def _value_answers(
    structure: SignatureStructure, value: _Value, about: Circumstances, *, is_seal: bool
) -> list[Answered]:
    if isinstance(value, SealSignature):
        return seal_answers(value, about)
    if isinstance(value, SignedData):
        return signed_data_answers(value, about, is_seal=is_seal)
    if structure is SignatureStructure.BARE:
        reason = "签名值没有随附签名人的证书，无法确认是谁签的。"
        return bare_answers(is_seal=is_seal, code="no_certificate", reason=reason)
    reason = "签名值的结构无法识别。"
    return bare_answers(is_seal=is_seal, code="unknown_structure", reason=reason)


def _subject(certificate: bytes) -> str:
    try:
        facts = read_certificate(certificate)
    except BadCertificate:
        return ""
    return shown(facts.subject or facts.organisation)
