"""Fitting: shrink, then wrap, then shrink, then refuse (faces.md 3).

Steps are fixed, so that the result is the same on every machine.
"""

from dataclasses import dataclass, field

from licences.production.face.setting import NO_START, Line, Measured, break_lines

_STEP = 0.025
_ONE_LINE = (0.975, 0.95, 0.925, 0.9)
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Fitted:
    """A value at the size it was fitted to: size in mm and its lines."""

    size: float
    lines: tuple[Line, ...]

    def height(self, leading: float) -> float:
        """Height of the em boxes in mm."""
        return self.size * (1 + (len(self.lines) - 1) * leading)


def steps_down(floor: float) -> list[float]:
    """Factors from 1 - 0.025 down to the floor, in steps of 0.025."""
    count = int((1 - floor) / _STEP + _EPSILON)
    return [round(1 - _STEP * number, 4) for number in range(1, count + 1)]


def fit_value(
    measured: Measured, width: float, size: float, *, lines: int, floor: float, indent: float = 0.0
) -> Fitted | None:
    """Fit one value into a width (mm): one line at full size, one line down to 0.90, wrapped at
    full size, then smaller down to floor (mm). None where it does not fit."""
    single = len(measured.paragraphs) == 1
    if single:
        for factor in (1.0, *_ONE_LINE):
            if size * factor < floor - _EPSILON:
                break
            if (measured.natural + indent) * size * factor <= width + _EPSILON:
                return Fitted(size * factor, tuple(break_lines(measured, float("inf"))))
    for factor in (1.0, *steps_down(floor / size)):
        broken = break_lines(measured, width / (size * factor), indent=indent, most=lines)
        if len(broken) <= lines:
            return Fitted(size * factor, tuple(broken))
    return None


@dataclass(slots=True)
class RowFit:
    """One value of a block, asked again and again at other sizes; remembers its answers."""

    measured: Measured
    width: float
    size: float  # mm at factor 1
    leading: float
    lines: int
    long: bool = False
    fixed: bool = False
    floor: float = 0.0  # mm, the hard bound of a long row
    label_height: float = 0.0
    _known: dict[float, Fitted | None] = field(default_factory=dict)

    def at(self, factor: float) -> Fitted | None:
        """The row at a factor of its size, or None where it needs too many lines."""
        if self.fixed:
            factor = 1.0
        try:
            return self._known[factor]
        except KeyError:
            found = self._known[factor] = self._fit(factor)
            return found

    def _fit(self, factor: float) -> Fitted | None:
        size = max(self.size * factor, self.floor) if self.long else self.size * factor
        lines = self._broken(size)
        lowest = (self.floor if self.long else self.size * _BLOCK_LEAST) - _EPSILON
        steps = [] if self.fixed else [step for step in _ONE_LINE if size * step >= lowest]
        if len(self.measured.paragraphs) == 1 and not self.long and len(lines) > 1:
            for step in steps:
                if self.measured.natural * size * step <= self.width + _EPSILON:
                    return Fitted(size * step, tuple(self._broken(size * step)))
        if any(line.last and self._lonely(line) for line in lines):
            for step in steps:
                shorter = self._broken(size * step)
                if len(shorter) < len(lines):
                    size, lines = size * step, shorter
                    break
        return Fitted(size, tuple(lines)) if len(lines) <= self.lines else None

    def _broken(self, size: float) -> list[Line]:
        return break_lines(self.measured, self.width / size, most=self.lines)

    def _lonely(self, line: Line) -> bool:
        """Whether a paragraph's second or later line holds one character and no more."""
        if line.first:
            return False
        words = self.measured.text[line.start : line.end]
        return sum(character not in NO_START for character in words) <= 1

    def top(self, fitted: Fitted) -> float:
        """Mm from the row's top to the shared centre of label and first line."""
        return max(self.label_height, fitted.size) / 2

    def height(self, fitted: Fitted) -> float:
        """Height of the row: label and value share the centre of their first line."""
        top = self.top(fitted)
        below = fitted.height(self.leading) - fitted.size / 2
        return top + max(self.label_height / 2, below)


_BLOCK = (1.0, 0.95, 0.9, 0.85)
_LONG = (1.0, 0.95, 0.9, 0.85, 0.8)
_BLOCK_LEAST, _LONG_LEAST = 0.75, 0.66


def _candidates() -> tuple[tuple[float, float], ...]:
    """(block, long) factors, first that fits: names large first, the long text gives way."""
    first = [(b, round(b * part, 4)) for b in _BLOCK for part in _LONG]
    rest = [
        (b, factor)
        for b in (*_BLOCK, 0.8, _BLOCK_LEAST)
        for factor in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7, _LONG_LEAST)
        if factor <= b
    ]
    return tuple(dict.fromkeys([*first, *rest]))


CANDIDATES = _candidates()
SMALLEST = (_BLOCK_LEAST, _LONG_LEAST)


def fit_block(
    rows: list[RowFit], height: float, *, least: float, gaps: int, cells: bool
) -> list[Fitted] | None:
    """Fit the rows of a block into a height (mm) with `gaps` gaps of at least `least` mm.

    Gives one Fitted per row, or None where not even the smallest candidate fits.
    """
    room = height - least * gaps + _EPSILON
    has_long = any(row.long for row in rows)
    tried: set[float] = set()
    for block, long in CANDIDATES:
        if not has_long:
            if block in tried:
                continue
            tried.add(block)
        fitted = fit_at(rows, block, long)
        if fitted is not None and total_height(rows, fitted, cells=cells) <= room:
            return fitted
    return None


def fit_at(rows: list[RowFit], block: float, long: float) -> list[Fitted] | None:
    """All rows at one candidate, or None where one needs too many lines."""
    fitted: list[Fitted] = []
    for row in rows:
        found = row.at(long if row.long else block)
        if found is None:
            return None
        fitted.append(found)
    return fitted


def total_height(rows: list[RowFit], fitted: list[Fitted], *, cells: bool) -> float:
    """Sum of the rows' heights in mm, without gaps."""
    return sum(map(cell_height if cells else RowFit.height, rows, fitted))


def cell_height(row: RowFit, fitted: Fitted) -> float:
    """Height of a grid cell's content: label and value are both centred in it."""
    return max(row.label_height, fitted.height(row.leading))
