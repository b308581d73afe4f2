"""Reading a stranger's XML: no document type, no entity, nothing fetched, bounded in size.

Elements and attributes are counted by their marks before anything is parsed, so that four
kilobytes that inflate to a million elements cost nothing.
"""

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

OFD_NAMESPACE = "http://www.ofdspec.org/2016"
_LARGEST = 4 * 1024 * 1024
_MOST_MARKS = 120_000
_LONGEST_LOCATION = 1024
# Through these the scan for a document type sees; lxml would read others too.
_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-8859-1|gb2312|gbk|gb18030|big5", re.IGNORECASE
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([^\"'>]{1,40})[\"']")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030"})
_WHITE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_UNREAD = "文件的目录内容无法读取"
DOCTYPE = f"{_UNREAD}：含有文档类型声明（DOCTYPE），为安全不予读取。"
TOO_LARGE = f"{_UNREAD}：内容过大，为安全不予读取。"


class BadXml(ValueError):
    """The part is not XML that the portal is willing to read; `sentence` says why in Chinese."""

    def __init__(self, reason: str, sentence: str = f"{_UNREAD}。") -> None:
        super().__init__(reason)
        self.sentence = sentence


def marks_in(data: bytes) -> int:
    """Give a number that elements and attributes together cannot exceed."""
    return data.count(b"<") + data.count(b"=")


def parse_xml(data: bytes) -> etree._Element:
    """Give the root element.

    Raises BadXml for malformed or oversized XML and for any document type; libxml2 bounds depth.
    """
    if len(data) > _LARGEST or marks_in(data) > _MOST_MARKS:
        raise BadXml("too large", TOO_LARGE)
    # UTF-16 hides the words between null bytes.
    plain = data.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadXml("a document type is not accepted", DOCTYPE)
    encoding = _encoding(plain)
    parser = etree.XMLParser(
        # What calls itself GB 2312 is written in its superset.
        encoding="gb18030" if encoding in _CHINESE else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(_trimmed(data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml("malformed") from error
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise BadXml("a document type is not accepted", DOCTYPE)
    return root


def _encoding(plain: bytes) -> str:
    """Give the encoding that is declared; "" for none.

    Raises BadXml for one that we do not look through.
    """
    declared = _DECLARED.search(plain[:300])
    name = declared[1].decode("ascii", "replace").lower() if declared else ""
    if name and not _ENCODINGS.fullmatch(name):
        raise BadXml("an unknown encoding", f"{_UNREAD}：采用了本门户不认识的编码。")
    return name


def _trimmed(data: bytes) -> bytes:
    """Give the XML without the blanks and nulls that some writers put around it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        return data
    data = data.lstrip(_WHITE)
    return data.removeprefix(_BYTE_ORDER_MARK).lstrip(_WHITE).rstrip(_WHITE + b"\0\x1a")


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
    if not location or len(location) > _LONGEST_LOCATION:
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
