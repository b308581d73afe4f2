"""Chinese setting: measuring, unbreakable pieces, line breaking and justified lines.

A text is measured once, in em; every size of the fitting then only compares numbers.
Rules: faces.md 5 (kinsoku, pieces, punctuation, Latin beside Han, justification).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from licences.production.face.fonts import face_font, paired
from licences.production.face.primitives import Run

NO_START = frozenset("、。，．：；？！）］｝」』】〉》〕”’％‰°℃…—·々,.:;?!)]}%")
NO_END = frozenset("（［｛「『【〈《〔“‘￥№([{")
# Marks whose ink fills one half of the em box; ！ and ？ stand in the middle and lose nothing.
_OPENING = frozenset("（［｛「『【〈《〔“‘")
_CLOSING = frozenset("、。，．：；）］｝」』】〉》〕”’")
_FULL = 0.9  # em; a mark narrower than this has no empty half to lose
_LATIN_GAP = 0.125
JUSTIFY_MOST = 0.12  # em a gap may be widened by
_SLACK = 1e-6  # em; sums of the same numbers in another order must not move a line

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IS_HAN = re.compile(f"[{_HAN}]")
_CODE = r"[A-Za-z0-9]+(?:[.,:/@_+&'#*=?\-]+[A-Za-z0-9]+)*"
_MEASURE = (
    "(?:万立方米|立方米|平方公里|平方米|公里|公顷|公斤|千克|毫米|厘米|毫升|万元|亿元|单元|号楼|"
    "小时|分钟|[%％‰℃°㎡㎥米亩元年月日号层楼室栋幢座户间人名个份吨克升度时分周天次条项期组页件台"
    "辆箱张把头只株级])"
)
_PIECES = re.compile(
    rf"(?<![^、\n，；])[{_HAN}]{{1,15}}(?:·[{_HAN}]{{1,15}})+(?![^、\n，；])"  # a name with dots
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日"
    rf"|第?(?=[A-Za-z.,:/@_+&'#*=?\-]*\d){_CODE}{_MEASURE}?"
    rf"|{_CODE}"
    r"|…+|—+"
    r"|.",
    re.DOTALL,
)


class MissingGlyph(ValueError):
    """A character that no font of the chain has."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


class Line(NamedTuple):
    """One set line: characters start to end, its natural width in em, whether it ends a
    paragraph, and whether it begins one."""

    start: int
    end: int
    width: float
    last: bool
    first: bool


class Cluster(NamedTuple):
    """Characters that stay on one line, and their width in em with what lies between them."""

    start: int
    end: int
    width: float


@dataclass(slots=True)
class Measured:
    """A text measured in em. kerns[i] is added between characters i and i+1 of one line;
    stretch[i] says that a justified line may widen that gap."""

    text: str
    font: str
    advances: list[float]
    kerns: list[float]
    stretch: list[bool]
    paragraphs: list[list[Cluster]]
    _natural: float | None = field(default=None)

    @property
    def natural(self) -> float:
        """Width of the widest paragraph set on one line, in em."""
        if self._natural is None:
            self._natural = max(
                (line.width for line in break_lines(self, float("inf"))), default=0.0
            )
        return self._natural


_categories: dict[str, str] = {}


def _category(character: str) -> str:
    """O opening mark, C closing mark, H Han, L Latin letter, - anything else."""
    known = _categories.get(character)
    if known is None:
        if character in _OPENING:
            known = "O"
        elif character in _CLOSING:
            known = "C"
        elif character.isascii():
            known = "L" if character.isalpha() else "-"
        else:
            known = "H" if _IS_HAN.match(character) else "-"
        _categories[character] = known
    return known


def measure(
    text: str, font: str, latin: str = "", *, track: float = 0.0, space: float | None = None
) -> Measured:
    """Measure a text; a line feed ends a paragraph.

    track: em added between characters; space: em width of ASCII spaces (groups of a code use
    half an em). Raises MissingGlyph where font and latin do not cover the text.
    """
    name = paired(font, latin)
    source = face_font(name)
    advances: list[float] = []
    for character in text:
        if character == "\n":
            advances.append(0.0)
            continue
        found = source.glyph(character)
        if found is None:
            raise MissingGlyph(character)
        advances.append(space if space is not None and character == " " else found[1])
    kerns = _kerns(text, advances, track)
    stretch, paragraphs = _clusters(text, advances, kerns)
    return Measured(text, name, advances, kerns, stretch, paragraphs)


def _kerns(text: str, advances: list[float], track: float) -> list[float]:
    kerns = [track] * len(text)
    before = ""
    for index, character in enumerate(text):
        now = _category(character)
        if index:
            pair = before + now
            if pair in ("LH", "HL"):
                kerns[index - 1] += _LATIN_GAP
            elif pair in ("CC", "CO"):
                if advances[index - 1] >= _FULL:
                    kerns[index - 1] -= 0.5
            elif pair == "OO" and advances[index] >= _FULL:
                kerns[index - 1] -= 0.5
        before = now
    return kerns


def _clusters(
    text: str, advances: list[float], kerns: list[float]
) -> tuple[list[bool], list[list[Cluster]]]:
    stretch = [True] * len(text)
    paragraphs: list[list[Cluster]] = [[]]
    current = paragraphs[0]
    glue = False
    for match in _PIECES.finditer(text):
        start, end = match.span()
        first = text[start]
        if first == "\n":
            current = []
            paragraphs.append(current)
            glue = False
            continue
        width = advances[start]
        if end - start > 1:
            for index in range(start + 1, end):
                width += kerns[index - 1] + advances[index]
                stretch[index - 1] = False
        if current and (glue or first in NO_START) and text[start - 1] != " ":
            held = current.pop()
            width += held.width + kerns[start - 1]
            start = held.start
        current.append(Cluster(start, end, width))
        glue = text[end - 1] in NO_END
    return stretch, paragraphs


def _trims(measured: Measured, start: int, end: int) -> tuple[float, float]:
    """Em lost at the start and at the end of a line by marks with an empty outer half."""
    text, advances = measured.text, measured.advances
    lead = 0.5 if text[start] in _OPENING and advances[start] >= _FULL else 0.0
    tail = 0.5 if text[end - 1] in _CLOSING and advances[end - 1] >= _FULL else 0.0
    return lead, tail


def break_lines(
    measured: Measured, width: float, *, indent: float = 0.0, most: int | None = None
) -> list[Line]:
    """Break a text into lines no wider than width (em); the first one is shortened by indent.

    Stops after `most` + 1 lines: the caller sees that there are too many.
    """
    return list(_lines(measured, width, indent, most))


def _lines(measured: Measured, width: float, indent: float, most: int | None) -> Iterator[Line]:
    count = 0
    room = width - indent
    for clusters in measured.paragraphs:
        for line in _paragraph_lines(measured, clusters, room, width):
            yield line
            count += 1
            room = width
            if most is not None and count > most:
                return


def _paragraph_lines(
    measured: Measured, clusters: list[Cluster], room: float, width: float
) -> Iterator[Line]:
    """Greedy lines of one paragraph; room is what the first line has."""
    text, kerns, advances = measured.text, measured.kerns, measured.advances
    start = end = -1
    used = 0.0
    first = True
    queue = clusters[::-1]
    while queue:
        cluster = queue.pop()
        blank = text[cluster.start] == " "
        if start < 0:
            if blank and not first:
                continue  # a space where a line was broken is not printed
            lead, tail = _trims(measured, cluster.start, cluster.end)
            if cluster.width - lead - tail > room + _SLACK and cluster.end - cluster.start > 1:
                cut = _cut(measured, cluster, room)
                queue.append(Cluster(cut, cluster.end, _width(measured, cut, cluster.end)))
                cluster = Cluster(cluster.start, cut, _width(measured, cluster.start, cut))
                lead = _trims(measured, cluster.start, cut)[0]
            start, end, used = cluster.start, cluster.end, cluster.width - lead
            continue
        wider = used + kerns[end - 1] + cluster.width
        closing = text[cluster.end - 1]
        tail = 0.5 if closing in _CLOSING and advances[cluster.end - 1] >= _FULL else 0.0
        if blank or wider - tail <= room + _SLACK:
            used, end = wider, cluster.end
            continue
        yield _finished(measured, start, end, used, last=False, first=first)
        first, room, start = False, width, -1
        queue.append(cluster)
    if start >= 0:
        yield _finished(measured, start, end, used, last=True, first=first)
    elif first:
        yield Line(0, 0, 0.0, last=True, first=True)


def _finished(
    measured: Measured, start: int, end: int, used: float, *, last: bool, first: bool
) -> Line:
    text = measured.text
    while not last and end > start + 1 and text[end - 1] == " ":
        used -= measured.advances[end - 1] + measured.kerns[end - 2]
        end -= 1
    return Line(start, end, used - _trims(measured, start, end)[1], last, first)


def _width(measured: Measured, start: int, end: int) -> float:
    return sum(measured.advances[start:end]) + sum(measured.kerns[start : end - 1])


def _cut(measured: Measured, cluster: Cluster, room: float) -> int:
    """Where a piece wider than the line is broken: at a dot of a name if one fits, else where
    the line is full, but never before a mark that may not begin a line."""
    lead = _trims(measured, cluster.start, cluster.end)[0]
    used = -lead
    best = dot = cluster.start + 1
    for index in range(cluster.start, cluster.end - 1):
        used += measured.advances[index]
        if used > room + _SLACK:
            break
        used += measured.kerns[index]
        if measured.text[index + 1] not in NO_START and measured.text[index] not in NO_END:
            best = index + 1
            if measured.text[index] in "·.":
                dot = index + 1
    return dot if dot > cluster.start + 1 else best


def set_line(
    measured: Measured,
    line: Line,
    size: float,
    x: float,
    baseline: float,
    ink: str,
    *,
    of: str = "",
    justify_to: float | None = None,
) -> list[Run]:
    """Set one line as a run from x (mm) on; an empty line has none.

    justify_to: mm the line is widened to, if no gap grows by more than 0.12 em for it.
    """
    start, end = line.start, line.end
    if end <= start:
        return []
    extra = _extra(measured, line, size, justify_to)
    kerns, stretch = measured.kerns, measured.stretch
    steps = [
        (advance + kern + (extra if extra and may_stretch else 0.0)) * size
        for advance, kern, may_stretch in zip(
            measured.advances[start:end], kerns[start:end], stretch[start:end], strict=True
        )
    ]
    steps[-1] = measured.advances[end - 1] * size
    x -= _trims(measured, start, end)[0] * size
    return [Run(measured.font, size, x, baseline, measured.text[start:end], tuple(steps), ink, of)]


def _extra(measured: Measured, line: Line, size: float, justify_to: float | None) -> float:
    if justify_to is None or line.last:
        return 0.0
    gaps = sum(measured.stretch[line.start : line.end - 1])
    missing = justify_to / size - line.width
    if gaps and 0 < missing <= gaps * JUSTIFY_MOST:
        return missing / gaps
    return 0.0
