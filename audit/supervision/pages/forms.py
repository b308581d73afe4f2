"""What may be asked of the trail."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from audit.supervision.selectors import TrailQuery, departments_by_code
from audit.supervision.services.trail_searching import OUTCOMES
from audit.trail.vocabulary.reading import choices
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter, SearchFilter

USUAL = timedelta(days=30)


def _by_the_verb(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":  # noqa: ARG001
    """The search is an act: the verb narrows, so that nothing is read before it is recorded."""
    return rows


class TrailFilter(ListFilter):
    """Period, person, department, subject, action and outcome; the last 30 days unless told."""

    first = DayFilter("从哪天", "at")
    last = DayFilter("到哪天", "at", until=True)
    person = SearchFilter("办理人姓名", _by_the_verb, most=120)
    department = ChoiceFilter("单位", lambda _: departments_by_code(), narrow=_by_the_verb)
    subject = SearchFilter("对象：证照标识、办件号、名称", _by_the_verb, most=200)
    action = ChoiceFilter("行为", choices(), narrow=_by_the_verb)
    outcome = ChoiceFilter("结果", OUTCOMES, narrow=_by_the_verb)

    def query(self) -> TrailQuery:
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
        )
