"""What an uploaded file is when it is no OFD: told by its first bytes, never by its name."""

from usage.verifying.pdf_codes import is_pdf

_COPY = (
    "阅览件、打印件、照片和截图都视同复印件，凭它们验不出真伪。"
    "请向持证人要 OFD 原文件，或者扫照面上的二维码查现状。"
)
_NOT_OFD = "电子证照是 OFD 文件。请向持证人要 OFD 原文件，或者扫照面上的二维码查现状。"
# (first bytes, where they stand, what people call it, is it a copy of a licence's face)
_MARKS = (
    (b"\x89PNG\r\n\x1a\n", 0, "图片（PNG）", True),
    (b"\xff\xd8\xff", 0, "图片（JPEG）", True),
    (b"GIF8", 0, "图片（GIF）", True),
    (b"BM", 0, "图片（BMP）", True),
    (b"II*\x00", 0, "图片（TIFF）", True),
    (b"MM\x00*", 0, "图片（TIFF）", True),
    (b"WEBP", 8, "图片（WebP）", True),
    (b"ftypheic", 4, "图片（HEIC）", True),
    (b"ftypmif1", 4, "图片（HEIC）", True),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "旧版 Office 文件", False),
    (b"Rar!\x1a\x07", 0, "压缩包（RAR）", False),
    (b"7z\xbc\xaf\x27\x1c", 0, "压缩包（7z）", False),
)


def other_format(data: bytes) -> str:
    """What to tell somebody who brought another kind of file; empty for what may be an OFD.

    Article: S.10.
    """
    if not data:
        return "这个文件是空的，里面什么也没有。请重新选 OFD 原文件。"
    if is_pdf(data):
        return f"这是PDF，不是电子证照的原文件。{_COPY}"
    for mark, place, name, is_copy in _MARKS:
        if data[place : place + len(mark)] == mark:
            return f"这是{name}，不是电子证照的原文件。{_COPY if is_copy else _NOT_OFD}"
    return ""
