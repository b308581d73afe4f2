"""Labels of rows: spread over their width, on one line or with the bracketed part below."""

from dataclasses import dataclass
from functools import lru_cache

from licences.production.face.fonts import ASCENT
from licences.production.face.plan import Style, measure_in
from licences.production.face.primitives import Run
from licences.production.face.setting import Line, Measured, break_lines, set_line

_SPREAD = range(2, 7)  # characters
_SMALLER = 0.8
_LEADING = 1.3
_BELOW = 0.12  # em between the main part and the bracketed part


@dataclass(frozen=True, slots=True)
class Label:
    """A set label: its height and its runs relative to its upper left corner."""

    height: float
    runs: tuple[Run, ...]

    def at(self, x: float, y: float) -> list[Run]:
        """The label's runs on the page."""
        return [
            Run(run.font, run.size, x + run.x, y + run.baseline, run.text, run.advances, run.ink)
            for run in self.runs
        ]


@lru_cache(maxsize=1024)
def set_label(words: str, style: Style, width: float, *, spread: bool, align: str) -> Label:
    """Set a label into a width of mm.

    Two to six characters are spread; a label too long drops its bracketed part to a second line
    at 0.8, else shrinks to 0.8, else wraps (faces.md 3). Raises MissingGlyph.
    """
    measured = measure_in(words, style)
    size = style.size
    if spread and len(words) in _SPREAD and measured.natural * size <= width:
        return _one_line(words, style, width, size, spread=True, align=align)
    if measured.natural * size <= width + 1e-6:
        return _one_line(words, style, width, size, spread=False, align=align)
    bracket = words.find("（")
    if bracket > 0 and words.endswith("）"):
        main = _one_line_fitted(words[:bracket], style, width, spread=spread, align=align)
        below_align = "center" if spread else align
        below = _one_line_fitted(
            words[bracket:], style, width, spread=False, align=below_align, size=size * _SMALLER
        )
        gap = size * _BELOW
        lower = [
            Run(r.font, r.size, r.x, r.baseline + main.height + gap, r.text, r.advances, r.ink)
            for r in below.runs
        ]
        return Label(main.height + gap + below.height, (*main.runs, *lower))
    if measured.natural * size * _SMALLER <= width:
        return _one_line_fitted(words, style, width, spread=False, align=align)
    return _wrapped(measured, style, width, align)


def _one_line_fitted(
    words: str, style: Style, width: float, *, spread: bool, align: str, size: float | None = None
) -> Label:
    wished = size or style.size
    natural = measure_in(words, style).natural
    fitted = wished if natural * wished <= width else width / natural
    return _one_line(words, style, width, fitted, spread=spread, align=align)


def _one_line(
    words: str, style: Style, width: float, size: float, *, spread: bool, align: str
) -> Label:
    measured = measure_in(words, style)
    if spread and len(words) in _SPREAD:
        solid = measured.natural
        track = max(0.0, (width / size - solid) / (len(words) - 1))
        measured = measure_in(words, style, track=style.track + track)
    line = break_lines(measured, float("inf"))[0]
    x = _start(line, size, width, align)
    runs = set_line(measured, line, size, x, size * ASCENT, style.ink)
    return Label(size, tuple(runs))


def _wrapped(measured: Measured, style: Style, width: float, align: str) -> Label:
    size = style.size * _SMALLER
    runs: list[Run] = []
    lines = break_lines(measured, width / size)
    for number, line in enumerate(lines):
        baseline = size * ASCENT + number * size * _LEADING
        x = _start(line, size, width, align)
        runs += set_line(measured, line, size, x, baseline, style.ink)
    return Label(size + (len(lines) - 1) * size * _LEADING, tuple(runs))


def _start(line: Line, size: float, width: float, align: str) -> float:
    if align == "center":
        return (width - line.width * size) / 2
    if align == "right":
        return width - line.width * size
    return 0.0
