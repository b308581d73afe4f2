"""Page objects of GB/T 33190 as text: paths, words, images; millimetres as they stand."""

from functools import lru_cache
from math import cos, radians, sin
from xml.sax.saxutils import escape

from licences.production.face.fonts import face_font
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

FONT_IDS = {
    name: number
    for number, name in enumerate(
        ("kai", "kai-bold", "song", "song-bold", "hei", "hei-bold"), start=1
    )
}
FIRST_IMAGE_ID = 10
_ABOVE, _TALL = 0.95, 1.25  # em over the baseline and height of a text's boundary
_DASH = "1.6 1.1"
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


def text_object(number: int, run: Run) -> str:
    """A run as one TextObject with real characters and the font's own advances."""
    size, advances = run.size, run.advances
    width = sum(advances)
    head = (
        f'<ofd:TextObject ID="{number}" Boundary="{n(run.x)} {n(run.baseline - _ABOVE * size)} '
        f'{n(width + 0.1 * size)} {n(_TALL * size)}" Font="{FONT_IDS[run.font]}" Size="{n(size)}">'
        f'<ofd:FillColor Value="{colour(run.ink)}"/>'
    )
    baseline = n(_ABOVE * size)
    if run.text.isascii() or max(run.text) <= "\uffff":
        codes = _text_code(run.text, 0.0, baseline, advances)
    else:
        codes = _split_codes(run, baseline)
    return f"{head}{codes}</ofd:TextObject>"


def _split_codes(run: Run, baseline: str) -> str:
    """End a TextCode behind each character beyond the basic plane: readers that count such a
    character as two would take the wrong advance for all that follow."""
    codes, start, x = [], 0, 0.0
    for index, character in enumerate(run.text):
        if character > "\uffff" or index == len(run.text) - 1:
            part = run.advances[start : index + 1]
            codes.append(_text_code(run.text[start : index + 1], x, baseline, part))
            x += sum(part)
            start = index + 1
    return "".join(codes)


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
    return (
        f'Boundary="{clip}" Alpha="{round(mark.opacity * 255)}" Stroke="false" '
        f'Fill="true"><ofd:FillColor Value="{colour(mark.ink)}"/>'
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
