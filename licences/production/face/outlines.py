"""Outlines of glyphs and of the ornaments of borders/, ready for each writer."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # our own files, read from the package itself

from fontTools.svgLib.path import parse_path

from licences.production.face.fonts import face_font

BORDERS = Path(__file__).parent / "borders"
_FILE_NAME = re.compile(r"[a-z0-9-]+")
_LARGE_TYPE = 8.0  # mm
Command = tuple[str, tuple[tuple[float, float], ...]]


class _CommandPen:
    """Collects an outline as absolute commands M L Q B C in font units, y upward."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.commands.append(("M", (point,)))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.commands.append(("L", (point,)))

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.commands.append(("B", points))

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self.commands.append(("Q", points))

    def closePath(self) -> None:  # noqa: N802
        self.commands.append(("C", ()))

    endPath = closePath  # noqa: N815


@lru_cache(maxsize=8192)
def glyph_commands(font: str, character: str) -> tuple[Command, ...]:
    """A glyph's outline as absolute commands in font units, y upward.

    M and L have one point, Q a control and an end point, B two and an end, C closes.
    """
    pen = _CommandPen()
    face_font(font).draw(character, pen)
    return tuple(pen.commands)


MARK_MIDDLE = 0.38  # em from a mark's baseline up to its middle


def mark_steps(font: str, words: str, track: float) -> list[float]:
    """Where each character of a mark begins, in em from the middle of the words."""
    steps = [face_font(font).advance(character) + track for character in words]
    places, at = [], -(sum(steps) - track) / 2
    for step in steps:
        places.append(at)
        at += step
    return places


def svg_units(size: float) -> int:
    """Units to the em in which SVG draws type of a size in mm: finer than a screen's dots, and
    no finer, for every digit is sent to the reader."""
    return 1000 if size > _LARGE_TYPE else 200


@lru_cache(maxsize=8192)
def glyph_svg(font: str, character: str, units: int) -> str:
    """A glyph's outline as SVG path data, so many units to the em, y downward."""
    scale = units / face_font(font).upem
    words: list[str] = []
    before = ""
    x = y = start_x = start_y = 0
    for command, points in glyph_commands(font, character):
        if command == "C":
            words.append("z")
            before = ""
            x, y = start_x, start_y
            continue
        steps: list[int] = []
        last_x, last_y = x, y
        for point_x, point_y in points:
            last_x, last_y = round(point_x * scale), -round(point_y * scale)
            steps += (last_x - x, last_y - y)
        if any(steps) or command == "M":
            step = _relative(command, steps)
            # A repeated command leaves out its letter; a minus sign needs no space before it.
            repeated = step[0] == before
            words.append((step[1:] if step[1] == "-" else f" {step[1:]}") if repeated else step)
            before = step[0]
        x, y = last_x, last_y
        if command == "M":
            start_x, start_y = x, y
    return "".join(words)


def _relative(command: str, steps: list[int]) -> str:
    if command == "L" and steps[1] == 0:
        return f"h{steps[0]}"
    if command == "L" and steps[0] == 0:
        return f"v{steps[1]}"
    letter = {"M": "m", "L": "l", "Q": "q", "B": "c"}[command]
    rest = "".join(str(step) if step < 0 else f" {step}" for step in steps[1:])
    return f"{letter}{steps[0]}{rest}"


@dataclass(frozen=True, slots=True)
class OrnamentPath:
    """One path of an ornament: SVG data in 1/100 mm, and stroke (with width) or fill."""

    data: str
    stroke: str
    stroke_width: float
    fill: str


@dataclass(frozen=True, slots=True)
class OrnamentFile:
    """A vector file of borders/: its size in 1/100 mm and its paths from below."""

    width: float
    height: float
    paths: tuple[OrnamentPath, ...]
    inner: str  # the file's own path elements, for use inside another SVG


@cache
def ornament(name: str) -> OrnamentFile:
    """Read a border or an ornament by its name. Raises ValueError for an unknown one."""
    path = BORDERS / f"{name}.svg"
    if not _FILE_NAME.fullmatch(name) or not path.is_file():
        raise ValueError(f"没有名为“{name}”的花边。")
    source = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(source)  # noqa: S314 - shipped with the code
    box = [float(number) for number in root.attrib["viewBox"].split()]
    paths = tuple(
        OrnamentPath(
            data=element.attrib["d"],
            stroke=element.attrib.get("stroke", ""),
            stroke_width=float(element.attrib.get("stroke-width", 0)),
            fill=element.attrib.get("fill", ""),
        )
        for element in root
    )
    inner = source[source.index(">") + 1 : source.rindex("</svg>")]
    return OrnamentFile(box[2], box[3], paths, inner)


def path_commands(data: str) -> tuple[Command, ...]:
    """SVG path data as absolute commands (the same letters as glyph_commands, y as given)."""
    pen: Any = _CommandPen()
    parse_path(data, pen)
    return tuple(pen.commands)
