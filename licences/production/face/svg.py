"""The face as a picture on a page: standalone SVG with outlines, used as <img src>.

Presentation attributes only and nothing fetched, so that it shows under the strictest content
policy; outlines instead of fonts, so that a rare name shows on any machine.
"""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image

from licences.production.face.outlines import (
    MARK_MIDDLE,
    glyph_svg,
    mark_steps,
    ornament,
    svg_units,
)
from licences.production.face.primitives import (
    Code,
    Face,
    MarkPlace,
    Ornament,
    Outline,
    Page,
    Picture,
    Rule,
    Run,
)

DASH = (1.6, 1.1)  # mm drawn and mm left out in the outlines of a preview
OUTLINE_WIDTH = 0.25
_SCREEN_DOTS = 280  # 170 dpi over 42 mm
_ALPHAS = 256
_ALPHA_STEP = 17  # sixteen levels are smooth enough on a screen, and pack well


def picture(face: Face, *, seal_png: bytes | None, page: int = 0) -> bytes:
    """Draw one page (from 0) as SVG of the page's size, with the seal's picture if given.

    seal_png: RGBA PNG, laid over the seal's place at its real size; None leaves it out.
    """
    sheet = face.pages[page]
    glyphs = _Glyphs()
    body = [
        *map(ornament_group, sheet.ground),
        *map(photo_image, sheet.pictures),
        *map(rule_path, sheet.rules),
        *(glyphs.run(run) for run in sheet.runs),
        *map(outline, sheet.outlines),
    ]
    if sheet.code:
        body.append(code_path(sheet.code))
    if sheet.mark:
        body.append(mark_group(sheet.mark))
    if seal_png and sheet.seal:
        body.append(seal_image(sheet, _for_screen(seal_png)))
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'width="{n(face.width)}mm" height="{n(face.height)}mm" '
        f'viewBox="0 0 {n(face.width)} {n(face.height)}">'
        f"<title>{escape(face.title)}</title>"
        f'<rect width="{n(face.width)}" height="{n(face.height)}" fill="#ffffff"/>'
    )
    return "".join((head, glyphs.defs(), *body, "</svg>")).encode()


def n(value: float) -> str:
    """A number in mm to a thousandth, without needless zeros."""
    words = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


@lru_cache(maxsize=64)
def _for_screen(seal_png: bytes) -> bytes:
    """The seal's picture with the dots a screen needs; the file itself keeps all of them."""
    with Image.open(BytesIO(seal_png), formats=("PNG",)) as opened:
        if opened.width <= _SCREEN_DOTS or opened.mode != "RGBA":
            return seal_png  # small already, or of another make: left as it is
        ink = _ink_of(opened)
        if ink is None:
            return seal_png
        height = round(opened.height * _SCREEN_DOTS / opened.width)
        alpha = opened.getchannel("A").resize((_SCREEN_DOTS, height), Image.Resampling.LANCZOS)
    smaller = Image.new("RGB", alpha.size, ink)
    smaller.putalpha(alpha.point(lambda value: value // _ALPHA_STEP * _ALPHA_STEP))
    out = BytesIO()
    smaller.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink_of(picture: Image.Image) -> tuple[int, ...] | None:
    """The one colour of what is seen of an RGBA picture; None where there are more."""
    colours = picture.getcolors(_ALPHAS * 2) or ()
    inks = {pixel[:3] for _, pixel in colours if isinstance(pixel, tuple) and pixel[3]}
    return inks.pop() if len(inks) == 1 else None


class _Glyphs:
    """Each glyph once in <defs>, used wherever it stands."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str, int], str] = {}

    def defs(self) -> str:
        paths = "".join(
            f'<path id="{name}" d="{glyph_svg(*glyph)}"/>' for glyph, name in self._ids.items()
        )
        return f"<defs>{paths}</defs>"

    def run(self, run: Run) -> str:
        units = svg_units(run.size)
        scale = run.size / units
        at, uses = 0.0, []
        for character, advance in zip(run.text, run.advances, strict=True):
            if glyph_svg(run.font, character, units):
                name = self._ids.setdefault((run.font, character, units), f"g{len(self._ids)}")
                place = f' x="{round(at / scale)}"' if at else ""
                uses.append(f'<use href="#{name}"{place}/>')
            at += advance
        if not uses:
            return ""
        matrix = f"{scale:.6f} 0 0 {scale:.6f} {n(run.x)} {n(run.baseline)}"
        return f'<g fill="{run.ink}" transform="matrix({matrix})">{"".join(uses)}</g>'


def ornament_group(placed: Ornament) -> str:
    """A border or ornament scaled into its box."""
    source = ornament(placed.file)
    x, y, width, height = placed.at
    matrix = f"{width / source.width:.6f} 0 0 {height / source.height:.6f} {n(x)} {n(y)}"
    return f'<g fill="none" stroke-linejoin="round" transform="matrix({matrix})">{source.inner}</g>'


def photo_image(photo: Picture) -> str:
    """A photo and the hairline round it."""
    x, y, width, height = map(n, photo.at)
    box = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    data = b64encode(photo.jpeg).decode()
    return (
        f'<image {box} preserveAspectRatio="none" href="data:image/jpeg;base64,{data}"/>'
        f'<rect {box} fill="none" stroke="{photo.ink}" stroke-width="0.12"/>'
    )


def rule_path(rule: Rule) -> str:
    """A straight line."""
    return (
        f'<path d="M{n(rule.x)} {n(rule.y)}L{n(rule.x2)} {n(rule.y2)}" stroke="{rule.ink}" '
        f'stroke-width="{n(rule.width)}" fill="none"/>'
    )


def code_path(code: Code) -> str:
    """The dark modules as one path."""
    x, y, width, _ = code.at
    module = width / code.modules
    parts = [
        f"M{n(x + start * module)} {n(y + row * module)}h{n(length * module)}"
        f"v{n(module)}h{n(-length * module)}z"
        for row, stretches in enumerate(code.rows)
        for start, length in stretches
    ]
    return f'<path d="{"".join(parts)}" fill="{code.ink}"/>'


def outline(shape: Outline) -> str:
    """A dashed outline that keeps a place."""
    x, y, width, height = shape.at
    look = (
        f'fill="none" stroke="{shape.ink}" stroke-width="{OUTLINE_WIDTH}" '
        f'stroke-dasharray="{DASH[0]} {DASH[1]}"'
    )
    if shape.shape == "disc":
        return (
            f'<circle cx="{n(x + width / 2)}" cy="{n(y + height / 2)}" r="{n(width / 2)}" {look}/>'
        )
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" {look}/>'


def mark_group(mark: MarkPlace) -> str:
    """The mark as outlines, clipped to the inside of the border."""
    units = svg_units(mark.size)
    scale = mark.size / units
    down = round(MARK_MIDDLE * units)
    glyphs = [
        f'<path transform="translate({round(at * units)} {down})" '
        f'd="{glyph_svg(mark.font, character, units)}"/>'
        for character, at in zip(
            mark.words, mark_steps(mark.font, mark.words, mark.track), strict=True
        )
        if glyph_svg(mark.font, character, units)
    ]
    clip = dict(zip(("x", "y", "width", "height"), map(n, mark.clip), strict=True))
    inside = " ".join(f'{name}="{value}"' for name, value in clip.items())
    words = "".join(glyphs)
    uses = "".join(
        f'<use href="#mark" transform="translate({n(cx)} {n(cy)}) rotate({mark.angle:g}) '
        f'scale({scale:.6f})"/>'
        for cx, cy in mark.centres
    )
    return (
        f'<defs><g id="mark">{words}</g><clipPath id="inside">'
        f"<rect {inside}/></clipPath></defs>"
        f'<g clip-path="url(#inside)">'
        f'<g fill="{mark.ink}" opacity="{mark.opacity:g}">{uses}</g></g>'
    )


def seal_image(page: Page, seal_png: bytes) -> str:
    """The seal's picture over its place, at its real size."""
    if page.seal is None:
        return ""
    x, y, width, height = map(n, page.seal.boundary)
    data = b64encode(seal_png).decode()
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" '
        f'href="data:image/png;base64,{data}"/>'
    )
