"""A list page: rows that an actor may see, filtered, sorted, paged, and taken away as XLSX.

A page says what it lists; the kit does the rest (`docs/pages.md`, decision 0023):

    class Messages(ExportedListPage[Outbound]):
        capability = Capability.WATCH_EXCHANGE
        template_name = "exchange/messages.html"      # extends kit/list.html, gives the rows
        title = "与市平台往来"
        filter_class = MessageFilter
        columns = (Column("证照", cell=...), Column("生成", sort="posted_at", falls=True, cell=...))
        order = ("-posted_at", "-id")

        def rows(self):
            return selectors.visible_to(self.actor)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.workbooks import XLSX
from zezhou_portal.pagekit.exporting import Export, export_list
from zezhou_portal.pagekit.filters import ListFilter
from zezhou_portal.pagekit.paging import Page, Row, count_with, page_of
from zezhou_portal.pagekit.responses import attachment
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import LIST_EXPORT_ROWS


@dataclass(frozen=True)
class Column:
    """A column of the table.

    `sort` names a column of the rows without nulls (`rows()` may annotate one); with `falls` the
    first press sorts the largest or latest to the top. `cell` gives what an export writes, of a
    row as `present` gives it; a column without it is not exported.
    """

    heading: str
    sort: str = ""
    falls: bool = False
    css: str = ""
    cell: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Empty:
    """What stands where a table would be: the fact, when something will appear, a way on."""

    fact: str
    when: str = ""
    icon: str = "inbox"
    link: str | Promise = ""
    link_words: str = ""


@dataclass(frozen=True)
class Head:
    """A column's heading as the page shows it."""

    heading: str
    css: str
    url: str
    sorted: str


@dataclass(frozen=True)
class Chip:
    """An active filter in words, and the address of the list without it."""

    words: str
    url: str


@dataclass(frozen=True)
class Listing:
    """What `kit/list.html` draws around the rows."""

    title: str
    unit: str
    page: Page[Any]
    caption: str
    heads: Sequence[Head]
    form: Form | None
    chips: Sequence[Chip]
    kept: Mapping[str, str]
    query: str
    total: int | None
    empty: Empty
    is_wrong: bool
    may_export: bool = False
    most: int = LIST_EXPORT_ROWS

    @property
    def sorts(self) -> list[Head]:
        """The headings that sort."""
        return [head for head in self.heads if head.url]


class ListPage(PortalView, Generic[Row]):
    """A page of rows; see the module. Templates get `listing`, `page` and `rows`."""

    template_name = "kit/list.html"
    # The frame that kit/list.html is put into, and what its filter bar calls the button.
    frame: ClassVar[str] = "shell/staff.html"
    title: ClassVar[str] = ""
    filter_class: ClassVar[type[ListFilter] | None] = None
    columns: ClassVar[tuple[Column, ...]] = ()
    # Columns without nulls, a minus for descending; the last one is unique. What it means in words.
    order: ClassVar[tuple[str, ...]]
    order_words: ClassVar[str] = "新的在前"
    size: ClassVar[int] = 20
    unit: ClassVar[str] = "条"
    # Whether counting the rows is one cheap query; if not, the page says only where one is.
    counts: ClassVar[bool] = False
    # Other parameters of the address that every link of the list keeps.
    kept: ClassVar[tuple[str, ...]] = ()
    nothing: ClassVar[Empty] = Empty("这里还没有内容")
    no_match: ClassVar[Empty] = Empty("没有符合这些条件的内容", "试试减少条件。", "search")

    def rows(self) -> "QuerySet[Row]":
        """The rows that the actor may see, before any filter."""
        raise NotImplementedError

    def present(self, rows: Sequence[Row]) -> Sequence[Any]:
        """What the template and the export show of rows; asks the database once for all."""
        return rows

    def context(self) -> dict[str, Any]:
        """What the template needs beside `listing`, `page` and `rows`."""
        return {}

    def empty(self, *, is_narrowed: bool) -> Empty:
        """What stands in place of the table."""
        return self.no_match if is_narrowed else self.nothing

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page; status 422 and no rows where a filter says something that cannot be."""
        rows = self.filtered()
        page: Page[Row] = Page((), "", "", self.size)
        if not self.is_wrong:
            token = request.GET.get("page", "")
            page = self.page_at(rows, token)
        context = {
            "frame": self.frame,
            "listing": self._listing(rows, page),
            "page": page,
            "rows": self.present(page.rows),
            **self.context(),
        }
        return self.render(context, status=422 if self.is_wrong else 200)

    def page_at(self, rows: "QuerySet[Row]", token: str) -> Page[Row]:
        """The page of the rows that a token points at."""
        return page_of(rows, order=self.sorting(), token=token, size=self.size)

    def filtered(self) -> "QuerySet[Row]":
        """The rows that the filters of the address leave; all of them where one is wrong."""
        self.filters: ListFilter | None = None
        rows = self.rows()
        if self.filter_class is None:
            return rows
        self.filters = self.filter_class(self.request.GET, queryset=rows, actor=self.actor)
        return rows if self.is_wrong else self.filters.qs

    @property
    def is_wrong(self) -> bool:
        """Whether a filter of the address says something that cannot be."""
        return self.filters is not None and not self.filters.is_valid()

    def sorting(self) -> tuple[str, ...]:
        """The order of the rows: what the address asks for, else the page's own.

        Rows that are equal there stand as the unique column says, in the same direction.
        """
        asked = self._asked_sort()
        if not asked:
            return self.order
        unique = self.order[-1].removeprefix("-")
        return asked, f"-{unique}" if asked.startswith("-") else unique

    def _asked_sort(self) -> str:
        asked = self.request.GET.get("sort", "")
        known = {one.sort for one in self.columns if one.sort}
        return asked if asked.removeprefix("-") in known else ""

    def _listing(self, rows: "QuerySet[Row]", page: Page[Row]) -> Listing:
        chosen = self.filters.chosen() if self.filters else []
        total, place = self._place(rows, page)
        return Listing(
            title=self.title,
            unit=self.unit,
            page=page,
            caption=f"{self._order_words()}，{place}",
            heads=[self._head(column) for column in self.columns],
            form=self.filters.form if self.filters else None,
            chips=[
                Chip(narrowing.words(value), f"?{self._query(without=name)}")
                for name, narrowing, value in chosen
            ],
            kept={
                name: value
                for name, value in self._kept().items()
                if self.filters is None or name not in self.filters.filters
            },
            query=f"{query}&" if (query := self._query()) else "",
            total=total,
            empty=self._empty(is_narrowed=bool(chosen), page=page),
            is_wrong=self.is_wrong,
        )

    def _place(self, rows: "QuerySet[Row]", page: Page[Row]) -> tuple[int | None, str]:
        """The total where it is known, and where on the list the page stands, in words."""
        total = len(page.rows) if page.is_whole else None
        first = page.first
        if total is None and self.counts:
            total, before = count_with(rows, order=self.sorting(), page=page)
            first = before + 1
        words = f"第 {first:,}–{first + len(page.rows) - 1:,} {self.unit}"
        if page.is_whole:
            return total, f"共 {total:,} {self.unit}"
        return total, words if total is None else f"{words}，共 {total:,} {self.unit}"

    def _order_words(self) -> str:
        asked = self._asked_sort()
        column = next((one for one in self.columns if one.sort == asked.lstrip("-")), None)
        if not asked or column is None:
            return self.order_words
        return f"按{column.heading}{'倒序' if asked.startswith('-') else '顺序'}"

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column.heading, column.css, "", "")
        now = self.sorting()[0]
        is_sorted = now.removeprefix("-") == column.sort
        falls = not now.startswith("-") if is_sorted else column.falls
        asked = f"-{column.sort}" if falls else column.sort
        state = ("descending" if now.startswith("-") else "ascending") if is_sorted else ""
        return Head(column.heading, column.css, f"?{self._query(sort=asked)}", state)

    def _kept(self) -> dict[str, str]:
        """What of the address the links of the list keep: never the page."""
        names = [*(self.filters.filters if self.filters else ()), *self.kept]
        asked = {name: self.request.GET.get(name, "") for name in names}
        asked["sort"] = self._asked_sort()
        return {name: value for name, value in asked.items() if value}

    def _query(self, *, without: str = "", sort: str = "") -> str:
        kept = {**self._kept(), **({"sort": sort} if sort else {})}
        return urlencode({name: value for name, value in kept.items() if name != without})

    def _empty(self, *, is_narrowed: bool, page: Page[Row]) -> Empty:
        if not page.rows and self.request.GET.get("page") and not self.is_wrong:
            return Empty("后面没有了", "", self.nothing.icon, f"?{self._query()}", "回到第一页")
        return self.empty(is_narrowed=is_narrowed)


class ExportedListPage(ListPage[Row]):
    """A list page that can be taken away: POST gives all that the filter shows as XLSX."""

    action = Action.LIST_EXPORTED

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The workbook; back to the list with the reason where it may not be taken away."""
        rows = self.filtered()
        if self.is_wrong:
            return self.get(request, *args, **kwargs)
        try:
            data = export_list(
                actor=self.actor, export=self._export(), rows=rows.order_by(*self.sorting())
            )
        except RuleBroken as refusal:
            messages.error(request, f"{refusal.reason}\n没有导出。")
            return HttpResponseRedirect(f"{request.path}?{self._query()}")
        return attachment(data, f"{self.title}_{clock.today():%Y%m%d}.xlsx", XLSX)

    def _listing(self, rows: "QuerySet[Row]", page: Page[Row]) -> Listing:
        listing = super()._listing(rows, page)
        return replace(listing, may_export=bool(page.rows))

    def _export(self) -> Export:
        columns = [column for column in self.columns if column.cell]
        chosen = self.filters.chosen() if self.filters else []
        return Export(
            key=self.request.resolver_match.view_name if self.request.resolver_match else "",
            title=self.title,
            capabilities=self.any_of(),
            headings=[column.heading for column in columns],
            cells=lambda row: [column.cell(row) for column in columns if column.cell],
            present=self.present,
            filters=[
                f"{narrowing.label}：{narrowing.words(value)}"
                for _, narrowing, value in chosen
                if not narrowing.is_personal
            ],
            search="".join(str(value) for _, narrowing, value in chosen if narrowing.is_personal),
        )
