"""The code in a photo, for whoever's browser has no camera to offer (P.2.3.3).

The picture is read in memory and forgotten. A picture that claims to be huge is refused by its
head, before a pixel of it is unpacked.
"""

import io
import struct

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import CODE_PICTURE_BYTES

# A phone's largest photo; what is more is no photo of a code (ours).
_MOST_PIXELS = 64_000_000
# Other kinds than JPEG are unpacked whole before they can be made smaller.
_MOST_WHOLE = 24_000_000
# Codes are read as surely from this size, and four times as fast.
_SIDE = 2400
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_AGAIN = "没有查，也没有记下什么。"
_TOO_LARGE = f"图片太大，打不开。请用普通大小再拍一张。{_AGAIN}"
_NO_PICTURE = f"这个文件不是能打开的图片。请拍成普通照片（JPEG 或 PNG）再传。{_AGAIN}"


def code_in(data: bytes) -> str:
    """The text of the one QR code in a picture.

    Raises RuleBroken with the sentence for the page: no picture, too large, no code, several.
    """
    if len(data) > CODE_PICTURE_BYTES:
        most = CODE_PICTURE_BYTES // 1024 // 1024
        raise RuleBroken("P.2.3.3", f"图片不能超过 {most} MB。请把码拍满画面，再传一次。{_AGAIN}")
    found = {one.text for one in _read(_opened(data)) if one.text}
    if not found:
        raise RuleBroken(
            "P.2.3.3",
            f"图片里没有读到码。请靠近、拍正、避开反光，再拍一张；或者请对方读 8 位数字。{_AGAIN}",
        )
    if len(found) > 1:
        raise RuleBroken("P.2.3.3", f"图片里有 {len(found)} 个码。请只拍要验的那一个。{_AGAIN}")
    return found.pop()


def _opened(data: bytes) -> Image.Image:
    """The picture, upright, grey and no larger than reading needs."""
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        most = _MOST_PIXELS if picture.format == "JPEG" else _MOST_WHOLE
        if picture.width * picture.height > most:
            raise RuleBroken("P.2.3.3", _TOO_LARGE)
        picture.draft("L", (_SIDE, _SIDE))
        upright = ImageOps.exif_transpose(picture).convert("L")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise RuleBroken("P.2.3.3", _TOO_LARGE) from error
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        struct.error,
    ) as error:
        raise RuleBroken("P.2.3.3", _NO_PICTURE) from error
    upright.thumbnail((_SIDE, _SIDE))
    return upright


def _read(picture: Image.Image) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
