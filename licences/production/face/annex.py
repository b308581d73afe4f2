"""附页: the pages on which a long text stands whole (faces.md 3)."""

from dataclasses import dataclass, replace
from typing import Any

from licences.production.face.blocks import Row
from licences.production.face.boxes import set_box, too_long
from licences.production.face.fonts import ASCENT
from licences.production.face.inputs import cannot_draw
from licences.production.face.plan import Plan, Style, measure_in
from licences.production.face.primitives import Run
from licences.production.face.setting import Measured, break_lines, set_line
from zezhou_portal.regulation.errors import FaultKind

_TITLE_SHARE = 0.62
_SIZES = (0.9, 0.85, 0.8, 0.75, 0.7)
_MOST_PAGES = 6
_CLEAR = 4.0  # mm kept free round the seal and above the foot rule
_AFTER_PARAGRAPH = 1.0  # em between two texts
_NUMERALS = "一二三四五六"


@dataclass(frozen=True, slots=True)
class _Region:
    x: float
    y: float
    width: float
    bottom: float


def annex_pages(plan: Plan, rows: list[Row], *, justify: bool) -> list[list[Run]]:
    """Set the whole texts on as few pages as the sizes allow; one list of runs a page.

    Raises CannotDraw when even six pages at the smallest size are not enough.
    """
    regions = _regions(plan)
    style = rows[0].style
    texts = [(row.name, row.text, row.key) for row in rows]
    label = _label_style(plan)
    pages: list[list[Run]] = []
    for share in _SIZES:
        flow = _Flow(regions, style, label, style.size * share, justify=justify)
        for name, text, key in texts:
            flow.add(name, text, key)
        pages = flow.pages
        if len(pages) == 1:
            return pages
    if len(pages) > _MOST_PAGES:
        longest = max(rows, key=lambda row: len(row.text))
        held = int(len(longest.text) * _MOST_PAGES / len(pages))
        excess = len(longest.text) - held
        raise cannot_draw(longest.key, FaultKind.TOO_LONG, too_long(longest.name, excess))
    return pages


def annex_title(plan: Plan, title: str, page: int, pages: int) -> list[Run]:
    """The heading of annex page `page` (from 0) of `pages`."""
    words = f"{title}附页" if pages == 1 else f"{title}附页（{_NUMERALS[page]}）"
    box: dict[str, Any] = {**_title_box(plan), "lines": 1, "floor": 4.0}
    style = plan.styles[box["style"]]
    smaller = replace(style, size=style.size * _TITLE_SHARE)
    return set_box(
        box, words, smaller, of="kind_name", name="证照名称", ink=style.ink, justify=False
    )


def annex_number(plan: Plan, number: str) -> list[Run]:
    """The licence's number under the heading."""
    if not number:
        return []
    x, y, width, height = _title_box(plan)["at"]
    style = replace(_label_style(plan), ink=plan.inks["ink"], track=0.0)
    box = {"at": [x, y + height + 1, width, style.size + 1], "align": "center"}
    return set_box(
        box, f"编号  {number}", style, of="number", name="证照编号", ink=style.ink, justify=False
    )


def _title_box(plan: Plan) -> dict[str, Any]:
    for box in plan.boxes("text", "value"):
        if box["style"] == "title":
            return box
    raise cannot_draw(
        "kind_name", FaultKind.CONTRADICTS, "照面模板没有标题，不能生成附页；请修改照面模板。"
    )


def _label_style(plan: Plan) -> Style:
    return plan.styles[plan.boxes("fields")[0]["label_style"]]


def _regions(plan: Plan) -> list[_Region]:
    """Where the text may stand: over the whole width above the seal, then beside it."""
    fields = [box["at"] for box in plan.boxes("fields")]
    left = min(at[0] for at in fields)
    right = max(at[0] + at[2] for at in fields)
    top = min(at[1] for at in fields)
    bottom = max(box["at"][1] for box in plan.boxes("rule") if box["at"][3] == 0) - _CLEAR
    if plan.seal is None:
        return [_Region(left, top, right - left, bottom)]
    over = {"issuer", "issued_on"}
    for box in plan.boxes("seal"):
        over.update(box["over"])
    beside = min(
        [plan.seal.x - plan.seal.diameter / 2]
        + [box["at"][0] for box in plan.boxes("value") if box.get("of") in over]
    )
    above = _Region(left, top, right - left, plan.seal.y - plan.seal.diameter / 2 - _CLEAR)
    narrow = beside - _CLEAR - left
    if narrow < (right - left) / 2:
        return [above]
    return [above, _Region(left, above.bottom, narrow, bottom)]


class _Flow:
    """Lines flowing through the regions of page after page."""

    def __init__(
        self, regions: list[_Region], style: Style, label: Style, size: float, *, justify: bool
    ) -> None:
        self._regions, self._style, self._label, self._size = regions, style, label, size
        self._justify = justify
        self._step = size * style.leading
        self.pages: list[list[Run]] = [[]]
        self._region = 0
        self._y = regions[0].y

    def add(self, name: str, text: str, key: str) -> None:
        """Set a heading and the whole text behind it."""
        if self.pages[-1]:
            self._y += self._size * _AFTER_PARAGRAPH
        heading = measure_in(name, self._label)
        self._room(2)
        region = self._regions[self._region]
        line = break_lines(heading, region.width / self._label.size)[0]
        baseline = self._y + self._label.size * ASCENT
        self.pages[-1] += set_line(
            heading, line, self._label.size, region.x, baseline, self._label.ink
        )
        self._y += self._label.size * 1.6
        for paragraph in text.split("\n"):
            self._paragraph(paragraph, key)

    def _paragraph(self, text: str, key: str) -> None:
        while text:
            self._room(1)
            region = self._regions[self._region]
            space = region.bottom - self._y - self._size
            lines = int(space / self._step + 1e-6) + 1
            measured = measure_in(text, self._style)
            broken = break_lines(measured, region.width / self._size, most=lines)
            taken = broken[:lines]
            self._set(measured, taken, region, key)
            if len(broken) <= lines:
                return
            text = text[broken[lines].start :]

    def _set(self, measured: Measured, lines: list[Any], region: _Region, key: str) -> None:
        for line in lines:
            self.pages[-1] += set_line(
                measured,
                line,
                self._size,
                region.x,
                self._y + self._size * ASCENT,
                self._style.ink,
                of=key,
                justify_to=region.width if self._justify else None,
            )
            self._y += self._step

    def _room(self, lines: int) -> None:
        """Go to the next region or page when this one has no room for some lines."""
        while self._y + self._size + (lines - 1) * self._step > self._regions[self._region].bottom:
            self._region += 1
            if self._region == len(self._regions):
                self._region = 0
                self.pages.append([])
                self._y = self._regions[0].y
            else:
                self._y = max(self._y, self._regions[self._region].y)
