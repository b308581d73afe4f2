"""What may be asked of the trail."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from audit.supervision.selectors import TrailQuery, departments_by_code
from audit.supervision.services.trail_searching import OUTCOMES
from audit.supervision.things import Thing
from audit.trail.vocabulary.reading import choices
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit import fields
from zezhou_portal.pagekit.fields import DayField
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter, SearchFilter

USUAL = timedelta(days=30)


def _by_the_verb(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":  # noqa: ARG001
    """The search is an act: the verb narrows, so that nothing is read before it is recorded."""
    return rows


class TrailFilter(ListFilter):
    """Period, person, department, subject, action and outcome; the last 30 days unless told."""

    first = DayFilter("从哪天", "at")
    last = DayFilter("到哪天", "at", until=True)
    person = SearchFilter("办理人姓名（一部分也行）", _by_the_verb, most=120)
    department = ChoiceFilter("单位", lambda _: departments_by_code(), narrow=_by_the_verb)
    subject = SearchFilter("对象：证照标识、证照编号、办件号、名称", _by_the_verb, most=200)
    action = ChoiceFilter("行为", choices(), narrow=_by_the_verb)
    outcome = ChoiceFilter("结果", OUTCOMES, narrow=_by_the_verb)

    def query(self, about: Thing | None = None) -> TrailQuery:
        """What is asked; asks that `is_valid` was called and true."""
        words = self.form.cleaned_data
        last = words["last"] or clock.today()
        return TrailQuery(
            first=words["first"] or last - USUAL,
            last=last,
            person=words["person"],
            department=words["department"],
            subject=words["subject"],
            action=words["action"],
            outcome=words["outcome"],
            about=about,
        )


class FindForm(forms.Form):
    """One box for whatever names a licence or a person."""

    q = fields.text(
        "证照编号、证照标识、持证人姓名或名称、工作人员姓名",
        "还没有写要查谁、查哪一份",
        most=200,
        hint="姓名写一部分也行，至少两个字",
    )


class PeriodForm(forms.Form):
    """From which day to which; the last year unless told."""

    first = DayField(label="从哪天", required=False)
    last = DayField(label="到哪天", required=False)

    def period(self) -> tuple[date, date]:
        """Both days; asks that `is_valid` was called and true."""
        last = self.cleaned_data["last"] or clock.today()
        return self.cleaned_data["first"] or last - timedelta(days=365), last
