"""Provisional clocks are counted again once the year is announced (M.9, M.23)."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks, recomputing
from audit.trail.models import Record
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.limits import OBJECTION_ANSWER

pytestmark = pytest.mark.django_db
OBJECTION = Subject("objection", "one", "异议 1")
EVENT = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)


@pytest.fixture
def announced(monkeypatch):
    """Gives the calendar of 2027 a Monday off after New Year, as a notice would."""

    def load() -> None:
        days = {date(2027, 1, 1): False, date(2027, 1, 4): False}
        monkeypatch.setattr(workdays.YEARS, "_reader", lambda: {2027: days})

    return load


def test_a_clock_into_an_unannounced_year_is_provisional(department):
    clock = clocks.arm(department, "M.23", OBJECTION_ANSWER, OBJECTION, EVENT)
    assert (clock.last_day, clock.is_provisional) == (date(2027, 1, 6), True)
    assert recomputing.recompute() == []
    assert Record.objects.count() == 0


def test_recomputing_moves_the_last_day_and_records_the_difference(department, announced):
    clocks.arm(department, "M.23", OBJECTION_ANSWER, OBJECTION, EVENT)
    announced()
    out = StringIO()
    call_command("recompute_clocks", stdout=out)
    assert "2027-01-06 → 2027-01-07" in out.getvalue()
    assert Deadline.objects.get().last_day == date(2027, 1, 6)
    call_command("recompute_clocks", "--commit", stdout=out)
    clock = Deadline.objects.get()
    assert (clock.last_day, clock.is_provisional) == (date(2027, 1, 7), False)
    assert clock.due_at == datetime(2027, 1, 7, 16, 0, tzinfo=UTC)
    record = Record.objects.get()
    assert record.facts["last_day"] == ["2027-01-06", "2027-01-07"]
    assert recomputing.recompute() == []
