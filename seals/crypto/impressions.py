"""Writing an impression as small as it goes without changing a pixel of it."""

import struct
import zlib
from io import BytesIO

from PIL import Image, UnidentifiedImageError

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 4096 * 4096


class BadImpression(ValueError):
    """The picture cannot be used as an impression; says why in Chinese."""


def compact_png(data: bytes) -> bytes:
    """Give the picture as RGBA PNG, the smallest of the ways tried; what is seen of it stays.

    What is wholly transparent becomes white: readers that do not know transparency show the
    colour under it, and a seal must not lie on a red or black square. An impression is one
    colour with soft edges: long equal runs, which the predictors that encoders choose by
    themselves only break up. Every sealed file carries the picture twice.
    Raises BadImpression when the data is not a picture of sensible size.
    """
    try:
        with Image.open(BytesIO(data)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadImpression("印模图片过大，请使用边长不超过4096像素的图片。")
            is_rgba_png = opened.format == "PNG" and opened.mode == "RGBA"
            picture, was_white = _white_ground(opened.convert("RGBA"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise BadImpression("印模图片无法读取，请使用透明底的PNG图片。") from error
    tried = [_unfiltered(picture), _filtered(picture)]
    if is_rgba_png and was_white:
        tried.append(data)
    return min(tried, key=len)


def _white_ground(picture: Image.Image) -> tuple[Image.Image, bool]:
    """The picture with white under its transparent pixels, and whether it was so already."""
    white = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha else 0)
    white.paste(picture, (0, 0), seen)
    return white, white.tobytes() == picture.tobytes()


def _unfiltered(picture: Image.Image) -> bytes:
    width, height = picture.size
    pixels = picture.tobytes()
    line = width * 4
    rows = b"".join(b"\0" + pixels[at : at + line] for at in range(0, height * line, line))
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9)
    packed = packer.compress(rows) + packer.flush()
    header = struct.pack(">2L5B", width, height, 8, 6, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _filtered(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">L", len(content))
        + kind
        + content
        + struct.pack(">L", zlib.crc32(kind + content))
    )
