"""Specimen, preview and copy: the words over a face (faces.md 9)."""

from dataclasses import dataclass
from math import ceil, cos, radians, sin

from licences.production.face.inputs import Mark, MarkKind, cannot_draw
from licences.production.face.plan import Plan
from licences.production.face.primitives import MarkPlace
from licences.production.face.setting import MissingGlyph, measure
from zezhou_portal.regulation.errors import FaultKind


@dataclass(frozen=True, slots=True)
class _Look:
    words: str
    font: str
    size: float  # mm
    track: float  # em
    ink: str
    opacity: float
    angle: float  # degrees
    along: float  # em between repetitions on one line, 0 for a single mark
    across: float  # em between the lines


_LOOKS = {
    MarkKind.SPECIMEN: _Look("样本", "song-bold", 58, 0.45, "#b0122a", 0.10, -30, 0, 0),
    MarkKind.PREVIEW: _Look(
        "预览 · 未签章无效", "hei-bold", 11, 0.04, "#b0122a", 0.13, -30, 2.6, 5.2
    ),
    MarkKind.COPY: _Look("", "hei-bold", 6.4, 0.04, "#30343a", 0.10, -28, 3.4, 6.4),
}


def place_mark(plan: Plan, mark: Mark | None) -> MarkPlace | None:
    """Place a mark over the inside of the border.

    Raises CannotDraw for a copy without words or with a character that has no glyph.
    """
    if mark is None:
        return None
    look = _LOOKS[mark.kind]
    words = look.words or mark.words
    if not words:
        raise cannot_draw(
            "copy_note", FaultKind.MISSING, "加注件缺少用途，请填写“仅限……使用”的字样。"
        )
    try:
        width = measure(words, look.font, track=look.track).natural * look.size
    except MissingGlyph as missing:
        raise cannot_draw(
            "copy_note",
            FaultKind.UNREADABLE,
            f"加注件用途中的“{missing.character}”（U+{ord(missing.character):04X}）"
            "没有可用的字形，请换用规范汉字。",
        ) from None
    return MarkPlace(
        words=words,
        font=look.font,
        size=look.size,
        track=look.track,
        ink=look.ink,
        opacity=look.opacity,
        angle=look.angle,
        centres=_centres(look, width, plan.inner),
        clip=plan.inner,
    )


def _centres(
    look: _Look, width: float, clip: tuple[float, float, float, float]
) -> tuple[tuple[float, float], ...]:
    """Centres of the repetitions that reach into the clip, every second line set off by half."""
    x, y, w, h = clip
    middle = (x + w / 2, y + h / 2)
    if not look.along:
        return (middle,)
    turn = radians(look.angle)
    step = (width + look.along * look.size, look.across * look.size)
    reach = (w * w + h * h) ** 0.5 / 2
    # Half the box of the turned words: a repetition farther out than this is not seen.
    half_x = width / 2 * cos(turn) + look.size / 2 * abs(sin(turn))
    half_y = width / 2 * abs(sin(turn)) + look.size / 2 * cos(turn)
    found = []
    lines = ceil(reach / step[1])
    places = ceil(reach / step[0]) + 1
    for line in range(-lines, lines + 1):
        for place in range(-places, places + 1):
            along = (place + (0.5 if line % 2 else 0.0)) * step[0]
            across = line * step[1]
            at_x = middle[0] + along * cos(turn) - across * sin(turn)
            at_y = middle[1] + along * sin(turn) + across * cos(turn)
            if x - half_x < at_x < x + w + half_x and y - half_y < at_y < y + h + half_y:
                found.append((round(at_x, 3), round(at_y, 3)))
    return tuple(found)
