"""Working days against chinesecalendar and the pairs worked out beforehand (M.9, M.11, M.23)."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.limits import (
    GENERATION_OFFLINE,
    GENERATION_ONLINE,
    OBJECTION_ANSWER,
    OBJECTION_MARK,
    RECOVERY_AFTER_DISRUPTION,
    WorkingDays,
)


@pytest.fixture(autouse=True)
def _nothing_announced_in_the_portal():
    """What came with the portal, and no database."""
    with reading_once({workdays.YEARS: {}}):
        yield


FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
ANNOUNCED = st.dates(FIRST, LAST)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_every_announced_day_is_as_the_other_calendar_has_it():
    different = [
        day for day in EVERY_DAY if workdays.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert different == []


@pytest.mark.parametrize(
    ("year", "number"), [(2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year, number):
    assert sum(workdays.is_workday(day) for day in EVERY_DAY if day.year == year) == number


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-14", 5, "2026-02-28"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-12-28", 3, "2026-12-31"),
    ],
)
def test_pairs_worked_out_beforehand(start, days, last):
    found = workdays.add(days, date.fromisoformat(start))
    assert found == (date.fromisoformat(last), False)


def test_a_sum_into_an_unannounced_year_is_provisional():
    assert workdays.add(5, date(2026, 12, 29)) == (date(2027, 1, 6), True)
    assert max(workdays.announced_years()) == 2026


@pytest.mark.article("M.9")
@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-12-31", 1, "2027-01-04"),  # 1 January 2027 is a Friday
        ("2027-04-30", 1, "2027-05-03"),  # 1 and 2 May are a weekend
        ("2027-09-30", 1, "2027-10-04"),  # a Friday and a weekend
        ("2030-12-31", 1, "2031-01-02"),
    ],
)
def test_days_that_are_holidays_each_year_are_holidays_before_the_notice(start, days, last):
    found = workdays.add(days, date.fromisoformat(start))
    assert found == (date.fromisoformat(last), True)


def test_unannounced_years_count_monday_to_friday():
    week = [date(2027, 10, 4) + timedelta(days=n) for n in range(7)]
    assert [workdays.is_workday(day) for day in week] == [True] * 5 + [False] * 2


@given(ANNOUNCED, st.integers(1, 40))
def test_adding_and_counting_agree(start, days):
    last, _ = workdays.add(days, start)
    assert workdays.between(start, last) == days
    assert workdays.between(last, start) == -days
    assert workdays.is_workday(last)


@given(ANNOUNCED, st.integers(1, 20), st.integers(1, 20))
def test_adding_twice_is_adding_the_sum(start, one, more):
    middle, _ = workdays.add(one, start)
    assert workdays.add(more, middle)[0] == workdays.add(one + more, start)[0]


@given(ANNOUNCED, st.integers(1, 20))
def test_a_later_start_never_ends_earlier(start, days):
    assert workdays.add(days, start)[0] <= workdays.add(days, start + timedelta(days=1))[0]


def test_nothing_lies_between_a_day_and_itself():
    assert workdays.between(date(2026, 11, 18), date(2026, 11, 18)) == 0


@pytest.mark.article("M.9")
def test_the_day_is_beijing_s_not_utc_s():
    # 23:59 and 00:01 in Beijing lie on two days there and on one in UTC.
    before = datetime(2026, 11, 18, 15, 59, tzinfo=UTC)
    after = datetime(2026, 11, 18, 16, 1, tzinfo=UTC)
    assert workdays.due(GENERATION_ONLINE, before).last_day == date(2026, 11, 18)
    assert workdays.due(GENERATION_ONLINE, after).last_day == date(2026, 11, 19)
    assert workdays.due(GENERATION_ONLINE, before).at == datetime(2026, 11, 18, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "days", "article"),
    [
        pytest.param(GENERATION_OFFLINE, 1, "M.9", marks=pytest.mark.article("M.9")),
        pytest.param(RECOVERY_AFTER_DISRUPTION, 3, "M.11", marks=pytest.mark.article("M.11")),
        pytest.param(OBJECTION_MARK, 1, "M.23", marks=pytest.mark.article("M.23")),
        pytest.param(OBJECTION_ANSWER, 5, "M.23", marks=pytest.mark.article("M.23")),
    ],
)
def test_the_limits_are_those_of_the_text(limit, days, article):
    assert limit == WorkingDays(days, article)
    due = workdays.due(limit, datetime(2026, 9, 30, 2, 0, tzinfo=UTC))
    last = {1: date(2026, 10, 8), 3: date(2026, 10, 10), 5: date(2026, 10, 13)}[days]
    assert (due.last_day, due.is_provisional) == (last, False)
    midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), workdays.BEIJING)
    assert due.at == midnight
