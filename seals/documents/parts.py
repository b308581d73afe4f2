"""The XML parts of a package, parsed within one budget, and what a Signature.xml says.

A tree is let go as soon as it has been read: only one stands in memory at a time.
"""

from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from seals.documents.budget import Budget, TooMuchWork
from seals.documents.locating import Locator
from seals.documents.package import Package
from seals.documents.xml_reading import (
    TOO_LARGE,
    BadXml,
    child,
    children,
    local_name,
    marks_in,
    parse_xml,
    text_of,
)

_ENCRYPTIONS = "Encryptions.xml"


@dataclass(frozen=True, slots=True)
class Reference:
    """One protected member: where it is, and its digest as it is written."""

    location: str
    value: str


@dataclass(frozen=True, slots=True)
class SignatureXml:
    """What a Signature.xml says; `problem` is why it says nothing, in Chinese, "" otherwise."""

    method: str = ""
    stated_time: str = ""
    check_method: str = ""
    references: tuple[Reference, ...] | None = None
    seal_location: str = ""
    value_location: str = ""
    problem: str = ""


class Parts:
    """Parses the parts of one package; what has been read once is not read again."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.budget = Budget()
        self.locator = Locator(package, self.budget)
        self._described: dict[str, SignatureXml] = {}

    def root(self, path: str) -> etree._Element:
        """Parse a part.

        Raises BadXml, also when the parts read before have used up the budget.
        """
        data = self.package[path]
        try:
            self.budget.spend("parsed_bytes", len(data))
            self.budget.spend("marks", marks_in(data))
        except TooMuchWork as error:
            raise BadXml("the budget of the package is used up", TOO_LARGE) from error
        return parse_xml(data)

    @cached_property
    def main(self) -> etree._Element:
        """Give the root of OFD.xml.

        Raises BadXml, also when there is none.
        """
        path = self.locator.find("/OFD.xml")
        if path is None:
            raise BadXml("no OFD.xml", "文件的目录内容无法读取：没有OFD.xml，不是完好的OFD文件。")
        return self.root(path)

    @cached_property
    def is_encrypted(self) -> bool:
        """Tell whether members are encrypted by GM/T 0099."""
        if self.locator.find(f"/{_ENCRYPTIONS}") is not None:
            return True
        try:
            return any(local_name(one) == "Encryptions" for one in self.main.iter(etree.Element))
        except BadXml:
            return False

    def signature(self, path: str) -> SignatureXml:
        """Tell what a Signature.xml says."""
        if path not in self._described:
            try:
                self._described[path] = _described(self.root(path))
            except BadXml as error:
                self._described[path] = SignatureXml(problem=error.sentence)
        return self._described[path]


def _described(root: etree._Element) -> SignatureXml:
    info = child(root, "SignedInfo")
    held = child(info, "References")
    references = None
    if held is not None:
        references = tuple(
            Reference(one.get("FileRef") or "", text_of(child(one, "CheckValue")))
            for one in children(held, "Reference")
        )
    return SignatureXml(
        method=text_of(child(info, "SignatureMethod")),
        stated_time=text_of(child(info, "SignatureDateTime")),
        check_method=(held.get("CheckMethod") or "").strip() if held is not None else "",
        references=references,
        seal_location=text_of(child(info, "Seal", "BaseLoc")),
        value_location=text_of(child(root, "SignedValue")),
    )
