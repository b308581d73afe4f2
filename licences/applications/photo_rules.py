"""Photos that stand on a face: a picture of sane size that can really be opened (M.7)."""

import io

from PIL import Image, UnidentifiedImageError

_LEAST = 150
_MOST = 6000


def photo_fault(data: bytes, media_type: str) -> str:
    """What is wrong with a photo, or nothing: the sentence of the page."""
    if media_type not in {"image/jpeg", "image/png"}:
        return "照片要用 JPG 或 PNG 文件"
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if max(width, height) > _MOST:
                return f"照片太大，长边最多 {_MOST} 像素，现在是 {max(width, height)} 像素"
            if min(width, height) < _LEAST:
                return f"照片太小，短边至少 {_LEAST} 像素，现在是 {min(width, height)} 像素"
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        return "照片文件打不开，可能已损坏。请重新选择"
    return ""
