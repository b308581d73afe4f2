"""What every window recorded of who acts for whom, for supervision; names masked (M.27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from usage.mandates.pages import presenter
from usage.mandates.pages.presenter import MandateRow
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.mandates.rules import why_ended
from zezhou_portal.parties.mandates.selectors import (
    NEWEST_FIRST,
    mandates_of_all_windows,
    recorded_on,
)
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Department, Mandate


@dataclass(frozen=True)
class SupervisedMandate:
    """A window's mandate as supervision sees it, with how many its clerk recorded that day."""

    mandate: Mandate
    shown: MandateRow
    agent: str
    principal: str
    ended: str
    count: int
    decided: str


def _departments(_: Any) -> list[tuple[str, str]]:
    with_mandates = Mandate.objects.filter(basis="window").values("recording_department")
    rows = Department.objects.filter(pk__in=with_mandates).order_by("name")
    return list(rows.values_list("credit_code", "name"))


class CountyMandateFilter(ListFilter):
    """Whose window, how far, when."""

    department = ChoiceFilter("单位", _departments, column="recording_department__credit_code")
    state = ChoiceFilter("状态", MANDATE.labels, column="state")
    from_on = DayFilter("登记起", "recorded_at")
    until_on = DayFilter("登记止", "recorded_at", until=True)


class CountyMandates(ExportedListPage[Mandate]):
    """Every window's mandates, newest first: recorded and confirmed by whom, how many a day."""

    capability = Capability.SUPERVISE
    template_name = "usage/mandates/county.html"
    title = "窗口登记的代办"
    filter_class = CountyMandateFilter
    columns = (
        Column(
            "谁代谁办", cell=lambda row: f"{row.agent}代{row.principal}（{row.shown.relation}）"
        ),
        Column("单位", cell=lambda row: row.mandate.recording_department.name),
        Column("登记", sort="recorded_at", falls=True, cell=lambda row: row.mandate.recorded_at),
        Column("登记人", cell=lambda row: row.mandate.recorded_by.name),
        Column("他当天登记", css="zz-n", cell=lambda row: row.count),
        Column("状态", cell=lambda row: row.ended or row.mandate.get_state_display()),
        Column("谁确认", cell=lambda row: row.decided),
    )
    order = NEWEST_FIRST
    order_words = "新登记的在前"
    unit = "份"
    nothing = Empty("还没有窗口登记过代办", "登记以后会出现在这里。", "heart-handshake")

    def rows(self) -> "QuerySet[Mandate]":
        return mandates_of_all_windows(self.actor)

    def present(self, rows: Sequence[Mandate]) -> list[SupervisedMandate]:
        today = clock.today()
        days = {clock.beijing_day(row.recorded_at) for row in rows}
        clerks = {row.recorded_by_id for row in rows if row.recorded_by_id is not None}
        counts = recorded_on(clerks, days)
        return [
            SupervisedMandate(
                mandate=row,
                shown=presenter.given(row, today),
                agent=mask_name(row.agent.name),
                principal=mask_name(row.principal.name),
                ended=why_ended(row, today),
                count=counts.get((row.recorded_by_id or 0, clock.beijing_day(row.recorded_at)), 0),
                decided=_decided(row),
            )
            for row in rows
        ]


def _decided(row: Mandate) -> str:
    """Who gave the second word."""
    if row.decided_by is not None:
        return row.decided_by.name
    if row.state == "CONFIRMED":
        return "持证人本人" if row.consent_digest else "登记时不用确认"
    return ""
