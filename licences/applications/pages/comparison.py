"""Captured values beside their sources: what differs, and where in the text (M.7)."""

from dataclasses import dataclass

from licences import data_items, values
from licences.applications.prefilling import prefill
from licences.models import Application
from zezhou_portal.kernel.differences import Piece, differences
from zezhou_portal.parties.masking import mask_identity

SAME, DIFFERS, UNKNOWN = "same", "differs", "unknown"


@dataclass(frozen=True)
class ComparedItem:
    """One data item: what was captured, what the source says, and whether they agree."""

    key: str
    name: str
    captured: list[Piece]
    source: list[Piece]
    source_name: str
    verdict: str
    is_code: bool
    may_open: bool


def compare(application: Application, opened: dict[str, str] | None = None) -> list[ComparedItem]:
    """Every data item but photos, in the order of the form.

    The source is what the register says today (holder, business licence), else what stood there
    before the clerk changed it; what has neither is for the reviewer's eyes. Personal values
    are masked unless they stand in `opened`, by item key.
    """
    items = data_items.items_of(application.entry.items)
    known = prefill(items, application.holders)
    lines = []
    for item in items:
        if item.kind == "image":
            continue
        cell = application.values.get(item.key)
        captured = values.read(application.values, item.key)
        source, name = _source(known.get(item.key), cell)
        lines.append(_line(item, captured, source, name, (opened or {}).get(item.key)))
    return lines


def _source(known: dict[str, object] | None, cell: dict[str, object] | None) -> tuple[str, str]:
    if known is not None:
        return values.open_(known["value"]), str(known["source"])
    if cell is not None and "was" in cell:
        return values.open_(cell["was"]), str(cell.get("was_source", ""))
    return "", ""


def _line(
    item: data_items.DataItem, captured: str, source: str, name: str, opened: str | None
) -> ComparedItem:
    verdict = UNKNOWN if not name else SAME if captured == source else DIFFERS
    hidden = item.is_sensitive and opened is None
    if hidden:
        left, right = _plain(mask_identity(captured)), _plain(mask_identity(source))
    elif verdict == DIFFERS:
        left, right = differences(captured, source)
    else:
        left, right = _plain(captured), _plain(source)
    return ComparedItem(
        key=item.key,
        name=item.name,
        captured=left,
        source=right,
        source_name=name,
        verdict=verdict,
        is_code=item.kind in {"credit_code", "citizen_id", "identity_number"},
        may_open=hidden and bool(captured),
    )


def _plain(text: str) -> list[Piece]:
    return [Piece(text, is_marked=False)] if text else []
