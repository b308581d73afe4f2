"""What the pages of permit sheets show, put in words and figures."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from licences.data_items import items_of
from licences.models import StockBatch, StockRow
from licences.register.pages.addresses import licence_address
from licences.roles import Part, role_of
from licences.stock.people import name_shown, opened, operator_of, people_of
from licences.stock.selectors import Progress, progress_of
from licences.stock.sheets.cells import RowFaultKind, plain_text
from licences.stock.sheets.reading import NotASheet, Sheet
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.holders.renaming import NameChange, name_changes
from zezhou_portal.parties.identity_numbers import read_identity
from zezhou_portal.parties.masking import mask_identity, mask_name
from zezhou_portal.parties.models import IdentityType

STEPS = ("选种类和文件", "对应各列", "逐行检查", "签批和转换", "结果")
OUTCOMES = {
    "convert": ("可转换", "yes", "s-in-force"),
    "not_in_force": ("已不在有效期", "old", "s-expired"),
    "fault": ("有问题", "no", "s-revoked"),
    "left_out": ("没有读", "old", "eye-off"),
}
_SHARE = 2000  # units of the drawn bar's width
_GAP = 8
_SAMPLES = 3
# citizen id numbers, and what has the shape of a passport or a permit to enter
_PERSONAL = re.compile(
    r"(?<!\w)(?:\d{17}[\dXx]|\d{15}|[EGPSDegpsd][A-Za-z]?\d{7,8}|[HMhm](?:\d{8}|\d{10}))(?!\w)"
)
_TERM = frozenset({"valid_from", "valid_until"})  # what a column for the whole term fills


@dataclass(frozen=True)
class Share:
    """One part of the bar above the figures, in units of the drawing."""

    css: str
    x: int
    width: int


@dataclass(frozen=True)
class Cell:
    """A cell as the table shows it, and whether the row's fault lies in it."""

    text: str
    is_bad: bool


@dataclass(frozen=True)
class ShownRow:
    """A row of the sheet as the table shows it."""

    row: StockRow
    words: str
    css: str
    icon: str
    name: Cell
    number: Cell
    valid_from: Cell
    valid_until: Cell
    reasons: list[str]
    url: str
    renamed: NameChange | None = None


def steps_of(state: str, *, is_finished: bool = False) -> list[dict[str, Any]]:
    """The five steps, and on which one the sheet stands."""
    at = {"": 0, "READ": 1, "CHECKED": 2, "SUBMITTED": 3, "SIGNED_OFF": 3, "DROPPED": -1}
    here = at.get(state, len(STEPS) if is_finished else 3)
    return [
        {"name": name, "done": place < here, "current": place == here}
        for place, name in enumerate(STEPS)
    ]


def shares_of(batch: StockBatch) -> list[Share]:
    """The bar of the three fates; a fate that occurs is never too thin to be seen."""
    counts = [
        ("yes", batch.rows_convert),
        ("old", batch.rows_not_in_force),
        ("no", batch.rows_fault),
    ]
    present = [(css, count) for css, count in counts if count]
    room = _SHARE - _GAP * max(len(present) - 1, 0)
    found, x = [], 0
    for place, (css, count) in enumerate(present):
        width = max(room * count // max(batch.rows_total, 1), 12)
        if place == len(present) - 1:
            width = max(_SHARE - x, 12)
        found.append(Share(css, x, width))
        x += width + _GAP
    return found


def renamed_in(actor: Actor, rows: Sequence[StockRow]) -> dict[int, NameChange]:
    """Of sound rows those whose credit code the portal knows under another name, by row id."""
    met: dict[str, tuple[int, str]] = {}
    for row in rows:
        values: Mapping[str, Any] = row.values or {}
        if row.outcome == "convert" and values.get("holder_id_type") == "001":
            met[opened(values["holder_id_number"])] = (row.pk, values["holder_name"])
    changes = name_changes(actor, {code: name for code, (_, name) in met.items()})
    return {met[code][0]: change for code, change in changes.items()}


def shown_row(row: StockRow, renamed: NameChange | None = None) -> ShownRow:
    """A row with its fate in words, the cells at fault marked.

    Sound rows as they were understood, others as the file writes them.
    """
    words, css, icon = OUTCOMES[row.outcome]
    values: Mapping[str, Any] = row.values or {}
    licence = row.licence
    bad = _bad_cells(row)
    number: Any
    start: Any
    end: Any
    if licence is not None:
        number, start, end = licence.number, licence.valid_from, licence.valid_until
    else:
        number, start, end = (values.get(key) for key in ("number", "valid_from", "valid_until"))
    if end is None and row.outcome == "convert":
        end = "长期"
    return ShownRow(
        row=row,
        words="已入库" if licence else words,
        css=css,
        icon=icon,
        name=Cell(row.label, "holder_name" in bad),
        number=Cell(str(number or ""), "number" in bad),
        valid_from=Cell(str(start or ""), "valid_from" in bad),
        valid_until=Cell(str(end or ""), "valid_until" in bad),
        reasons=[fault["sentence"] for fault in row.faults]
        or [row.reason.removeprefix(f"第 {row.row_number} 行：")],
        url=licence_address(licence) if licence else "",
        renamed=renamed,
    )


def _bad_cells(row: StockRow) -> frozenset[str]:
    """The fields that the row's faults lie in; a fault of the whole term in both its days."""
    fields = {fault["field"] for fault in row.faults}
    is_of_both = "term" in fields or row.fault == RowFaultKind.REVERSED_DATES.value
    return frozenset(fields | _TERM if is_of_both else fields)


def spot_of(row: StockRow, batch: StockBatch) -> dict[str, Any]:
    """A sound row to look at before the sheet is handed on: personal values masked (M.26)."""
    values: Mapping[str, Any] = row.values or {}
    items = {item.key: item for item in items_of(batch.entry.items)}
    operator = operator_of(values)
    people = people_of(values)
    facts = [
        ("许可编号", values["number"]),
        ("持证主体", "、".join(name_shown(one) for one in people)),
        ("证件号码", "、".join(mask_identity(one.id_number) for one in people)),
        ("经营者", name_shown(operator) if operator else ""),
        ("颁发日期", values["decided_on"]),
        ("有效期", f"{values['valid_from']} 至 {values['valid_until'] or '长期'}"),
        ("决定文书号", values["document_number"]),
    ]
    names = [one.name for one in people]
    for key, value in values["items"].items():
        item, text = items[key], opened(value)
        part = role_of(item).part
        if part is Part.NUMBER or not text or text in (*names, "、".join(names)):
            continue
        if part is Part.NAME:
            text = mask_name(text)  # of a holder who stands there without a number
        facts.append((item.name, mask_identity(text) if item.is_sensitive else text))
    return {
        "row": row.row_number,
        "facts": [(word, text) for word, text in facts if text],
        "face": reverse("licences:stock-face", args=[batch.uuid, row.row_number]),
    }


def samples_of(sheet: Sheet) -> list[list[str]]:
    """For each column up to three cells of the first rows; numbers of people masked."""
    found: list[list[str]] = [[] for _ in sheet.headings]
    try:
        rows = list(islice(sheet.rows(), _SAMPLES))
    except NotASheet:  # the check that follows says it at length
        rows = []
    for _, cells in rows:
        for place, samples in enumerate(found):
            text = plain_text(cells[place]) if place < len(cells) else ""
            if text:
                samples.append(_hidden(text)[:40])
    return found


def _hidden(text: str) -> str:
    """A cell of the file as the page shows it: the numbers of people masked (M.26)."""
    read = read_identity(text)
    if read.type and read.number and read.type != IdentityType.CREDIT_CODE:
        return mask_identity(str(read))
    return _PERSONAL.sub(lambda hit: mask_identity(hit[0]), text)


def progress_context(request: HttpRequest, batch: StockBatch) -> dict[str, Any]:
    """What `components/_progress.html` takes.

    The rate is that since the page was opened: the first figure and its time travel in the
    address that is asked every two seconds, so nothing has to be kept for it.
    """
    reached = progress_of(batch)
    now = int(clock.now().timestamp())
    first, since = _whole(request, "from", reached.sealed), _whole(request, "at", now)
    here = reverse("licences:stock-sheet", args=[batch.uuid])
    goes_on = not reached.is_finished and not batch.is_stopped
    poll = reverse("licences:stock-progress", args=[batch.uuid]) + f"?from={first}&at={since}"
    return {
        "title": "转换进度",
        "reached": reached,
        "done": reached.sealed,
        "total": reached.total,
        "what": "份已签章生效",
        "rest": "已暂停" if batch.is_stopped else rest_of(reached, first, now - since),
        "note": _note(batch, reached),
        "references": "M.10",
        "poll": poll if goes_on else "",
        "refresh": here,
    }


def rest_of(reached: Progress, first: int, seconds: int) -> str:
    """How long it will take yet and how fast it goes; nothing before that can be known."""
    gained = reached.sealed - first
    if reached.is_finished or gained <= 0 or seconds <= 0:
        return ""
    left = round((reached.total - reached.sealed) * seconds / gained)
    rate = gained / seconds
    speed = f"每秒约 {rate:.0f} 份" if rate >= 1 else f"每分钟约 {rate * 60:.0f} 份"
    if left < 60:
        return f"约 {max(left, 1)} 秒后完成　{speed}"
    return f"约 {-(-left // 60)} 分钟后完成　{speed}"


def _note(batch: StockBatch, reached: Progress) -> str:
    if reached.trouble:
        return f"已入库 {reached.entered:,} 份。{reached.trouble}"
    if batch.is_stopped:
        return f"已入库 {reached.entered:,} 份，暂停在这里。继续以后从断点接着转换。"
    return (
        f"已入库 {reached.entered:,} 份。可以关闭页面，转换照常进行；"
        "断电、重启后从断点继续，每行只会转换一次。"
    )


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default
