"""What can become of a row, and what a sound one says."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NotRequired, TypedDict

from licences.stock.sheets.dates import say
from licences.stock.sheets.identities import HolderKind, Told
from zezhou_portal.regulation.errors import Fault

Outcome = Literal["convert", "not_in_force", "fault", "left_out", "no_data"]


class Values(TypedDict):
    """What a sound row says, ready for the register; `items` by the catalogue's item keys.

    `holder_…` is the holder, of several the first on the face.
    """

    items: dict[str, str]
    number: str
    document_name: str
    document_number: str
    decided_on: date
    valid_from: date
    valid_until: date | None  # None: without end
    holder_kind: HolderKind
    holder_name: str
    holder_id_type: str
    holder_id_number: str
    others: NotRequired[list[Told]]  # the holders after the first, in the face's order
    operator: NotRequired[Told]  # who does the business of the holder, a sole trader
    phone: NotRequired[str]  # only where the sheet has a column for it


@dataclass(frozen=True)
class Fate:
    """What becomes of one row, and why; `values` only where it is converted.

    `fault` is the kind of the first of `faults` (`RowFaultKind`), `reason` says all of them. A
    row that is `left_out` is hidden in the spreadsheet, one that is `no_data` is a total or a
    signature.
    """

    row: int
    outcome: Outcome
    fault: str | None = None
    reason: str = ""
    values: Values | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def field(self) -> str:
        """The column that the first fault lies in; empty where there is none."""
        return self.faults[0].field if self.faults else ""


def faulty(row: int, faults: tuple[Fault, ...]) -> Fate:
    """The fate of a row with faults: every one is said."""
    told = "；".join(fault.sentence for fault in faults)
    return Fate(row, "fault", faults[0].kind.value, f"第 {row} 行：{told}", faults=faults)


def why_not_in_force(valid_from: date, valid_until: date | None, on: date) -> str:
    """Why a licence of these dates is not in force on a day; nothing where it is. Article: M.10."""
    if valid_until is not None and valid_until < on:
        return f"有效期到{say(valid_until)}，已经届满，不转换"
    if valid_from > on:
        return f"有效期从{say(valid_from)}开始，还没有到，不转换"
    return ""
