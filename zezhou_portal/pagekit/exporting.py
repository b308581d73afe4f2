"""Taking a list away: one act for every list that can be exported (M.25)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.workbooks import text_workbook
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.regulation.limits import LIST_EXPORT_ROWS

_WIDTH = 20
# Rows are made ready for the page so many at a time: what they need is asked once for all of them.
_RUN = 500


@dataclass(frozen=True)
class Export:
    """What is taken away: a list, what narrows it, and how a row becomes cells.

    `filters` are words for the trail; `search` is what was typed, kept there as a digest.
    `capabilities` are those of which any one opens the list's page.
    """

    key: str
    title: str
    capabilities: Sequence[str]
    headings: Sequence[str]
    cells: Callable[[Any], Sequence[Any]]
    present: Callable[[Sequence[Any]], Sequence[Any]]
    filters: Sequence[str] = ()
    search: str = ""


def export_list(*, actor: Actor, export: Export, rows: "QuerySet[Any]") -> bytes:
    """An XLSX of all rows that a list shows, in its order, with the cells that its page shows.

    On the trail stand the list, how many rows and what narrowed them. Raises NotPermitted for
    whoever may not open the list, RuleBroken for an empty list and for one longer than may be
    taken away at once. Article: M.25.
    """
    subject = Subject("list", export.key, export.title)
    with acting(actor, Action.LIST_EXPORTED, subject) as act:
        if not any(actor.has(code) for code in export.capabilities):
            raise NotPermitted("", "您现在的岗位看不了这份清单，请交给有这个岗位的同事。")
        act.note("filters", list(export.filters))
        act.secret("search", export.search)
        fetched = list(rows[: LIST_EXPORT_ROWS + 1])
        if not fetched:
            raise RuleBroken("M.25", "没有符合这些条件的内容，不用导出。")
        if len(fetched) > LIST_EXPORT_ROWS:
            most = f"{LIST_EXPORT_ROWS:,}"
            raise RuleBroken("M.25", f"一次最多导出 {most} 条。请加上条件，分几次导出。")
        act.note("rows", len(fetched))
        return text_workbook(
            export.title, export.headings, _cells(export, fetched), widths=[_WIDTH]
        )


def _cells(export: Export, fetched: Sequence[Any]) -> Iterator[list[str]]:
    for start in range(0, len(fetched), _RUN):
        for row in export.present(fetched[start : start + _RUN]):
            yield [_text(value) for value in export.cells(row)]


def _text(value: Any) -> str:
    """A cell: moments and days as a person writes them, in Beijing."""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
