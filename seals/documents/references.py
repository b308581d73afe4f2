"""Comparing the members of a package with the digests that a signature lists of them."""

import hashlib
import posixpath
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from lxml import etree

from seals.crypto import sm3
from seals.crypto.seal_structure import Seal
from seals.documents.package import Package
from seals.documents.questions import Answer, Answered, Question
from seals.documents.xml_reading import candidates, child, children, text_of

_Digest = Callable[[bytes], bytes]


def _weak(name: str) -> _Digest:
    return lambda data: hashlib.new(name, data, usedforsecurity=False).digest()


# By name and by object identifier; only the first two protect anything today.
_STRONG: dict[str, _Digest] = {
    "SM3": sm3.digest,
    "1.2.156.10197.1.401": sm3.digest,
    "SHA256": lambda data: hashlib.sha256(data).digest(),
    "2.16.840.1.101.3.4.2.1": lambda data: hashlib.sha256(data).digest(),
}
_WEAK: dict[str, _Digest] = {
    "": _weak("md5"),  # GB/T 33190-2016: absent means MD5
    "MD5": _weak("md5"),
    "1.2.840.113549.2.5": _weak("md5"),
    "SHA1": _weak("sha1"),
    "1.3.14.3.2.26": _weak("sha1"),
}


class Digests:
    """The digests of a package's members, each computed once however often it is named."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[tuple[str, str], bytes] = {}

    def of(self, path: str, method: str, digest: _Digest) -> bytes:
        """Give the digest of the member."""
        key = (path, method)
        if key not in self._known:
            self._known[key] = digest(self._package[path])
        return self._known[key]


@dataclass(frozen=True, slots=True)
class ReferenceFinding:
    """What became of the members that a signature protects; paths begin with a slash."""

    covered: frozenset[str]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    problem: str

    def with_seal(
        self, package: Package, path: str | None, location: str, seal: Seal
    ) -> "ReferenceFinding":
        """Give the finding with the file of the seal compared with the seal that was used."""
        if path is not None and package[path] != seal.encoded():
            return replace(self, changed=_unique([*self.changed, f"/{path}"]))
        if path is None and location:
            return replace(self, missing=_unique([*self.missing, location]))
        return self

    def answered(self, unprotected: tuple[str, ...]) -> Answered:
        """Answer whether the content is what was signed.

        A member that no signature covers may have been put there later: that is not known.
        """
        question = Question.REFERENCES_MATCH
        if self.changed:
            sentence = f"以下内容与签章时不一致：{_listed(self.changed)}。"
            return Answered(question, Answer.NO, "changed", sentence)
        if self.missing:
            sentence = f"以下内容缺失：{_listed(self.missing)}。"
            return Answered(question, Answer.NO, "missing", sentence)
        if self.problem:
            return Answered(question, Answer.NOT_KNOWN, "check_method", self.problem)
        if unprotected:
            sentence = f"以下内容不在签章保护范围内，无法确认是否被改动：{_listed(unprotected)}。"
            return Answered(question, Answer.NOT_KNOWN, "unprotected", sentence)
        return Answered(question, Answer.YES)


def _listed(paths: tuple[str, ...]) -> str:
    shown = "、".join(paths[:5])
    return shown if len(paths) <= 5 else f"{shown}等{len(paths)}项"


def check_references(
    package: Package, digests: Digests, xml_path: str, root: etree._Element | None
) -> ReferenceFinding:
    """Compare every reference of a Signature.xml with the member it names."""
    listed = child(root, "SignedInfo", "References")
    if listed is None:
        return ReferenceFinding(frozenset(), (), (), "签名描述文件没有可读取的保护清单。")
    method = (listed.get("CheckMethod") or "").strip().upper().replace("-", "")
    digest = _STRONG.get(method) or _WEAK.get(method)
    if digest is None:
        return ReferenceFinding(frozenset(), (), (), "保护清单使用了本门户不认识的杂凑算法。")
    problem = ""
    if method in _WEAK:
        problem = "保护清单未使用国密杂凑算法（未注明、MD5或SHA1），不能作为凭据。"
    covered: set[str] = set()
    changed: list[str] = []
    missing: list[str] = []
    for reference in children(listed, "Reference"):
        location = reference.get("FileRef") or ""
        path = resolve(package, location, xml_path)
        if path is None:
            missing.append(location)
            continue
        covered.add(path)
        if _value(reference) != digests.of(path, method, digest):
            changed.append(f"/{path}")
    return ReferenceFinding(frozenset(covered), _unique(changed), _unique(missing), problem)


def _unique(paths: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))


def _value(reference: etree._Element) -> bytes:
    """Give the digest that a reference states; b"" when it states none that can be read."""
    try:
        return b64decode("".join(text_of(child(reference, "CheckValue")).split()), validate=True)
    except (Base64Error, ValueError):
        return b""


def resolve(package: Package, location: str, base_file: str) -> str | None:
    """Find the member that a location in a file means; nothing when there is none.

    A relative one is looked for beside the file, in the document's folder, and from the root.
    """
    folder = posixpath.dirname(base_file)
    document = base_file.split("/", 1)[0] if "/" in base_file else ""
    return next((path for path in candidates(location, folder, document) if path in package), None)


def unprotected_members(package: Package, covered: Set[str], own: Set[str]) -> tuple[str, ...]:
    """Give the members that a signature leaves open, beside those that signatures are made of."""
    return tuple(f"/{path}" for path in package if path not in covered and path not in own)
