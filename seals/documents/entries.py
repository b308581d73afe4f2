"""The entries of a document's lists of signatures, and the members that each is made of."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from seals.documents.findings import SignatureKind
from seals.documents.parts import Parts
from seals.documents.xml_reading import BadXml, child, children, text_of

_MOST_ENTRIES = 128


class TooManyEntries(Exception):
    """A document lists more signatures than are judged; says so in Chinese."""

    def __init__(self) -> None:
        self.sentence = f"文件的签章超过{_MOST_ENTRIES}个，本门户不能逐一核对，无法确认。"
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list of signatures, with the members it is made of."""

    location: str
    kind: SignatureKind
    listing: str
    xml_path: str | None
    value_path: str | None
    value_location: str
    seal_path: str | None
    seal_location: str

    @property
    def is_seal(self) -> bool:
        """Tell whether the list calls it a seal."""
        return self.kind is SignatureKind.SEAL

    def own_members(self) -> Iterator[str]:
        """Give the members that no signature needs to protect, for each is checked by itself."""
        for path in (self.listing, self.xml_path, self.value_path, self.seal_path):
            if path is not None:
                yield path


def entries_of(parts: Parts) -> list[Entry]:
    """Give the entries of all lists of signatures; one that is listed several times, once.

    Raises BadXml when OFD.xml or a list cannot be read, TooManyEntries beyond what is judged.
    """
    found: dict[tuple[SignatureKind, str], Entry] = {}
    count = 0
    for listing in _listings(parts):
        for element in children(parts.root(listing), "Signature"):
            count += 1
            if count > _MOST_ENTRIES:
                raise TooManyEntries
            entry = _entry(parts, element, listing)
            found.setdefault((entry.kind, entry.xml_path or entry.location), entry)
    return list(found.values())


def _listings(parts: Parts) -> list[str]:
    """Give the lists of signatures that OFD.xml names, each once.

    Raises BadXml, also when a list may be there under a name that cannot be read.
    """
    paths: dict[str, None] = {}
    for body in children(parts.main, "DocBody"):
        for element in children(body, "Signatures"):
            location = text_of(element)
            path = parts.locator.find(location, "OFD.xml")
            if path is not None:
                paths[path] = None
            elif parts.locator.unclear([location]):
                raise BadXml(
                    "no list of that name",
                    "文件的目录内容无法读取：签名列表的名称写法不一，无法对应。",
                )
    return list(paths)


def _entry(parts: Parts, element: etree._Element, listing: str) -> Entry:
    location = (element.get("BaseLoc") or text_of(child(element, "BaseLoc"))).strip()
    is_sign = (element.get("Type") or "").strip().lower() == "sign"
    find = parts.locator.find
    xml_path = find(location, listing)
    base = xml_path or listing
    value_location = seal_location = ""
    if xml_path is not None:
        described = parts.signature(xml_path)
        value_location, seal_location = described.value_location, described.seal_location
    beside = posixpath.join("/", posixpath.dirname(base), "SignedValue.dat")
    value_location = value_location or beside
    return Entry(
        location=location,
        kind=SignatureKind.SIGN if is_sign else SignatureKind.SEAL,
        listing=listing,
        xml_path=xml_path,
        value_path=find(value_location, base) if xml_path is not None else None,
        value_location=value_location,
        seal_path=find(seal_location, base),
        seal_location=seal_location,
    )
