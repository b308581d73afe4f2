"""Verifying an OFD: every signature gets its own answers, and nothing passes for not being read.

Unlike a viewer the reader expects strangers: other vendors' paths and optional fields, several
signatures, other structures, damage and malice. What it does not understand is not known.
"""

import logging
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from seals.crypto.certificates import BadCertificate, read_certificate
from seals.crypto.der import BadStructure
from seals.crypto.seal_structure import SealSignature, parse_signature
from seals.crypto.signed_data import SignedData, is_bare_signature, parse_signed_data
from seals.crypto.trust import TrustStore
from seals.documents.findings import (
    FileFinding,
    SealFinding,
    SignatureFinding,
    SignatureKind,
    SignatureStructure,
)
from seals.documents.metadata import read_custom_data
from seals.documents.package import BadPackage, Limits, Package, read_package
from seals.documents.questions import Answer, Answered, Question, in_order
from seals.documents.references import Digests, check_references, resolve, unprotected_members
from seals.documents.signature_checks import (
    Circumstances,
    bare_answers,
    seal_answers,
    signed_data_answers,
)
from seals.documents.xml_reading import BadXml, child, children, parse_xml, text_of

__all__ = ["FileFinding", "SignatureFinding", "TrustStore", "verify_ofd", "verify_package"]

logger = logging.getLogger(__name__)

_MOST_SIGNATURES = 32
_BEIJING = timezone(timedelta(hours=8))
_TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S")


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
    try:
        entries = list(_entries(package))
    except BadXml:
        return FileFinding(
            problem_code="unreadable", problem="文件的目录内容无法读取，不是完好的OFD文件。"
        )
    custom_data = read_custom_data(package)
    if not entries:
        return FileFinding(
            problem_code="no_signature",
            problem="文件没有电子签章，不能作为电子证照使用。",
            custom_data=custom_data,
        )
    if len(entries) > _MOST_SIGNATURES:
        return FileFinding(
            problem_code="too_many_signatures",
            problem=f"文件的签章超过{_MOST_SIGNATURES}个，不是正常的证照文件。",
            custom_data=custom_data,
        )
    own = {path for entry in entries for path in entry.own_members()}
    digests = Digests(package)
    signatures = tuple(
        _checked(package, digests, entry, own, trust=trust, now=now) for entry in entries
    )
    return FileFinding(signatures=signatures, custom_data=custom_data)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a list of signatures, with the members it is made of."""

    location: str
    kind: SignatureKind
    listing: str
    xml_path: str | None
    root: etree._Element | None
    value_path: str | None
    value_location: str
    seal_path: str | None
    seal_location: str

    def own_members(self) -> Iterator[str]:
        """Give the members that no signature needs to protect, for each is checked by itself."""
        for path in (self.listing, self.xml_path, self.value_path, self.seal_path):
            if path is not None:
                yield path


def _entries(package: Package) -> Iterator[_Entry]:
    """Give the entries of all lists of signatures.

    Raises BadXml when OFD.xml or a list cannot be read.
    """
    main = package.get("OFD.xml")
    if main is None:
        raise BadXml("no OFD.xml")
    for body in children(parse_xml(main), "DocBody"):
        for location in children(body, "Signatures"):
            listing = resolve(package, text_of(location), "OFD.xml")
            if listing is None:
                continue
            for one in children(parse_xml(package[listing]), "Signature"):
                yield _entry(package, one, listing)


def _entry(package: Package, element: etree._Element, listing: str) -> _Entry:
    location = (element.get("BaseLoc") or text_of(child(element, "BaseLoc"))).strip()
    is_sign = (element.get("Type") or "").strip().lower() == "sign"
    xml_path = resolve(package, location, listing)
    root = None
    if xml_path is not None:
        try:
            root = parse_xml(package[xml_path])
        except BadXml:
            root = None
    base = xml_path or listing
    stated = text_of(child(root, "SignedValue"))
    value_location = stated or posixpath.join("/", posixpath.dirname(base), "SignedValue.dat")
    seal_location = text_of(child(root, "SignedInfo", "Seal", "BaseLoc"))
    return _Entry(
        location=location,
        kind=SignatureKind.SIGN if is_sign else SignatureKind.SEAL,
        listing=listing,
        xml_path=xml_path,
        root=root,
        value_path=resolve(package, value_location, base) if xml_path is not None else None,
        value_location=value_location,
        seal_path=resolve(package, seal_location, base),
        seal_location=seal_location,
    )


def _checked(
    package: Package,
    digests: Digests,
    entry: _Entry,
    own: set[str],
    *,
    trust: TrustStore,
    now: datetime,
) -> SignatureFinding:
    try:
        if entry.xml_path is None or entry.value_path is None:
            return _incomplete(entry)
        return _found(package, digests, entry, own, trust=trust, now=now)
    except Exception:
        # A stranger's bytes must never end in a traceback; a file that gets here is not known,
        # and the record tells us what our reader has still to learn.
        logger.exception("signature_not_understood")
        return _finding(entry, structure=SignatureStructure.UNKNOWN, answers=_nothing_known(entry))


def _nothing_known(entry: _Entry) -> list[Answered]:
    reason = "签名的内容无法读取。"
    return [
        Answered(Question.REFERENCES_MATCH, Answer.NOT_KNOWN, "unreadable", reason),
        *bare_answers(is_seal=_is_seal(entry), code="unreadable", reason=reason),
    ]


def _incomplete(entry: _Entry) -> SignatureFinding:
    """Answer for a signature of which a part is missing."""
    is_xml = entry.xml_path is None
    lost = Question.SIGNATURE_XML_UNCHANGED if is_xml else Question.SIGNATURE_RIGHT
    location = entry.location if is_xml else entry.value_location
    answers = [one for one in _nothing_known(entry) if one.question is not lost]
    answers.append(Answered(lost, Answer.NO, "missing", f"签名的组成文件缺失：{location}。"))
    return _finding(
        entry, structure=SignatureStructure.UNKNOWN, answers=answers, missing=(location,)
    )


def _is_seal(entry: _Entry) -> bool:
    return entry.kind is SignatureKind.SEAL


def _finding(
    entry: _Entry,
    *,
    structure: SignatureStructure,
    answers: list[Answered],
    missing: tuple[str, ...] = (),
) -> SignatureFinding:
    path = f"/{entry.xml_path}" if entry.xml_path is not None else entry.location
    return SignatureFinding(
        path=path,
        kind=entry.kind,
        structure=structure,
        signed_at=None,
        signer="",
        signer_certificate=b"",
        changed=(),
        missing=missing,
        unprotected=(),
        seal=None,
        answers=in_order(answers),
    )


def _found(
    package: Package,
    digests: Digests,
    entry: _Entry,
    own: set[str],
    *,
    trust: TrustStore,
    now: datetime,
) -> SignatureFinding:
    xml_path, value_path = str(entry.xml_path), str(entry.value_path)
    about = Circumstances(
        signature_xml=package[xml_path],
        method=text_of(child(entry.root, "SignedInfo", "SignatureMethod")),
        stated_at=_stated_at(entry.root),
        trust=trust,
        now=now,
    )
    structure, value = _recognised(package[value_path])
    answers = _value_answers(structure, value, about, is_seal=_is_seal(entry))
    seal = value.seal if isinstance(value, SealSignature) else None
    references = check_references(package, digests, xml_path, entry.root)
    if seal is not None:
        references = references.with_seal(package, entry.seal_path, entry.seal_location, seal)
    unprotected = unprotected_members(package, references.covered, own)
    certificate = (value.certificate or b"") if value is not None else b""
    return SignatureFinding(
        path=f"/{xml_path}",
        kind=entry.kind,
        structure=structure,
        signed_at=_signed_at(value) or about.stated_at,
        signer=_subject(certificate),
        signer_certificate=certificate,
        changed=references.changed,
        missing=references.missing,
        unprotected=unprotected,
        seal=None if seal is None else SealFinding.of(seal),
        answers=in_order([references.answered(unprotected), *answers]),
    )


_Value = SealSignature | SignedData | None


def _recognised(data: bytes) -> tuple[SignatureStructure, _Value]:
    """Tell what the signature value is, by its content and not by what the list calls it."""
    try:
        sealed = parse_signature(data)
        return SignatureStructure(sealed.structure.value), sealed
    except BadStructure:
        pass
    try:
        return SignatureStructure.CMS, parse_signed_data(data)
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


def _signed_at(value: _Value) -> datetime | None:
    if isinstance(value, SealSignature):
        return value.signed_at
    return None if value is None else value.signing_time


def _subject(certificate: bytes) -> str:
    try:
        facts = read_certificate(certificate)
    except BadCertificate:
        return ""
    return facts.subject or facts.organisation


def _stated_at(root: etree._Element | None) -> datetime | None:
    """Give the time that Signature.xml states; without a zone it is Beijing time."""
    text = text_of(child(root, "SignedInfo", "SignatureDateTime"))
    bare = text.removesuffix("Z")
    for form in _TIME_FORMS:
        try:
            moment = datetime.strptime(bare, form)  # noqa: DTZ007 (the zone follows)
        except ValueError:
            continue
        return moment.replace(tzinfo=UTC if text.endswith("Z") else _BEIJING)
    return None
