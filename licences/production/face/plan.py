"""A layout compiled once: styles resolved, fixed words measured, what the template prints.

A layout is data (faces.md 1); the plan is what placing works from, cached by the layout's
content, so that two hundred faces a second do not read it two hundred times.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from licences.production.face.fonts import face_font, fall_back, paired
from licences.production.face.primitives import Ornament, Run, SealPlace
from licences.production.face.setting import Measured, MissingGlyph, measure

Layout = dict[str, Any]
ASCII = "".join(map(chr, range(0x20, 0x7F)))
_PLANS_KEPT = 64
# Inner edge of the border by page and orientation (faces.md 1), in mm.
_INNER_EDGE = {"a4-landscape": 17.8, "a4-portrait": 17.4, "a5-portrait": 14.1}


@dataclass(frozen=True, slots=True)
class Style:
    """A style with its ink resolved; sizes in mm, track in em."""

    font: str
    latin: str
    size: float
    leading: float
    track: float
    ink: str

    @property
    def set_in(self) -> str:
        """The name of the font that its words are set in."""
        return paired(self.font, self.latin)


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled layout."""

    layout: Layout
    key: str
    width: float
    height: float
    margin: tuple[float, float, float, float]
    inks: dict[str, str]
    styles: dict[str, Style]
    ground: tuple[Ornament, ...]
    inner: tuple[float, float, float, float]
    seal: SealPlace | None
    fixed_characters: tuple[tuple[str, str], ...]
    # Fixed words once set, by the identity of their box, which lives as long as the plan.
    fixed_runs: dict[int, list[Run]] = field(default_factory=dict, compare=False)

    def boxes(self, *kinds: str) -> list[dict[str, Any]]:
        """The layout's boxes of some kinds, in their order."""
        return [box for box in self.layout["boxes"] if box["kind"] in kinds]


_plans: OrderedDict[str, Plan] = OrderedDict()
_lock = Lock()


def canonical(layout: Layout) -> str:
    """The layout as one line of JSON with sorted keys: what is digested and compared."""
    return json.dumps(layout, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plan_of(layout: Layout) -> Plan:
    """Compile a layout, or take it from the plans at hand."""
    content = canonical(layout)
    with _lock:
        known = _plans.get(content)
        if known is not None:
            _plans.move_to_end(content)
            return known
    plan = _compile(json.loads(content))
    with _lock:
        _plans[content] = plan
        while len(_plans) > _PLANS_KEPT:
            _plans.popitem(last=False)
    return plan


def _compile(layout: Layout) -> Plan:
    page = layout["page"]
    inks = layout["inks"]
    styles = {
        name: Style(
            font=style["font"],
            latin=style.get("latin", ""),
            size=style["size"],
            leading=style.get("leading", 1.42),
            track=style.get("track", 0.0),
            ink=inks.get(style["ink"], style["ink"]),
        )
        for name, style in layout["styles"].items()
    }
    width, height = page["width"], page["height"]
    ground, inner = [], (10.0, 10.0, width - 20, height - 20)
    seal = None
    for box in layout["boxes"]:
        if box["kind"] == "border":
            ground.append(Ornament(box["file"], (0, 0, width, height)))
            edge = _INNER_EDGE.get(box["file"].rsplit("-", 1)[0], 17.8)
            inner = (edge, edge, width - 2 * edge, height - 2 * edge)
        elif box["kind"] == "ornament":
            x, y, w, h = box["at"]
            ground.append(Ornament(box["file"], (x, y, w, h)))
        elif box["kind"] == "seal":
            seal = SealPlace(box["centre"][0], box["centre"][1], box["diameter"])
    top, right, bottom, left = page["margin"]
    return Plan(
        layout=layout,
        key=f"{layout['face']}-{layout['edition']}",
        width=width,
        height=height,
        margin=(top, right, bottom, left),
        inks=inks,
        styles=styles,
        ground=tuple(ground),
        inner=inner,
        seal=seal,
        fixed_characters=_fixed_characters(layout, styles),
    )


def _fixed_characters(layout: Layout, styles: dict[str, Style]) -> tuple[tuple[str, str], ...]:
    """Per font of the template: what it prints on every face, and all of ASCII."""
    found: dict[str, set[str]] = {}
    for style in styles.values():
        found.setdefault(style.set_in, set()).update(ASCII)
    for box in layout["boxes"]:
        if "words" in box:
            found[styles[box["style"]].set_in].update(box["words"])
        if box["kind"] == "fields":
            label = found[styles[box["label_style"]].set_in]
            rows = box["rows"] if isinstance(box["rows"], list) else []
            for row in [*rows, *box.get("then", [])]:
                label.update(row["label"])
    return tuple(
        (font, "".join(sorted(characters - {"\n"}))) for font, characters in sorted(found.items())
    )


def measure_in(
    text: str, style: Style, *, track: float | None = None, space: float | None = None
) -> Measured:
    """Measure a value in its style, the whole of it in the first font of the chain that has
    all its characters. Raises MissingGlyph."""
    track = style.track if track is None else track
    try:
        return measure(text, style.font, style.latin, track=track, space=space)
    except MissingGlyph as missing:
        first = missing
    for font in fall_back(style.font)[1:]:
        try:
            return measure(text, font, style.latin, track=track, space=space)
        except MissingGlyph:
            continue
    # Name the character that no font has; each may lack another one of the value.
    fonts = [face_font(font) for font in fall_back(style.font)]
    for character in text:
        if character != "\n" and not any(font.has(character) for font in fonts):
            raise MissingGlyph(character)
    raise first
