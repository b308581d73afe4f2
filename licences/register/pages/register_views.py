"""The register as its own department reads it, and as supervision may see it (M.5, M.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from audit.trail.selectors import NEWEST_FIRST as TRAIL_ORDER
from audit.trail.selectors import Record
from audit.trail.selectors import of_subject as records_of
from licences.lifecycle import LICENCE
from licences.models import Licence
from licences.register import search as registered
from licences.register.consulting import consult_trail
from licences.register.pages.marks import Chip, chips_of, shown_state
from zezhou_portal.kernel.names import normalise_name
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage, ListPage
from zezhou_portal.pagekit.timeline import timeline
from zezhou_portal.parties.capabilities import Capability

_ALL_WRITTEN = "名称写连着的两个字以上；编号和标识要写全。"


@dataclass(frozen=True)
class LicenceRow:
    """A licence as the register lists it."""

    licence: Licence
    url: str
    state: str
    chips: list[Chip]


class RegisterFilter(ListFilter):
    """Which of the department's licences."""

    q = SearchFilter("持证主体、证照编号或证照标识", registered.found_by, most=160)
    kind = ChoiceFilter("证照种类", registered.kinds_issued, column="type_code")
    state = ChoiceFilter("状态", LICENCE.labels, column="state")
    first = DayFilter("入库，从", "entered_at")
    last = DayFilter("入库，到", "entered_at", until=True)


class RegisterPage(ExportedListPage[Licence]):
    """One's own department's licences, newest first."""

    capability = Capability.CONSULT_REGISTER
    template_name = "licences/register.html"
    title = "证照库"
    filter_class = RegisterFilter
    columns = (
        Column(
            "持证主体、证照编号",
            cell=lambda row: f"{row.licence.holder_names} {row.licence.number}",
        ),
        Column("证照", cell=lambda row: row.licence.kind_name),
        Column("状态和标注", cell=lambda row: LICENCE.labels[row.state]),
        Column("有效期至", sort="ends_on", cell=lambda row: row.licence.valid_until or "长期"),
        Column(
            "入库",
            sort="entered_at",
            falls=True,
            css="zz-n",
            cell=lambda row: row.licence.entered_at,
        ),
    )
    order = registered.NEWEST_FIRST
    order_words = "新入库的在前"
    unit = "份"
    nothing = Empty("证照库里还没有本单位的证照", "签发以后，证照会出现在这里。", "book-open-check")
    no_match = Empty("没有符合这些条件的证照", _ALL_WRITTEN, "search")

    def rows(self) -> "QuerySet[Licence]":
        return registered.register_of(self.actor)

    def present(self, rows: Sequence[Licence]) -> list[LicenceRow]:
        return [
            LicenceRow(
                licence=row,
                url=reverse("licences:licence", args=[row.identifier]),
                state=shown_state(row),
                chips=chips_of(row),
            )
            for row in rows
        ]

    def empty(self, *, is_narrowed: bool) -> Empty:
        if len(normalise_name(self.request.GET.get("q", ""))) == 1:
            return Empty(
                "一个字找不了", "持证主体的名称至少写连着的两个字，编号和标识要写全。", "search"
            )
        return super().empty(is_narrowed=is_narrowed)


class CountyFilter(ListFilter):
    """Which of the county's licences."""

    identifier = SearchFilter("证照标识", registered.with_identifier, most=160)
    department = ChoiceFilter(
        "制发单位",
        lambda _: registered.departments_with_licences(),
        narrow=registered.issued_by,
    )
    state = ChoiceFilter("状态", LICENCE.labels, column="state")


class CountyRegister(ExportedListPage[Licence]):
    """Every department's licences for supervision: identifier, kind, department and state."""

    capability = Capability.SUPERVISE
    template_name = "licences/register_county.html"
    title = "各单位证照"
    filter_class = CountyFilter
    columns = (
        Column("证照、标识", cell=lambda row: f"{row.kind_name} {row.identifier}"),
        Column("制发单位", cell=lambda row: row.issuing_department.name),
        Column("状态", cell=lambda row: LICENCE.labels[row.state]),
        Column("入库", sort="entered_at", falls=True, css="zz-n", cell=lambda row: row.entered_at),
    )
    order = registered.NEWEST_FIRST
    order_words = "新入库的在前"
    unit = "份"
    nothing = Empty("还没有单位制发过证照", "签发以后会出现在这里。", "book-open-check")
    no_match = Empty("没有符合这些条件的证照", "证照标识要写全。", "search")

    def rows(self) -> "QuerySet[Licence]":
        return registered.county_register(self.actor)


class CountyTrail(ListPage[Record]):
    """One licence's trail for supervision: who did what and when, never a value (M.5, M.25)."""

    capability = Capability.SUPERVISE
    template_name = "licences/register_trail.html"
    order = TRAIL_ORDER
    size = 30
    licence: Licence

    def prepare(self, **kwargs: Any) -> None:
        self.licence = get_object_or_404(registered.county_register(self.actor), uuid=kwargs["key"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Opening it is an act of its own."""
        consult_trail(actor=self.actor, licence=self.licence)
        return super().get(request, *args, **kwargs)

    def rows(self) -> "QuerySet[Record]":
        return records_of("licence", str(self.licence.uuid))

    def present(self, rows: Sequence[Record]) -> Sequence[Any]:
        return timeline(rows)

    def context(self) -> dict[str, Any]:
        return {
            "licence": self.licence,
            "trail": [("各单位证照", reverse("licences:county-register"))],
        }
