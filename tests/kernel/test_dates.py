"""A day in a hundred spellings, and what can be read in two ways or not at all."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zezhou_portal.kernel.dates import DateFault, read_day

DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
ZEROS = "〇○零0O"
PLAIN = "零一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"


def in_words(number, digits=PLAIN, ten="十"):
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ten if tens == 1 else digits[tens] + ten
    return head + (digits[ones] if ones else "")


def chinese(day, zero="〇", digits=PLAIN, ten="十"):
    year = "".join(digits[int(mark)] for mark in f"{day.year}").replace("零", zero)
    return f"{year}年{in_words(day.month, digits, ten)}月{in_words(day.day, digits, ten)}日"


def full_width(text):
    return "".join(chr(ord(mark) + 0xFEE0) if "!" <= mark <= "~" else mark for mark in text)


def spellings(day):
    """More than a hundred ways in which one day is written, each with one meaning."""
    year, month, day_ = day.year, day.month, day.day
    forms = [
        mark.join((f"{year}", f"{month:{wide}}", f"{day_:{wide}}"))
        for mark, wide in itertools.product("-/.。．－／—–~·、,，", ("", "02"))
    ]
    forms += [f"{year} {month} {day_}", f"{year}  {month:02}\u3000{day_:02}", f"{day:%Y%m%d}"]
    forms += [f"{year}年{month}月{day_}日", f"{year}年{month:02}月{day_:02}日"]
    forms += [f"{year}年{month}月{day_}号", f" {year} 年 {month} 月 {day_} 日 "]
    forms += [chinese(day, zero) for zero in ZEROS]
    forms += [chinese(day, "零", FORMAL, "拾"), f"{year}年{in_words(month)}月{in_words(day_)}日"]
    forms += [full_width(f"{year}.{month}.{day_}"), full_width(f"{day:%Y%m%d}")]
    forms += [f"'{day}", f"\ufeff{day}\u200b", f"{year}.{month}.{day_}."]
    plain = [f"{day}", f"{year}/{month}/{day_}", f"{year}年{month}月{day_}日", f"{day:%Y%m%d}"]
    plain += [f"{year}.{month}.{day_}", f"{year}。{month}。{day_}", chinese(day), f"{day:%Y %m %d}"]
    times = [" 0:00", " 00:00:00", " 08:30:15", " 23:59", "T00:00:00", "T00:00:00.000", " 0:00:00"]
    forms += [form + time for form, time in itertools.product(plain, times)]
    forms += [f"{day}T00:00:00+08:00", f"{day}T00:00:00+0800", f"{day}T12:00:00Z"]
    weekday = "一二三四五六日"[day.weekday()]
    return [*forms, f"{plain[2]}星期{weekday}", f"{plain[2]} 周{weekday}", f"{plain[2]}0:00"]


@given(DAYS, st.data())
def test_day_when_spelt_in_any_of_a_hundred_ways_then_it_is_read_back(day, data):
    assert read_day(data.draw(st.sampled_from(spellings(day)))) == day


def test_day_when_spelt_in_every_way_then_there_are_a_hundred_and_all_are_read():
    for day in (date(2023, 5, 1), date(2020, 10, 20), date(2008, 12, 31), date(2024, 2, 29)):
        ways = spellings(day)
        assert len(set(ways)) >= (100 if day.month < 10 and day.day < 10 else 80)
        assert {read_day(way) for way in ways} == {day}


def test_moment_when_exported_with_the_zone_of_greenwich_then_the_beijing_day_counts():
    assert read_day("2023-04-30T16:00:00.000Z") == date(2023, 5, 1)
    assert read_day("2023-04-30T15:59:59Z") == date(2023, 4, 30)


@pytest.mark.parametrize(
    "words",
    ["二〇二三年五月一日", "二零二三年五月一日", "2023年五月1号", "二OO三年廿八月一日"],
)
def test_words_when_mixed_with_digits_then_they_are_read_or_refused_never_guessed(words):
    if "廿八月" in words:
        with pytest.raises(DateFault, match="没有28月"):
            read_day(words)
    else:
        assert read_day(words) == date(2023, 5, 1)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("23.5.1", "年份写四位"),
        ("23-5-1", "年份写四位"),
        ("23年5月1日", "年份写四位"),
        ("二三年五月一日", "年份写四位"),
        ("230501", "年份写四位"),
        ("01-5月-23", "年份写四位"),
        ("1-May-23", "年份写四位"),
        ("2023年5月", "没有写是哪一日"),
        ("2023.5", "没有写是哪一日"),
        ("2023-05", "没有写是哪一日"),
        ("202305", "没有写是哪一日"),
        ("二〇二三年五月", "没有写是哪一日"),
        ("5/1/2023", "例如 2023-05-01 或 2023-01-05"),
        ("05.01.2023", "例如 2023-05-01 或 2023-01-05"),
        ("13/5/2023", "例如 2023-05-13"),
    ],
)
def test_day_when_not_written_in_full_then_the_fault_says_what_to_write(written, advice):
    with pytest.raises(DateFault) as fault:
        read_day(written)
    assert fault.value.code == "unreadable_date"
    assert f"“{written}”" in fault.value.sentence
    assert advice in fault.value.sentence
    assert advice in fault.value.advice


@pytest.mark.parametrize(
    "written",
    ["", "明年", "2023", "2023年", "2023-01/02", "2023年1月1", "0001-01-01", "3001-01-01", "45047",
     "2023-05-01 24:00", "2023-05-01T00:00:00+99:00", "长" * 100, "٢٠٢٣-٠٥-٠١"],
)  # fmt: skip
def test_text_when_it_is_no_day_then_it_is_unreadable(written):
    with pytest.raises(DateFault) as fault:
        read_day(written)
    assert (fault.value.code, fault.value.advice) == ("unreadable_date", "")


@given(st.text(alphabet="0123456789年月日.-/ 一二三十〇T:Z+。廿", max_size=24))
def test_anything_like_a_day_when_read_then_a_day_or_a_fault(text):
    try:
        day = read_day(text)
    except DateFault as fault:
        assert fault.code in {"unreadable_date", "impossible_date"}
    else:
        assert 1900 <= day.year <= 2999 or day == date(9999, 12, 31)


def test_day_when_forms_capture_and_sheets_read_it_then_they_read_the_same():
    from licences.data_items import read_date as captured
    from licences.stock.sheets.dates import read_date as listed
    from zezhou_portal.pagekit.fields import DayField

    for way in spellings(date(2023, 5, 1)):
        assert DayField().clean(way) == captured(way) == listed(way) == date(2023, 5, 1)
