"""Long texts that the front page cannot hold: how much stays there, and where it is cut."""

from dataclasses import dataclass

from licences.production.face.fitting import Fitted, RowFit, cell_height
from licences.production.face.plan import Style, measure_in
from licences.production.face.setting import Measured, break_lines

SEE_ANNEX = "……（全文见附页）"
_BLOCKS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_LONG_LEAST = 0.66
_LINES_LEAST = (3, 1)  # a cut text keeps three lines if names need not shrink away for it


@dataclass(frozen=True, slots=True)
class Shared:
    """How a block is shared when some of its rows are cut: factor of the other rows, and per
    row the size (mm) and the number of lines it has."""

    block: float
    sizes: list[float]
    lines: list[int]

    def fitted(self, rows: list[RowFit]) -> list[Fitted]:
        """The rows, the cut ones by now holding their shortened text."""
        found = []
        for row, size in zip(rows, self.sizes, strict=True):
            if size:
                found.append(Fitted(size, tuple(break_lines(row.measured, row.width / size))))
            else:
                one = row.at(_LONG_LEAST if row.long else self.block)
                if one is None:  # the sharing has just fitted it
                    raise AssertionError("a row that fitted no longer fits")
                found.append(one)
        return found


def share_with_annex(
    rows: list[RowFit], cut: list[bool], room: float, *, cells: bool
) -> Shared | None:
    """Share `room` (mm, gaps taken off) between whole rows and cut ones, names as large as
    possible. None where the whole rows alone leave too little."""
    height = cell_height if cells else RowFit.height
    for block, least in [(block, least) for least in _LINES_LEAST for block in _BLOCKS]:
        left = room
        possible = True
        for row, is_cut in zip(rows, cut, strict=True):
            if is_cut:
                continue
            fitted = row.at(_LONG_LEAST if row.long else block)
            if fitted is None:
                possible = False
                break
            left -= height(row, fitted)
        if not possible:
            continue
        share = left / sum(cut)
        sizes = [
            max(row.floor, row.size * _LONG_LEAST) if is_cut else 0.0
            for row, is_cut in zip(rows, cut, strict=True)
        ]
        lines = [
            _lines_in(row, size, share, cells=cells) if is_cut else 0
            for row, is_cut, size in zip(rows, cut, sizes, strict=True)
        ]
        if all(count >= least for count, is_cut in zip(lines, cut, strict=True) if is_cut):
            return Shared(block, sizes, lines)
    return None


def _lines_in(row: RowFit, size: float, share: float, *, cells: bool) -> int:
    """Lines of a size that fit into a share of the height, at most the row's own limit."""
    first = size / 2 if cells else max(row.label_height, size) / 2
    below = share - first - size / 2
    return min(row.lines, int(below / (size * row.leading) + 1e-6) + 1) if below >= 0 else 0


def cut_text(text: str, style: Style, width: float, size: float, lines: int) -> Measured:
    """Shorten a text to some lines: behind ； or 。 (else behind ， or 、, else anywhere), ending
    in ……（全文见附页）. Sizes in mm."""
    broken = break_lines(measure_in(text, style), width / size, most=lines)
    most = broken[min(lines, len(broken)) - 1].end
    for stops in ("；。\n", "，、", ""):
        for cut in range(most, 0, -1):
            if stops and text[cut - 1] not in stops:
                continue
            shortened = measure_in(text[:cut].rstrip() + SEE_ANNEX, style)
            if len(break_lines(shortened, width / size, most=lines)) <= lines:
                return shortened
    return measure_in(SEE_ANNEX, style)
