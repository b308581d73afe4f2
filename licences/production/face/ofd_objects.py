"""Page objects of GB/T 33190 as text: paths, words, images; millimetres as they stand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from math import cos, radians, sin, sqrt
from xml.sax.saxutils import escape

from licences.production.face.fonts import LINE_BESIDE, LINE_BOTTOM, LINE_TOP, face_font, parts_of
from licences.production.face.outlines import (
    MARK_MIDDLE,
    Command,
    glyph_commands,
    mark_steps,
    ornament,
    path_commands,
)
from licences.production.face.primitives import (
    Code,
    MarkPlace,
    Ornament,
    Outline,
    Picture,
    Rule,
    Run,
)

_FONTS = ("kai", "kai-bold", "song", "song-bold", "hei", "hei-bold")
_FIRST_PAIR_ID = 9000  # behind the template's objects and below the first page's
FIRST_IMAGE_ID = 10
_DASH = "1.6 1.1"
_ROUNDING = 0.01  # mm; a boundary is written to a thousandth
_BASIC_PLANE = "\uffff"
_ROUND = 0.5522847498  # control distance of a quarter circle


@lru_cache(maxsize=65536)  # a face writes some five hundred, most of them like the last one's
def n(value: float) -> str:
    """A number in mm to a thousandth, without needless zeros."""
    words = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


@lru_cache(maxsize=256)
def colour(ink: str) -> str:
    """#rrggbb as OFD's decimal triple."""
    return " ".join(str(int(ink[at : at + 2], 16)) for at in (1, 3, 5))


def font_id(font: str) -> int:
    """The resource number of a font; the same in every file."""
    main, latin = parts_of(font)
    first = _FONTS.index(main)
    if latin == main:
        return first + 1
    return _FIRST_PAIR_ID + first * len(_FONTS) + _FONTS.index(latin)


def text_objects(number: int, run: Run, glyphs: Callable[[str, str], int]) -> list[str]:
    """A run as text objects with real characters and the font's own advances, from an id on.

    One object, but for characters beyond the basic plane: readers that walk UTF-16 units find no
    glyph for half a character. Each such character is an object of its own, which names its
    glyph; `glyphs` gives the number that a character of a font has in the embedded subset.
    """
    text = run.text
    if text.isascii() or max(text) <= _BASIC_PLANE:
        return [_text_object(number, run, "")]
    objects: list[str] = []
    for start, end in _spans(text):
        part = replace(
            run,
            x=run.x + sum(run.advances[:start]),
            text=text[start:end],
            advances=run.advances[start:end],
        )
        transform = ""
        if part.text > _BASIC_PLANE:
            transform = (
                '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1">'
                f"<ofd:Glyphs>{glyphs(run.font, part.text)}</ofd:Glyphs></ofd:CGTransform>"
            )
        objects.append(_text_object(number + len(objects), part, transform))
    return objects


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of the basic plane, and each character beyond it by itself."""
    start = 0
    for index, character in enumerate(text):
        if character > _BASIC_PLANE:
            if start < index:
                yield start, index
            yield index, index + 1
            start = index + 1
    if start < len(text):
        yield start, len(text)


def _text_object(number: int, run: Run, transform: str) -> str:
    size = run.size
    left, top, right, bottom = _reach(run)
    return (
        f'<ofd:TextObject ID="{number}" Boundary="{n(run.x - left)} {n(run.baseline - top)} '
        f'{n(left + right)} {n(top + bottom)}" Font="{font_id(run.font)}" Size="{n(size)}">'
        f'<ofd:FillColor Value="{colour(run.ink)}"/>{transform}'
        f"{_text_code(run.text, left, n(top), run.advances)}</ofd:TextObject>"
    )


def _reach(run: Run) -> tuple[float, float, float, float]:
    """How far a run's boundary reaches left of its origin, above its baseline, right, below (mm).

    The em boxes and a little more, since a “J” begins left of its origin; farther where a
    glyph's ink leaves even that.
    """
    size, width = run.size, sum(run.advances)
    beside = LINE_BESIDE * size
    left, top, right, bottom = beside, LINE_TOP * size, width + beside, LINE_BOTTOM * size
    font = face_font(run.font)
    if not font.stays_inside(run.text):
        at = 0.0
        for character, advance in zip(run.text, run.advances, strict=True):
            ink = font.ink(character)
            left = max(left, _ROUNDING - at - ink.left * size)
            top = max(top, ink.top * size + _ROUNDING)
            right = max(right, at + ink.right * size + _ROUNDING)
            bottom = max(bottom, _ROUNDING - ink.bottom * size)
            at += advance
    return left, top, right, bottom


def _text_code(text: str, x: float, baseline: str, advances: tuple[float, ...]) -> str:
    delta = f' DeltaX="{_deltas(advances[:-1])}"' if len(text) > 1 else ""
    return f'<ofd:TextCode X="{n(x)}" Y="{baseline}"{delta}>{escape(text)}</ofd:TextCode>'


def _deltas(advances: tuple[float, ...]) -> str:
    """Advances, with stretches of three and more equal ones as `g count value`."""
    words: list[str] = []
    at, end = 0, len(advances)
    while at < end:
        value = advances[at]
        next_at = at + 1
        while next_at < end and advances[next_at] == value:
            next_at += 1
        count = next_at - at
        words.append(f"g {count} {n(value)}" if count > 2 else " ".join([n(value)] * count))
        at = next_at
    return " ".join(words)


def rule_object(number: int, rule: Rule) -> str:
    """A straight line; its boundary leaves room for the line's own width."""
    half = rule.width / 2
    x, y = min(rule.x, rule.x2) - half, min(rule.y, rule.y2) - half
    width, height = abs(rule.x2 - rule.x) + rule.width, abs(rule.y2 - rule.y) + rule.width
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{n(x)} {n(y)} {n(width)} {n(height)}" '
        f'LineWidth="{n(rule.width)}" Stroke="true" Fill="false">'
        f'<ofd:StrokeColor Value="{colour(rule.ink)}"/><ofd:AbbreviatedData>'
        f"M {n(rule.x - x)} {n(rule.y - y)} L {n(rule.x2 - x)} {n(rule.y2 - y)}"
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )


def code_object(number: int, code: Code) -> str:
    """The QR modules as one filled path."""
    x, y, width, height = code.at
    module = width / code.modules
    marks = [n(at * module) for at in range(code.modules + 1)]
    parts = []
    for row, stretches in enumerate(code.rows):
        top, bottom = marks[row], marks[row + 1]
        for start, length in stretches:
            left, right = marks[start], marks[start + length]
            parts.append(f"M {left} {top} L {right} {top} L {right} {bottom} L {left} {bottom} C")
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{n(x)} {n(y)} {n(width)} {n(height)}" '
        f'Stroke="false" Fill="true"><ofd:FillColor Value="{colour(code.ink)}"/>'
        f"<ofd:AbbreviatedData>{' '.join(parts)}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def image_object(number: int, resource: int, photo: Picture) -> str:
    """A photo filling its box, and the hairline round it."""
    x, y, width, height = map(n, photo.at)
    box = f"{x} {y} {width} {height}"
    return (
        f'<ofd:ImageObject ID="{number}" Boundary="{box}" CTM="{width} 0 0 {height} 0 0" '
        f'ResourceID="{resource}"/>'
        f'<ofd:PathObject ID="{number + 1}" Boundary="{box}" LineWidth="0.24" Stroke="true" '
        f'Fill="false"><ofd:StrokeColor Value="{colour(photo.ink)}"/><ofd:AbbreviatedData>'
        f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
        "</ofd:AbbreviatedData></ofd:PathObject>"
    )


def outline_object(number: int, shape: Outline) -> str:
    """A dashed box or disc of a preview."""
    x, y, w, h = shape.at
    if shape.shape == "disc":
        r, c = w / 2, w / 2 * _ROUND
        curves = (
            (w, r + c, r + c, h, r, h),
            (r - c, h, 0.0, r + c, 0.0, r),
            (0.0, r - c, r - c, 0.0, r, 0.0),
            (r + c, 0.0, w, r - c, w, r),
        )
        data = f"M {n(w)} {n(r)} " + " ".join("B " + " ".join(map(n, one)) for one in curves)
    else:
        data = f"M 0 0 L {n(w)} 0 L {n(w)} {n(h)} L 0 {n(h)}"
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{n(x)} {n(y)} {n(w)} {n(h)}" LineWidth="0.25" '
        f'DashPattern="{_DASH}" Stroke="true" Fill="false">'
        f'<ofd:StrokeColor Value="{colour(shape.ink)}"/>'
        f"<ofd:AbbreviatedData>{data} C</ofd:AbbreviatedData></ofd:PathObject>"
    )


@lru_cache(maxsize=64)
def _mark_body(mark: MarkPlace) -> str:
    font = face_font(mark.font)
    scale = mark.size / font.upem
    turn = radians(mark.angle)
    across, down = cos(turn) * scale, sin(turn) * scale
    left, top, _, _ = mark.clip
    places = mark_steps(mark.font, mark.words, mark.track)
    parts: list[str] = []
    for centre_x, centre_y in mark.centres:
        for character, place in zip(mark.words, places, strict=True):
            for letter, points in glyph_commands(mark.font, character):
                parts.append(letter)
                for x, y in points:
                    along, under = place * font.upem + x, MARK_MIDDLE * font.upem - y
                    parts.append(n(centre_x - left + along * across - under * down))
                    parts.append(n(centre_y - top + along * down + under * across))
    clip = " ".join(map(n, mark.clip))
    # Some readers know the opacity of an object, some that of a colour, and those that know both
    # multiply them: each has the root of what is wished.
    alpha = round(sqrt(mark.opacity) * 255)
    return (
        f'Boundary="{clip}" Alpha="{alpha}" Stroke="false" '
        f'Fill="true"><ofd:FillColor Value="{colour(mark.ink)}" Alpha="{alpha}"/>'
        f"<ofd:AbbreviatedData>{' '.join(parts)}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def mark_object(number: int, mark: MarkPlace) -> str:
    """The mark as one path of outlines; its boundary, the inside of the border, clips it."""
    return f'<ofd:PathObject ID="{number}" {_mark_body(mark)}'


def ornament_objects(first: int, placed: Ornament, page: tuple[float, float]) -> list[str]:
    """An ornament's paths; line widths in mm as attributes, for readers differ on scaling."""
    source = ornament(placed.file)
    x, y, width, height = placed.at
    scale = (width / source.width, height / source.height)
    box = f"0 0 {n(page[0])} {n(page[1])}"
    objects = []
    for number, path in enumerate(source.paths, start=first):
        data = _scaled(path_commands(path.data), scale, (x, y))
        if path.stroke:
            look = (
                f'LineWidth="{n(path.stroke_width * scale[0])}" Join="Round" Stroke="true" '
                f'Fill="false"><ofd:StrokeColor Value="{colour(path.stroke)}"/>'
            )
        else:
            look = f'Stroke="false" Fill="true"><ofd:FillColor Value="{colour(path.fill)}"/>'
        objects.append(
            f'<ofd:PathObject ID="{number}" Boundary="{box}" {look}'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        )
    return objects


def _scaled(
    commands: tuple[Command, ...], scale: tuple[float, float], origin: tuple[float, float]
) -> str:
    parts: list[str] = []
    for letter, points in commands:
        parts.append(letter)
        for x, y in points:
            parts.append(n(origin[0] + x * scale[0]))
            parts.append(n(origin[1] + y * scale[1]))
    return " ".join(parts)
