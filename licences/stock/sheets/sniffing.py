"""What a file is, by its first bytes: a workbook, text, or something that is no permit sheet."""

import re
from typing import Literal

from licences.stock.sheets.refusals import NotASheet, has_password, not_a_sheet, save_as_workbook

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_BYTES = 4096

_FOREIGN = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"II*\x00", "图片"),
    (b"MM\x00*", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"PK\x05\x06", "空的压缩包"),
    (b"{\\rtf", "文字文档"),
    (b"\x7fELF", "程序"),
    (b"MZ", "程序"),
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|table|\?xml|meta|head|body|workbook)", re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BIFF8_START = b"\x09\x08\x10\x00\x00\x06"  # BOF record of the workbook stream
_FILE_PASS = b"\x2f\x00"
_WRITE_PROTECT = b"\x86\x00\x00\x00"


def refuse_foreign(head: bytes, filename: str) -> None:
    """Raises NotASheet for a file whose first bytes show another format; OLE and ZIP pass."""
    for start, what in _FOREIGN:
        if head.startswith(start) and not _is_text_after_all(head, start):
            raise not_a_sheet(filename, what)
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise save_as_workbook("web_page", filename, "网页或 XML 格式的表格")


def _is_text_after_all(head: bytes, start: bytes) -> bool:
    """Two letters prove nothing: a text that begins with BM or MZ has no control characters."""
    return len(start) == 2 and start.isalpha() and not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def ole_refusal(content: bytes, filename: str) -> NotASheet:
    """The refusal of an OLE file: an encrypted workbook, an old .xls, or another document."""
    if _utf16("EncryptedPackage") in content:
        return has_password(filename)
    if _utf16("Workbook") in content or _utf16("Book") in content:
        if _is_encrypted_biff(content):
            return has_password(filename)
        return save_as_workbook("old_format", filename, "旧格式（.xls）的表格")
    return not_a_sheet(filename, "旧格式的文档")


def _is_encrypted_biff(content: bytes) -> bool:
    start = content.find(_BIFF8_START)
    if start < 0:
        return False
    following = content[start + 20 : start + 26].removeprefix(_WRITE_PROTECT)
    return following.startswith(_FILE_PASS)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def zip_refusal(names: set[str], filename: str) -> NotASheet:
    """The refusal of a ZIP file that is no .xlsx workbook; `names` are in lower case."""
    if "ofd.xml" in names:
        return not_a_sheet(filename, "OFD 版式文件")
    if "xl/workbook.bin" in names:
        return save_as_workbook("other_format", filename, ".xlsb 格式的表格")
    if "content.xml" in names and "mimetype" in names:
        return save_as_workbook("other_format", filename, "开放文档格式（.ods 等）的文件")
    if any(name.startswith("word/") for name in names):
        return not_a_sheet(filename, "Word 文档")
    if any(name.startswith("ppt/") for name in names):
        return not_a_sheet(filename, "演示文稿")
    return not_a_sheet(filename, "压缩包")


def utf16_by_nulls(sample: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """UTF-16 without a mark, told by where the null bytes of commas and line ends stand."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even == odd:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def has_utf16_mark(head: bytes) -> bool:
    """Whether the file opens with a UTF-16 byte order mark."""
    return head.startswith(_UTF16_MARKS)
