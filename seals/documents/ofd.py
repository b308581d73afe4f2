"""Sealing an OFD: everything is in place before anything is hashed, and nothing moves after.

Fails closed: a key, certificate or seal that does not fit raises; the unsealed package is never
given back.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from seals.crypto import sm3
from seals.crypto.certificates import SM3, BadCertificate, read_certificate
from seals.crypto.port import KeyHolder
from seals.crypto.seal_building import build_signature
from seals.crypto.seal_structure import SM2_WITH_SM3, BadStructure, Seal, parse_seal
from seals.documents.package import Package
from seals.documents.xml_reading import OFD_NAMESPACE, BadXml, child, parse_xml, text_of

_BEIJING = timezone(timedelta(hours=8))
_SIGNATURES = "Signatures.xml"
_PROVIDER = 'ProviderName="zezhou-portal" Version="1.0" Company="泽州县行政审批服务管理局"'


class CannotSeal(Exception):
    """The document was not sealed; says why in a code and a Chinese sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the impression stands: the page's id and its box, millimetres from the top left."""

    page_id: str
    x: float
    y: float
    width: float
    height: float


def seal_package(
    package: Package,
    *,
    stamps: Sequence[Stamp],
    seal_der: bytes,
    signer: KeyHolder,
    signed_at: datetime,
    sign_no: int = 0,
) -> Package:
    """Give the package with one more seal over every file of it (GB/T 38540 version 4).

    `sign_no` counts the signatures of the document from 0. The file that lists signatures is not
    protected, so that another seal can be added.
    Raises CannotSeal when seal, certificate or package do not allow it, KeyUnavailable when the
    key cannot be used.
    Source: GB/T 33190-2016, GB/T 38540-2020.
    """
    _check(seal_der, signer, signed_at)
    if not stamps:
        raise CannotSeal("no_stamp", "没有指定印章位置，不能签章。")
    root = _root(package)
    folder = f"{_document_folder(package, root)}Signs/"
    listing = f"{folder}{_SIGNATURES}"
    own = f"{folder}Sign_{sign_no}/"
    if f"{own}Signature.xml" in package:
        raise CannotSeal("already_signed", f"文件已有第{sign_no + 1}个签章，不能覆盖。")
    members = dict(package.members)
    members["OFD.xml"] = _with_signatures(members["OFD.xml"], root, f"/{listing}")
    earlier = _earlier_signatures(members.get(listing), sign_no)
    members[f"{own}Seal.esl"] = seal_der
    xml = _signature_xml(members, listing, own, stamps, signed_at, sign_no)
    value = build_signature(
        seal_der=seal_der,
        signed_at=signed_at,
        data_hash=sm3.digest(xml),
        property_info=f"/{own}Signature.xml",
        signer=signer,
    )
    members[listing] = _listing(earlier, f"/{own}Signature.xml", sign_no)
    members[f"{own}Signature.xml"] = xml
    members[f"{own}SignedValue.dat"] = value
    return Package(members)


def _check(seal_der: bytes, signer: KeyHolder, signed_at: datetime) -> None:
    if signed_at.tzinfo is None:
        raise ValueError("signed_at needs a zone")
    seal = _seal(seal_der)
    try:
        certificate = read_certificate(signer.certificate_der)
    except BadCertificate as error:
        raise CannotSeal(
            "bad_certificate", f"“{signer.label}”的证书无法读取，不能签章。"
        ) from error
    if signer.certificate_der not in seal.property.certificates:
        raise CannotSeal(
            "signer_not_in_seal", f"“{signer.label}”的证书未绑定在这枚印章上，不能签章。"
        )
    if not certificate.may_sign:
        raise CannotSeal("wrong_usage", f"“{signer.label}”的证书用途不允许签名，不能签章。")
    if not certificate.is_valid_at(signed_at):
        raise CannotSeal(
            "certificate_not_valid", f"“{signer.label}”的证书不在有效期内，请先更新证书。"
        )
    if not seal.property.valid_from <= signed_at <= seal.property.valid_until:
        raise CannotSeal(
            "seal_not_valid", f"印章“{seal.property.name}”不在有效期内，请先办理续期。"
        )


@lru_cache(maxsize=256)
def _seal(seal_der: bytes) -> Seal:
    try:
        return parse_seal(seal_der)
    except BadStructure as error:
        raise CannotSeal("bad_seal", "印章数据无法读取，不能签章。") from error


def _root(package: Package) -> etree._Element:
    try:
        return parse_xml(package["OFD.xml"])
    except (KeyError, BadXml) as error:
        raise CannotSeal("no_document", "文件缺少OFD.xml或其内容无法读取，不能签章。") from error


def _document_folder(package: Package, root: etree._Element) -> str:
    """Give the folder of the first document, with its slash; "" for the root."""
    location = text_of(child(root, "DocBody", "DocRoot")).lstrip("/")
    if location not in package:
        raise CannotSeal("no_document", "OFD.xml指向的文档不存在，不能签章。")
    head, slash, _ = location.rpartition("/")
    return head + slash


def _with_signatures(ofd_xml: bytes, root: etree._Element, location: str) -> bytes:
    """Give OFD.xml with its Signatures entry; unchanged when it is there already."""
    body = child(root, "DocBody")
    entry = child(body, "Signatures")
    if entry is not None:
        if text_of(entry).lstrip("/") != location.lstrip("/"):
            raise CannotSeal("other_listing", "文件已有其他位置的签名列表，不能再加盖印章。")
        return ofd_xml
    if body is None:
        raise CannotSeal("no_document", "OFD.xml没有文档，不能签章。")
    entry = etree.SubElement(body, f"{{{OFD_NAMESPACE}}}Signatures")
    entry.text = location
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _earlier_signatures(listing: bytes | None, sign_no: int) -> list[str]:
    """Give the locations of the signatures that the document already has."""
    if listing is None:
        if sign_no:
            raise CannotSeal("no_earlier_signature", "文件没有前一个签章，签章序号不正确。")
        return []
    try:
        root = parse_xml(listing)
    except BadXml as error:
        raise CannotSeal("bad_listing", "文件的签名列表无法读取，不能签章。") from error
    found = [one.get("BaseLoc", "") for one in root if one.get("BaseLoc")]
    if len(found) != sign_no:
        raise CannotSeal("wrong_sign_no", f"文件已有{len(found)}个签章，签章序号应为{len(found)}。")
    return found


_quoted = lru_cache(maxsize=1024)(quoteattr)


@lru_cache(maxsize=64)
def _check_value(data: bytes) -> str:
    """Give the digest of a member; border, seal and fixed fonts are the same in every file."""
    return b64encode(sm3.digest(data)).decode()


def _signature_xml(
    members: dict[str, bytes],
    listing: str,
    own: str,
    stamps: Sequence[Stamp],
    signed_at: datetime,
    sign_no: int,
) -> bytes:
    moment = signed_at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    references = "".join(
        f"<ofd:Reference FileRef={_quoted('/' + path)}>"
        f"<ofd:CheckValue>{_check_value(data)}</ofd:CheckValue></ofd:Reference>"
        for path, data in members.items()
        if path != listing
    )
    annotations = "".join(
        f'<ofd:StampAnnot ID="{_signature_id(sign_no)}a{place}" PageRef={quoteattr(stamp.page_id)} '
        f'Boundary="{stamp.x:g} {stamp.y:g} {stamp.width:g} {stamp.height:g}"/>'
        for place, stamp in enumerate(stamps)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ofd:Signature xmlns:ofd="{OFD_NAMESPACE}"><ofd:SignedInfo>'
        f"<ofd:Provider {_PROVIDER}/>"
        f"<ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>"
        f"<ofd:SignatureDateTime>{moment}</ofd:SignatureDateTime>"
        f'<ofd:References CheckMethod="{SM3}">{references}</ofd:References>'
        f"{annotations}"
        f"<ofd:Seal><ofd:BaseLoc>/{escape(own)}Seal.esl</ofd:BaseLoc></ofd:Seal>"
        f"</ofd:SignedInfo><ofd:SignedValue>/{escape(own)}SignedValue.dat</ofd:SignedValue>"
        "</ofd:Signature>"
    ).encode()


def _signature_id(sign_no: int) -> str:
    """s001 for the first: readers of other makers count from one."""
    return f"s{sign_no + 1:03d}"


def _listing(earlier: Sequence[str], location: str, sign_no: int) -> bytes:
    entries = "".join(
        f'<ofd:Signature ID="{_signature_id(place)}" Type="Seal" BaseLoc={quoteattr(one)}/>'
        for place, one in enumerate((*earlier, location))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ofd:Signatures xmlns:ofd="{OFD_NAMESPACE}">'
        f"<ofd:MaxSignId>{_signature_id(sign_no)}</ofd:MaxSignId>{entries}</ofd:Signatures>"
    ).encode()
