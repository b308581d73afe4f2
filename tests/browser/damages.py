"""Sixteen things that happen to a code between a screen and a camera, made from one picture.

Deterministic: the same picture and the same damage give the same pixels.
"""

import hashlib
import io
import math
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

_GREY = (150, 148, 140)
Damage = Callable[[Image.Image], Image.Image]


def _on_a_table(picture: Image.Image, margin: float = 0.25) -> Image.Image:
    """The picture with something grey around it, so that it can be turned."""
    edge = int(max(picture.size) * margin)
    wide = Image.new("RGB", (picture.width + 2 * edge, picture.height + 2 * edge), _GREY)
    wide.paste(picture, (edge, edge))
    return wide


def _turned(picture: Image.Image, angle: float) -> Image.Image:
    return _on_a_table(picture, 0.5).rotate(angle, Image.Resampling.BICUBIC, fillcolor=_GREY)


def _perspective(picture: Image.Image) -> Image.Image:
    """Seen from below and from the side."""
    wide = _on_a_table(picture)
    width, height = wide.size
    corners = (
        -0.16 * width, -0.08 * height, 0.05 * width, 1.04 * height,
        0.98 * width, 1.16 * height, 1.12 * width, -0.02 * height,
    )  # fmt: skip
    return wide.transform(
        wide.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=_GREY
    )


def _curved(picture: Image.Image) -> Image.Image:
    """Rows pushed sideways along a bow, as on a bent sheet."""
    wide = _on_a_table(picture)
    out = Image.new("RGB", wide.size, _GREY)
    for row in range(wide.height):
        shift = int(wide.width * 0.05 * math.sin(math.pi * row / wide.height))
        out.paste(wide.crop((0, row, wide.width, row + 1)), (shift, row))
    return out


def _motion(picture: Image.Image) -> Image.Image:
    """A hand that moves sideways: the mean of shifted pictures."""
    out = picture
    for step in range(1, 9):
        moved = ImageChops.offset(picture, step, 0)
        out = Image.blend(out, moved, 1 / (step + 1))
    return out


def _glare(picture: Image.Image) -> Image.Image:
    """A lamp in the glass: a white spot over a corner of the code."""
    spot = Image.new("L", picture.size, 0)
    radius = picture.width * 0.13
    middle = (picture.width * 0.62, picture.height * 0.34)
    ImageDraw.Draw(spot).ellipse(
        [middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius], fill=235
    )
    soft = spot.filter(ImageFilter.GaussianBlur(radius / 3))
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, soft)


def _noise(picture: Image.Image) -> Image.Image:
    """A dark room: grain over everything."""
    small = (picture.width // 2, picture.height // 2)
    dust = hashlib.shake_256(b"grain").digest(small[0] * small[1])
    grain = Image.frombytes("L", small, dust).resize(picture.size)
    return Image.blend(picture, Image.merge("RGB", [grain] * 3), 0.42)


def _torn(picture: Image.Image) -> Image.Image:
    """A corner of the symbol torn off, not one with an eye."""
    out = picture.copy()
    side = picture.width * 0.17
    right, low = picture.width * 0.86, picture.height * 0.62
    ImageDraw.Draw(out).polygon(
        [(right, low), (right - side, low), (right, low - side)], fill=_GREY
    )
    return out


def _jpeg(picture: Image.Image) -> Image.Image:
    """Sent by a messenger that saves bytes."""
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=6)
    return Image.open(kept).convert("RGB")


def _lines(picture: Image.Image) -> Image.Image:
    """A screen photographed: bands that beat with the camera's rows."""
    out = picture.copy()
    pen = ImageDraw.Draw(out)
    for row in range(0, picture.height, 7):
        pen.line([(0, row), (picture.width, row + 5)], fill=(120, 120, 120), width=2)
    return out


def _shadow(picture: Image.Image) -> Image.Image:
    """Half of it in the shadow of a hand."""
    dark = ImageEnhance.Brightness(picture).enhance(0.3)
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).polygon(
        [(0, 0), (picture.width * 0.7, 0), (picture.width * 0.25, picture.height), (0, picture.height)],
        fill=255,
    )  # fmt: skip
    return Image.composite(dark, picture, mask.filter(ImageFilter.GaussianBlur(12)))


def _occluded(picture: Image.Image) -> Image.Image:
    """A finger over the edge of the symbol."""
    out = picture.copy()
    width, height = picture.size
    ImageDraw.Draw(out).ellipse(
        [width * 0.40, height * 0.60, width * 0.55, height * 0.74], fill=(214, 170, 140)
    )
    return out


def _small(picture: Image.Image) -> Image.Image:
    """From across the counter: a quarter of the size, and a little soft."""
    return picture.resize(
        (picture.width // 5, picture.height // 5), Image.Resampling.BILINEAR
    ).filter(ImageFilter.GaussianBlur(0.4))


def _inverted(picture: Image.Image) -> Image.Image:
    """A phone that turns every colour around."""
    return ImageChops.invert(picture)


DAMAGES: dict[str, Damage] = {
    "blurred": lambda one: one.filter(ImageFilter.GaussianBlur(5)),
    "moved": _motion,
    "tilted": lambda one: _turned(one, 17),
    "turned by 45 degrees": lambda one: _turned(one, 45),
    "upside down": lambda one: one.rotate(180),
    "seen aslant": _perspective,
    "bent": _curved,
    "glare": _glare,
    "low contrast": lambda one: ImageEnhance.Contrast(one).enhance(0.12),
    "dark and grainy": lambda one: _noise(ImageEnhance.Brightness(one).enhance(0.35)),
    "torn": _torn,
    "compressed": _jpeg,
    "bands of a screen": _lines,
    "half in the shadow": _shadow,
    "behind a finger": _occluded,
    "small and inverted": lambda one: _inverted(_small(one)),
}
