"""Dates in all their spellings."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licences.stock.sheets.dates import DateFault, read_date

DAYS = st.dates(date(1900, 3, 1), date(2999, 12, 31))
SPELLINGS = (
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day.year}年{day.month:02}月{day.day:02}日",
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}{day.month:02}{day.day:02}",
    lambda day: int(f"{day.year}{day.month:02}{day.day:02}"),
    lambda day: f"{day.isoformat()} 00:00:00",
    lambda day: datetime(day.year, day.month, day.day),
    lambda day: day,
)


@given(DAYS, st.sampled_from(SPELLINGS))
def test_day_when_spelt_in_any_way_then_it_is_read_back(day, spell):
    assert read_date(spell(day)) == day


@given(st.dates(date(1927, 5, 19), date(2173, 10, 13)))
def test_serial_when_of_five_digits_then_it_is_its_day(day):
    serial = (day - date(1899, 12, 30)).days
    assert read_date(serial) == read_date(str(serial)) == read_date(float(serial)) == day


@pytest.mark.parametrize(
    ("serial", "day"), [("45107", date(2023, 6, 30)), ("46022", date(2025, 12, 31))]
)
def test_serial_when_a_spreadsheet_shows_a_day_then_it_is_that_day(serial, day):
    assert read_date(serial) == day


@pytest.mark.parametrize("empty", [None, "", "  ", "\u3000"])
def test_cell_when_empty_then_there_is_no_day(empty):
    assert read_date(empty) is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("2023-02-30", "日期不存在，2023年没有2月30日"),
        ("2023年2月29日", "日期不存在，2023年没有2月29日"),
        ("20231301", "日期不存在，没有13月"),
        ("2023/4/32", "日期不存在，4月没有32日"),
    ],
)
def test_day_when_it_does_not_exist_then_it_is_impossible(written, sentence):
    with pytest.raises(DateFault) as fault:
        read_date(written)
    assert (fault.value.code, fault.value.sentence) == ("impossible_date", sentence)


@pytest.mark.parametrize(
    "written",
    [
        "明年",
        "2023",
        "23-1-1",
        "2023-1",
        "2023年1月1",
        "2023-1-1日",
        "2023-01/02",
        "0001-01-01",
        True,
        1.5,
    ],
)
def test_cell_when_no_day_can_be_read_then_it_is_unreadable(written):
    with pytest.raises(DateFault) as fault:
        read_date(written)
    assert fault.value.code == "unreadable_date"


@given(st.one_of(st.text(max_size=12), st.integers(), st.floats(allow_nan=True)))
def test_anything_when_read_then_a_day_nothing_or_a_fault(value):
    try:
        day = read_date(value)
    except DateFault as fault:
        assert fault.code in {"unreadable_date", "impossible_date"}
    else:
        assert day is None or timedelta(0) <= day - date(1900, 1, 1)
