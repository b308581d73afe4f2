"""Text, value and image boxes: one text in one box, set and aligned."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from licences.production.face.fitting import Fitted, fit_value
from licences.production.face.fonts import ASCENT
from licences.production.face.inputs import CannotDraw, cannot_draw
from licences.production.face.labels import set_label
from licences.production.face.plan import Style, measure_in
from licences.production.face.primitives import Picture, Run
from licences.production.face.setting import Measured, MissingGlyph, set_line
from licences.production.face.words import missing_glyph
from zezhou_portal.regulation.errors import FaultKind

Box = Mapping[str, Any]
_FLOOR = 0.75
_DOTS_PER_MM = 300 / 25.4
_MOST_PIXELS = 40_000_000


def measured_or_refused(
    text: str, style: Style, key: str, name: str, *, space: float | None = None
) -> Measured:
    """Measure a value. Raises CannotDraw naming the character that has no glyph."""
    try:
        return measure_in(text, style, space=space)
    except MissingGlyph as missing:
        raise missing_glyph(key, name, missing.character) from None


def set_box(
    box: Box, text: str, style: Style, *, of: str, name: str, ink: str, justify: bool
) -> list[Run]:
    """Set a text into a box, centred on its height unless valign says otherwise.

    Raises CannotDraw when it does not fit, with the number of characters too many.
    """
    x, y, width, height = box["at"]
    if box.get("spread"):
        label = set_label(text, style, width, spread=True, align=box.get("align", "left"))
        return label.at(x, y + (height - label.height) / 2)
    lines = max(box.get("lines", 1), text.count("\n") + 1)
    floor = box.get("floor", style.size * _FLOOR)
    indent = box.get("indent", 0.0)
    measured = measured_or_refused(text, style, of, name)
    fitted = fit_value(measured, width, style.size, lines=lines, floor=floor, indent=indent)
    if fitted is None:
        excess = _excess(text, box, style, lines, floor)
        raise cannot_draw(of, FaultKind.TOO_LONG, too_long(name, excess))
    align = box.get("align", "left")
    block = fitted.height(style.leading)
    slack = {"top": 0.0, "bottom": height - block}.get(
        box.get("valign", "middle"), (height - block) / 2
    )
    top = y + slack
    runs: list[Run] = []
    for number, line in enumerate(fitted.lines):
        shift = indent * fitted.size if number == 0 else 0.0
        room = width - shift
        start = x + shift + _lead(align, room, line.width * fitted.size)
        baseline = top + fitted.size * (ASCENT + number * style.leading)
        runs += set_line(
            measured,
            line,
            fitted.size,
            start,
            baseline,
            ink,
            of=of,
            justify_to=room if justify and align == "left" else None,
        )
    return runs


def _lead(align: str, room: float, width: float) -> float:
    if align == "center":
        return (room - width) / 2
    return room - width if align == "right" else 0.0


def _excess(text: str, box: Box, style: Style, lines: int, floor: float) -> int:
    def fits(length: int) -> Fitted | None:
        part = measure_in(text[:length], style)
        return fit_value(part, box["at"][2], style.size, lines=lines, floor=floor)

    return len(text) - longest_that(lambda length: fits(length) is not None, len(text))


def longest_that(fits: Any, most: int) -> int:
    """The greatest length from 0 to most - 1 that fits, by halving; 0 where none does."""
    least = 0
    while least < most - 1:
        middle = (least + most) // 2
        if fits(middle):
            least = middle
        else:
            most = middle
    return least


def too_long(name: str, excess: int) -> str:
    """The refusal of a text that does not fit at the smallest legible size."""
    return (
        f"“{name}”的内容太长，按最小的清晰字号仍排不下，多出{excess}个字。"
        "请核对并精简内容后再提交。"
    )


def set_picture(
    of: str, at: tuple[float, float, float, float], photo: bytes, name: str, ink: str
) -> Picture:
    """Crop a photo to the box's proportion around its centre, at most 300 dpi, without its
    camera data. Raises CannotDraw when it is no readable JPEG or PNG."""
    width, height = at[2:]
    try:
        with Image.open(BytesIO(photo), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise cannot_draw(
                    of, FaultKind.UNREADABLE, f"“{name}”的图片太大，请上传四千万像素以内的照片。"
                )
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, CannotDraw):
            raise
        raise cannot_draw(
            of, FaultKind.UNREADABLE, f"“{name}”无法读取，请重新上传 JPEG 或者 PNG 格式的照片。"
        ) from error
    wished = (round(width * _DOTS_PER_MM), round(height * _DOTS_PER_MM))
    share = min(upright.width / wished[0], upright.height / wished[1], 1.0)
    size = (max(1, round(wished[0] * share)), max(1, round(wished[1] * share)))
    fitted = ImageOps.fit(upright, size, Image.Resampling.LANCZOS)
    out = BytesIO()
    fitted.save(out, "JPEG", quality=88)
    return Picture(of, at, out.getvalue(), ink)
