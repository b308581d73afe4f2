"""Searching the trail and taking it away are acts of their own (M.25)."""

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Any

from audit.supervision.selectors import TrailQuery, records_found
from audit.supervision.wording import wording_of
from audit.trail.recording import acting
from audit.trail.selectors import Record
from audit.trail.vocabulary.reading import words_of_record
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault

MOST_DAYS = 366
MOST_ROWS = 10_000
_AT_ONCE = 500
CHANNELS = {"page": "页面", "api": "接口", "task": "系统自动", "command": "命令行"}
OUTCOMES = {"done": "已办", "refused": "被拒", "failed": "出错"}
_TRAIL = Subject("trail", "search", "操作记录")
_HEADINGS = (
    "序号", "时间", "行为", "依据", "结果", "原因", "办理人", "岗位", "单位", "途径", "对象",
    "对象标识", "内容", "记录编号", "摘要（SM3）",
)  # fmt: skip


def search(*, actor: Actor, query: TrailQuery) -> "Any":
    """The records found, as a set that is read page by page; the search is on the record.

    What was asked for is noted, but for a person's name: that stays a keyed digest.
    Raises RuleBroken for a period that is none or longer than a year. Article: M.25.
    """
    with acting(actor, Action.TRAIL_SEARCHED, _TRAIL) as act:
        permit(actor, Capability.SEARCH_TRAIL)
        _note(act, query)
        check_period(query)
    return records_found(query)


def export(*, actor: Actor, query: TrailQuery) -> Iterator[str]:
    """The records found as lines of CSV, the newest `MOST_ROWS` at most. Article: M.25."""
    with acting(actor, Action.LIST_EXPORTED, _TRAIL) as act:
        permit(actor, Capability.SEARCH_TRAIL)
        _note(act, query)
        check_period(query)
        act.note("rows", records_found(query).order_by()[:MOST_ROWS].count())
    return _lines(query)


def _lines(query: TrailQuery) -> Iterator[str]:
    yield "\ufeff" + _line(_HEADINGS)  # so that a spreadsheet reads it as UTF-8
    rows = records_found(query)[:MOST_ROWS].iterator(chunk_size=_AT_ONCE)
    while chunk := list(islice(rows, _AT_ONCE)):
        wording = wording_of(chunk)
        yield from (_record_line(row, "；".join(wording.facts(row))) for row in chunk)


def _record_line(row: Record, facts: str) -> str:
    return _line(
        (
            row.seq,
            row.at.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
            words_of_record(row.action, row.facts),
            row.article,
            OUTCOMES.get(row.outcome, row.outcome),
            row.reason,
            row.actor_name,
            row.actor_role,
            row.department_name,
            CHANNELS.get(row.channel, row.channel),
            row.subject_label,
            row.subject_key,
            facts,
            row.id,
            row.leaf,
        )
    )


def _line(cells: tuple[Any, ...]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow([_plain(str(cell)) for cell in cells])
    return buffer.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _note(act: Any, query: TrailQuery) -> None:
    act.note("first", query.first.isoformat())
    act.note("last", query.last.isoformat())
    for name in ("department", "action", "outcome"):
        if getattr(query, name):
            act.note(name, getattr(query, name))
    if query.about:
        act.note("about", query.about.key)
    for name in ("person", "subject"):
        if getattr(query, name):
            act.secret(name, getattr(query, name))


def check_period(query: TrailQuery) -> None:
    """Raises RuleBroken for a period that is none, or longer than a year."""
    if query.last < query.first:
        sentence = "止日早于起日"
        raise FormFault("M.25", f"{sentence}。请改正。", fields={"last": sentence})
    if (query.last - query.first).days > MOST_DAYS:
        sentence = "一次最多查一年，请分段查"
        raise FormFault("M.25", f"{sentence}。", fields={"first": sentence})
