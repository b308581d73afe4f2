"""Reading a stranger's XML: no document type, no entity, nothing fetched, bounded in size."""

import posixpath
from collections.abc import Iterator

from lxml import etree

OFD_NAMESPACE = "http://www.ofdspec.org/2016"
_LARGEST = 4 * 1024 * 1024


class BadXml(ValueError):
    """The member is not XML that the portal is willing to read."""


def parse_xml(data: bytes) -> etree._Element:
    """Give the root element.

    Raises BadXml for malformed or oversized XML and for any document type; libxml2 bounds depth.
    """
    if len(data) > _LARGEST:
        raise BadXml("too large")
    # UTF-16 hides the words between null bytes.
    plain = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadXml("a document type is not accepted")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml("malformed") from error
    # Encodings that the scan above cannot see through end here.
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise BadXml("a document type is not accepted")
    return root


def local_name(element: etree._Element) -> str:
    """Give the element's name without namespace: vendors differ in prefix and namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """Give the child elements of that name, whatever their namespace."""
    if element is not None:
        yield from (child for child in element if local_name(child) == name)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Give the first element down the path, or nothing."""
    for name in path:
        element = next(children(element, name), None)
    return element


def text_of(element: etree._Element | None) -> str:
    """Give the text of an element without the space around it; "" for nothing."""
    return (element.text or "").strip() if element is not None else ""


def candidates(location: str, *bases: str) -> list[str]:
    """Give the package paths that a location may mean, likeliest first.

    An absolute one means one path. A relative one is tried in each base folder and then from the
    root of the package, because vendors disagree. A path outside the package is none.
    """
    location = location.strip().replace("\\", "/")
    if not location:
        return []
    if location.startswith("/"):
        tried = [location.lstrip("/")]
    else:
        tried = [posixpath.join(base, location) for base in (*bases, "")]
    paths = []
    for path in map(posixpath.normpath, tried):
        if not path.startswith(("..", "/")) and path != "." and path not in paths:
            paths.append(path)
    return paths
