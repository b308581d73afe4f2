"""Comparing the members of a package with the digests that a signature lists of them."""

from collections.abc import Set
from dataclasses import dataclass, replace

from seals.crypto.seal_structure import Seal
from seals.documents.digests import Digests, has_size, stated_method
from seals.documents.package import Package
from seals.documents.parts import Parts, SignatureXml
from seals.documents.questions import Answer, Answered, Question
from seals.documents.shown import listed

_READABLE = (
    b"<",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"OTTO",
    b"\0\1\0\0",
    b"\xef\xbb\xbf",
)


@dataclass(frozen=True, slots=True)
class ReferenceFinding:
    """What became of the members that a signature protects; paths begin with a slash."""

    covered: frozenset[str]
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    problem: str = ""

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

        What could not be read or compared is not known; so is a member that no signature covers,
        for it may have been put there later.
        """
        question = Question.REFERENCES_MATCH
        for paths, answer, code, words in (
            (self.changed, Answer.NO, "changed", "以下内容与签章时不一致"),
            (self.missing, Answer.NO, "missing", "以下内容缺失"),
        ):
            if paths:
                sentence = f"{words}：{listed(paths, len(paths))}。"
                return Answered(question, answer, code, sentence)
        if self.problem:
            unread = f"（{listed(self.unread, len(self.unread))}）" if self.unread else ""
            sentence = f"{self.problem}{unread}。"
            return Answered(question, Answer.NOT_KNOWN, "unread", sentence)
        if unprotected:
            named = listed(unprotected, len(unprotected))
            sentence = f"以下内容不在签章保护范围内，无法确认是否被改动：{named}。"
            return Answered(question, Answer.NOT_KNOWN, "unprotected", sentence)
        return Answered(question, Answer.YES)


def check_references(
    parts: Parts, digests: Digests, xml_path: str, described: SignatureXml
) -> ReferenceFinding:
    """Compare every reference of a Signature.xml with the member it names."""
    if described.references is None:
        problem = described.problem.rstrip("。") or "签名描述文件没有可读取的保护清单"
        return ReferenceFinding(frozenset(), problem=problem)
    stated = stated_method(described.check_method)
    found: list[tuple[str, str]] = []
    absent: list[str] = []
    for one in described.references:
        path = parts.locator.find(one.location, xml_path)
        if path is None:
            absent.append(one.location)
        else:
            found.append((path, one.value))
    covered = frozenset(path for path, _ in found)
    finding = _with_absent(ReferenceFinding(covered), parts, absent)
    method = digests.used_method(stated, found)
    if method is None and found:
        words = "所列的杂凑值" if stated else "所用的杂凑算法"
        return replace(finding, problem=finding.problem or f"保护清单{words}本门户无法识别")
    if method is None:
        return finding
    differing = [one for one in found if not digests.is_of(*one, method)]
    illegible = [f"/{path}" for path, value in differing if not has_size(value, method.size)]
    if illegible:
        finding = replace(finding, unread=_unique(illegible), problem=_ILLEGIBLE)
    changed = [path for path, value in differing if has_size(value, method.size)]
    finding = _with_changed(finding, parts, changed)
    if not method.is_strong and not finding.problem:
        problem = "保护清单未使用国密杂凑算法（未注明、MD5或SHA1），不能作为凭据"
        return replace(finding, problem=problem)
    return finding


_ENCRYPTED = "文件内容已加密（GM/T 0099），本门户无法解密核对"
_ILLEGIBLE = "保护清单里以下内容的杂凑值无法识别"
_SPELLING = "以下内容的名称写法不一，无法对应到文件里的成员"


def _with_absent(finding: ReferenceFinding, parts: Parts, absent: list[str]) -> ReferenceFinding:
    """Give the finding with what is missing, or may only seem to be."""
    if absent and parts.is_encrypted:
        return replace(finding, unread=_unique(absent), problem=_ENCRYPTED)
    unclear = parts.locator.unclear(absent, finding.covered)
    unclear_set = set(unclear)
    missing = _unique([one for one in absent if one not in unclear_set])
    problem = _SPELLING if unclear else ""
    return replace(finding, missing=missing, unread=_unique(unclear), problem=problem)


def _with_changed(finding: ReferenceFinding, parts: Parts, changed: list[str]) -> ReferenceFinding:
    """Give the finding with what was changed; what was encrypted since cannot be compared."""
    unread: list[str] = []
    if parts.is_encrypted:
        unread = [path for path in changed if not parts.package[path].startswith(_READABLE)]
    hidden_set = set(unread)
    really = _unique([f"/{path}" for path in changed if path not in hidden_set])
    if not unread:
        return replace(finding, changed=really)
    hidden = _unique([*finding.unread, *(f"/{path}" for path in unread)])
    return replace(finding, changed=really, unread=hidden, problem=_ENCRYPTED)


def _unique(paths: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))


def unprotected_members(package: Package, covered: Set[str], own: Set[str]) -> tuple[str, ...]:
    """Give the members that a signature leaves open, beside those that signatures are made of."""
    return tuple(f"/{path}" for path in package if path not in covered and path not in own)
