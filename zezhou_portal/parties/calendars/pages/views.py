"""Working-day calendars: the years that are known, entering one, confirming it, withdrawing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView, Question
from zezhou_portal.parties.calendars import services as verbs
from zezhou_portal.parties.calendars.pages.forms import CalendarForm, WithdrawForm
from zezhou_portal.parties.calendars.rules import spans, working_days
from zezhou_portal.parties.calendars.selectors import (
    MAY_LOOK,
    calendar_by_key,
    calendars_visible_to,
)
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.lifecycle import CALENDAR
from zezhou_portal.parties.models import WorkingCalendar
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.workdays import came_with_portal, notices_that_came

_VOICES = {"PROPOSED": "open", "CONFIRMED": "done", "WITHDRAWN": ""}


class Calendars(PortalView):
    """Every year that is known, or was proposed or withdrawn, and by which notice."""

    capability = MAY_LOOK
    template_name = "parties/calendars.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The list, the latest year first."""
        rows = list(calendars_visible_to(self.actor).order_by("-year", "-pk"))
        known = {row.year for row in rows if row.state == "CONFIRMED"} | set(came_with_portal())
        today = clock.today()
        came = [
            {"year": year, "notice": notice, "days": working_days(year, came_with_portal()[year])}
            for year, notice in sorted(notices_that_came().items(), reverse=True)
        ]
        return self.render(
            {
                "rows": [{"row": row, "voice": _VOICES[row.state]} for row in rows],
                "came": came,
                "missing": [year for year in (today.year, today.year + 1) if year not in known],
            }
        )


class ProposeCalendar(FormPage):
    """Enters a year; shows what it looks like before it is proposed."""

    capability = Capability.PROPOSE_CALENDARS
    action = Action.CALENDAR_PROPOSED
    template_name = "parties/calendar_propose.html"
    form_class = CalendarForm

    def asks(self, form: forms.Form) -> Question:
        year, days = form.cleaned_data["year"], form.days  # type: ignore[attr-defined]
        return Question(
            question=f"{year}年的放假安排是这样吗？",
            consequences=[
                *(span.words for span in spans(days)),
                f"全年 {working_days(year, days)} 个工作日",
            ],
            verb="登记，交另一个人确认",
            back="#fill",
            back_words="不对，在下面改",
            references=("M.9",),
            hands="登记和确认要由两个人办理。",
        )

    def carry_out(self, form: forms.Form) -> HttpResponse:
        row = verbs.propose_calendar(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, "已登记，等另一个人确认\n确认以前，时限还按原来的算。")
        return redirect("parties:calendar", key=row.uuid)


class _OneCalendar(PortalView):
    """Finds the calendar that the address names."""

    calendar: WorkingCalendar

    def prepare(self, **kwargs: Any) -> None:
        found = calendar_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.calendar = found

    def shown(self) -> dict[str, Any]:
        """The year as its notice and its days have it, and who did what."""
        row, days = self.calendar, self.calendar.special_days
        return {
            "calendar": row,
            "voice": _VOICES[row.state],
            "is_open": row.state == "PROPOSED",
            "is_own": row.proposed_by_id == self.actor.account_id,
            "may_withdraw": CALENDAR.may(row.state, "withdraw"),
            "spans": spans(days),
            "working_days": working_days(row.year, days),
        }


class CalendarPage(_OneCalendar):
    """One year: its days beside the notice, who entered it, what may be done."""

    capability = MAY_LOOK
    template_name = "parties/calendar.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page."""
        return self.render(self.shown())


class _ActOnCalendar(_OneCalendar, ConfirmPage):
    """Asks before an act on a year's calendar."""

    template_name = "parties/calendar_confirm.html"
    references = ("M.9",)
    back_words = "再看看，返回"

    def back(self) -> str:
        return reverse("parties:calendar", args=[self.calendar.uuid])

    def context(self) -> dict[str, Any]:
        return self.shown()


class ConfirmCalendar(_ActOnCalendar):
    """Finds that the year is entered as its notice says."""

    capability = Capability.CONFIRM_CALENDARS
    action = Action.CALENDAR_CONFIRMED
    verb = "和通知一致，确认"
    undo = "确认以后发现有错，可以撤回，撤回留在登记里"
    hands = "登记和确认要由两个人办理。"

    def question(self) -> str:
        return f"确认{self.calendar.year}年的放假安排？"

    def consequences(self) -> list[str]:
        return [
            f"从现在起，{self.calendar.year}年的工作日都按它算",
            "已经算到这一年的时限马上重新计算，改了哪一天记入操作记录",
        ]

    def carry_out(self) -> HttpResponse:
        verbs.confirm_calendar(actor=self.actor, calendar=self.calendar)
        messages.success(self.request, "已确认\n算到这一年的时限正在重新计算。")
        return redirect(self.back())


class WithdrawCalendar(_ActOnCalendar):
    """Takes a mistaken calendar back, with the reason."""

    capability = MAY_LOOK
    action = Action.CALENDAR_WITHDRAWN
    form_class = WithdrawForm
    verb = "撤回"
    stop = True

    def question(self) -> str:
        return f"撤回{self.calendar.year}年的放假安排？"

    def consequences(self) -> list[str]:
        if self.calendar.state == "PROPOSED":
            return ["这一份不再等确认，时限都不变", "登记和撤回都留着；要办，可以重新登记"]
        return [
            f"{self.calendar.year}年又算作还没有公布，算到这一年的时限马上重新计算，标为暂定",
            "登记、确认和撤回都留着；改好以后重新登记，再由另一个人确认",
        ]

    def carry_out(self) -> HttpResponse:
        verbs.withdraw_calendar(
            actor=self.actor, calendar=self.calendar, reason=self.given["reason"]
        )
        messages.success(self.request, "已撤回")
        return redirect(self.back())
