"""A block of label and value rows that shares out its height (faces.md 3)."""

from dataclasses import dataclass, field, replace
from typing import Any

from licences.production.face.boxes import Box, longest_that, measured_or_refused, too_long
from licences.production.face.fitting import (
    SMALLEST,
    Fitted,
    RowFit,
    cell_height,
    fit_block,
    total_height,
)
from licences.production.face.fonts import ASCENT
from licences.production.face.inputs import CannotDraw, FaceInput, Faults
from licences.production.face.labels import Label, set_label
from licences.production.face.overflow import cut_text, share_with_annex
from licences.production.face.plan import Plan, Style
from licences.production.face.primitives import Rule, Run
from licences.production.face.setting import MissingGlyph, set_line
from licences.production.face.words import EMPTY, Words, missing_glyph
from zezhou_portal.regulation.errors import Fault, FaultKind

_ITEM_LINES, _LONG_LINES, _ITEM_FLOOR = 10, 60, 3.4
_GROW_SHARE = 0.4
_CODE_SPACE = 0.5  # em between the groups of a code


@dataclass(slots=True)
class Row:
    """One row on its way: what the layout says, the words, and how they fit."""

    spec: dict[str, Any]
    key: str
    name: str
    text: str
    style: Style
    label: Label
    fit: RowFit
    may_move: bool = False
    annexed: bool = False


@dataclass(slots=True)
class Block:
    """A placed block: runs and rules, and the rows whose whole text stands on the annex."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    annexed: list[Row] = field(default_factory=list)


def place_fields(
    plan: Plan, box: Box, words: Words, face_input: FaceInput, faults: Faults
) -> Block:
    """Place a `fields` box; what cannot be set is added to `faults`.

    Raises CannotDraw with every value that does not fit, even with an annex.
    """
    if "narrow" in box and words.images():
        x, y, width, height = box["at"]
        box = {**box, "at": [x, y, width - box["narrow"], height]}
    rows = _rows(plan, box, words, face_input, faults)
    if not rows:
        return Block()
    fitted = _fit(box, rows)
    block = Block(annexed=[row for row in rows if row.annexed])
    _place(plan, box, rows, fitted, block, justify=not face_input.is_preview)
    return block


def _specs(box: Box, words: Words, face_input: FaceInput) -> list[dict[str, Any]]:
    if box["rows"] != "items":
        return [*box["rows"], *box.get("then", [])]
    omitted = set(box.get("omit", ()))
    specs: list[dict[str, Any]] = []
    for item in face_input.items:
        if item.key in omitted or item.kind == "image":
            continue
        if not item.required and not words.text(item.key):
            continue
        spec: dict[str, Any] = {"label": item.name, "of": item.key, "lines": _ITEM_LINES}
        if item.kind == "long_text":
            spec |= {
                "lines": _LONG_LINES,
                "long": True,
                "floor": _ITEM_FLOOR,
                "overflow": "annex",
            }
        specs.append(spec)
    return [*specs, *box.get("then", [])]


def _rows(plan: Plan, box: Box, words: Words, face_input: FaceInput, faults: Faults) -> list[Row]:
    rows: list[Row] = []
    for spec in _specs(box, words, face_input):
        row: Row | None = None
        with faults:
            if "when" in spec and not words.text(spec["when"]):
                continue
            row = _row(plan, box, spec, words)
        # What cannot be set keeps its place, so that the rest is measured as it will stand.
        rows.append(row or _row(plan, box, spec, words, instead=EMPTY))
    return rows


def _row(plan: Plan, box: Box, spec: dict[str, Any], words: Words, *, instead: str = "") -> Row:
    """One row, measured; with other words in place of its value where `instead` is given."""
    pad = box.get("pad", 0.0) if box.get("look") == "grid" else 0.0
    width = box["at"][2] - box["label_width"] - box.get("gap", 0.0) - pad
    key = spec["of"]
    name = words.name(key)
    style = plan.styles[spec["style"] if "style" in spec else box["value_style"]]
    label = _label(plan, box, spec, words, pad)
    text = instead or words.text(
        key,
        form=spec.get("form", ""),
        join=spec.get("join", "、"),
        groups=spec.get("groups", ()),
    )
    text = text or spec.get("empty", EMPTY)
    space = _CODE_SPACE if "groups" in spec else None
    fit = RowFit(
        measured_or_refused(text, style, key, name, space=space),
        width,
        style.size,
        style.leading,
        max(spec.get("lines", 1), 1),
        long=spec.get("long", False),
        fixed=spec.get("fixed", False),
        floor=spec.get("floor", 0.0),
        label_height=label.height,
    )
    may_move = (words.overflow(key) or spec.get("overflow")) == "annex"
    return Row(spec, key, name, text, style, label, fit, may_move)


def _label(plan: Plan, box: Box, spec: dict[str, Any], words: Words, pad: float) -> Label:
    label_words = (words.text(spec["label_of"]) if "label_of" in spec else "") or spec["label"]
    try:
        return set_label(
            label_words,
            plan.styles[box["label_style"]],
            box["label_width"] - 2 * pad,
            spread=box.get("spread", True),
            align=box.get("label_align", "left"),
        )
    except MissingGlyph as missing:
        raise missing_glyph(spec["of"], label_words, missing.character) from None


def _gaps(box: Box, rows: list[Row]) -> int:
    return len(rows) - 1 if box.get("look", "open") == "open" else len(rows)


def _fit(box: Box, rows: list[Row]) -> list[Fitted]:
    """Fit the rows, moving long texts to the annex, longest first, until the rest fits."""
    cells = box.get("look") == "grid"
    gaps, least, height = _gaps(box, rows), box["between"][0], box["at"][3]
    fits = [row.fit for row in rows]
    fitted = fit_block(fits, height, least=least, gaps=gaps, cells=cells)
    if fitted is not None:
        return fitted
    for row in sorted((row for row in rows if row.may_move), key=lambda row: -len(row.text)):
        row.annexed = True
        shared = share_with_annex(
            fits, [r.annexed for r in rows], height - least * gaps, cells=cells
        )
        if shared is None:
            continue
        for index, (one, lines) in enumerate(zip(rows, shared.lines, strict=True)):
            if one.annexed:
                cut = cut_text(one.text, one.style, one.fit.width, shared.sizes[index], lines)
                one.fit = replace(one.fit, measured=cut, _known={}, lines=lines)
        return shared.fitted([row.fit for row in rows])
    for row in rows:
        row.annexed = False
    raise CannotDraw(*_overflows(box, rows, gaps, cells=cells))


def _overflows(box: Box, rows: list[Row], gaps: int, *, cells: bool) -> list[Fault]:
    """Every value too long for its own place, and those too long for all to stand together.

    Cut by what is told, the values fit.
    """
    height, least = box["at"][3], box["between"][0]
    moved = [row.may_move for row in rows]

    def stand_together(fits: list[RowFit]) -> bool:
        if fit_block(fits, height, least=least, gaps=gaps, cells=cells) is not None:
            return True
        room = height - least * gaps
        return any(moved) and share_with_annex(fits, moved, room, cells=cells) is not None

    fits, too_many = [row.fit for row in rows], {}
    for index, row in enumerate(rows):
        if not row.may_move and not _stands_alone(row.fit):
            kept = longest_that(
                lambda length, row=row: _stands_alone(_shortened(row, length)), len(row.text)
            )
            fits[index] = _shortened(row, kept)
            too_many[index] = len(row.text) - kept
    if not stand_together(fits):
        # A long text that may go to the annex is not what keeps the rest from fitting.
        short = {index for index, row in enumerate(rows) if not row.may_move} or set(
            range(len(rows))
        )

        def cut_to(length: int) -> list[RowFit]:
            return [
                _shortened(row, length)
                if index in short and len(fit.measured.text) > length
                else fit
                for index, (row, fit) in enumerate(zip(rows, fits, strict=True))
            ]

        longest = max(len(fits[index].measured.text) for index in short)
        kept = longest_that(lambda length: stand_together(cut_to(length)), longest)
        too_many |= {
            index: len(rows[index].text) - kept
            for index in short
            if len(fits[index].measured.text) > kept
        }
    return [
        Fault(rows[index].key, FaultKind.TOO_LONG, too_long(rows[index].name, excess))
        for index, excess in sorted(too_many.items())
    ]


def _stands_alone(fit: RowFit) -> bool:
    """Whether a value has no more lines than its row at the smallest size."""
    block, long = SMALLEST
    return fit.at(long if fit.long else block) is not None


def _shortened(row: Row, length: int) -> RowFit:
    shorter = measured_or_refused(row.text[:length] or EMPTY, row.style, row.key, row.name)
    return replace(row.fit, measured=shorter, _known={})


def _place(
    plan: Plan, box: Box, rows: list[Row], fitted: list[Fitted], block: Block, *, justify: bool
) -> None:
    look = box.get("look", "open")
    grid = look == "grid"
    pad = box.get("pad", 0.0) if grid else 0.0
    x, y, _, height = box["at"]
    fits = [row.fit for row in rows]
    gaps = _gaps(box, rows)
    least, most = box["between"]
    slack = height - total_height(fits, fitted, cells=grid) - least * gaps
    growing = next((i for i, row in enumerate(rows) if row.spec.get("grow")), None)
    shared = slack * (1 - _GROW_SHARE) if growing is not None else slack
    gap = min(most, least + shared / gaps) if gaps else 0.0
    rest = slack - (gap - least) * gaps
    top = y
    edges = [y]
    for index, (row, fit) in enumerate(zip(rows, fitted, strict=True)):
        if grid:
            inside = cell_height(row.fit, fit) + gap + (rest if index == growing else 0.0)
            middle = top + inside / 2
            label_top = middle - row.label.height / 2
            value_top = middle - fit.height(row.style.leading) / 2
        else:
            inside = row.fit.height(fit) + gap
            begin = top if look == "open" else top + gap / 2
            middle = begin + row.fit.top(fit)
            label_top = middle - row.label.height / 2
            value_top = middle - fit.size / 2
        block.runs += row.label.at(x + pad, label_top)
        block.runs += _value_runs(box, row, fit, value_top, justify=justify)
        top += inside
        if row.spec.get("line", True) or index == len(rows) - 1:
            edges.append(top)
    if look != "open":
        block.rules += _rules(plan, box, edges)


def _value_runs(box: Box, row: Row, fit: Fitted, top: float, *, justify: bool) -> list[Run]:
    x = box["at"][0] + box["label_width"] + box.get("gap", 0.0)
    runs: list[Run] = []
    for number, line in enumerate(fit.lines):
        baseline = top + fit.size * (ASCENT + number * row.style.leading)
        runs += set_line(
            row.fit.measured,
            line,
            fit.size,
            x,
            baseline,
            row.style.ink,
            of=row.key,
            justify_to=row.fit.width if justify else None,
        )
    return runs


def _rules(plan: Plan, box: Box, edges: list[float]) -> list[Rule]:
    x, _, width, _ = box["at"]
    ink = plan.inks["rule"]
    edge, line = box.get("edge", 0.35), box.get("line", 0.12)
    last = len(edges) - 1
    rules = [
        Rule(x, at, x + width, at, edge if number in (0, last) else line, ink)
        for number, at in enumerate(edges)
    ]
    if box.get("look") == "grid":
        top, bottom = edges[0], edges[-1]
        split = x + box["label_width"]
        rules += [
            Rule(at, top, at, bottom, edge if at != split else line, ink)
            for at in (x, split, x + width)
        ]
    return rules
