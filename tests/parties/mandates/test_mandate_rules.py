"""Until when a parent acts for a child, what may be given, and how long (M.20)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zezhou_portal.parties.mandates.rules import (
    check_adult,
    check_last_day,
    guardian_until,
    is_of_age,
    of_age_on,
    powers_given,
    why_ended,
)
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = pytest.mark.article("M.20")
TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        (date(2008, 11, 18), date(2026, 11, 18)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (date(2012, 2, 29), date(2030, 2, 28)),
        (date(2008, 12, 31), date(2026, 12, 31)),
        (date(2009, 1, 1), date(2027, 1, 1)),
        (date(2008, 3, 1), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
    ],
)
def test_of_age_when_born_on_a_day_then_on_the_eighteenth_birthday(
    born: date, of_age: date
) -> None:
    assert of_age_on(born) == of_age
    assert not is_of_age(born, of_age - timedelta(days=1))
    assert is_of_age(born, of_age)
    assert guardian_until(born) == of_age - timedelta(days=1)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_guardian_when_any_birth_date_then_ends_the_day_before_the_birthday(born: date) -> None:
    last = guardian_until(born)
    birthday = last + timedelta(days=1)
    assert not is_of_age(born, last)
    assert is_of_age(born, birthday)
    assert birthday.year - born.year == 18
    assert birthday.month == born.month
    assert birthday.day == born.day or (born.month, born.day, birthday.day) == (2, 29, 28)


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 30)),
    st.integers(min_value=1, max_value=4000),
)
def test_guardian_when_one_child_is_younger_then_never_ends_before_the_elder(
    born: date, days: int
) -> None:
    assert guardian_until(born) <= guardian_until(born + timedelta(days=days))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (None, "还没有填代办到哪一天为止。"),
        (TODAY - timedelta(days=1), "2026年11月17日已经过了。请填今天或者以后的日子。"),
        (TODAY + timedelta(days=367), "一次最长到 2027年11月19日。到期以后可以再委托。"),
    ],
)
def test_last_day_when_missing_over_or_too_far_then_refused(until: date | None, said: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        check_last_day(until, TODAY)
    assert caught.value.fields == {"until_on": said}


@pytest.mark.parametrize("days", [0, 1, 366])
def test_last_day_when_from_today_to_a_year_then_taken(days: int) -> None:
    until = TODAY + timedelta(days=days)
    assert check_last_day(until, TODAY) == until


def test_powers_when_chosen_then_seeing_comes_with_them() -> None:
    assert powers_given([]) == ["see"]
    assert powers_given(["copy", "show", "copy"]) == ["see", "show", "copy"]


@pytest.mark.parametrize("strange", ["appoint", "own", ""])
def test_powers_when_not_ones_own_to_give_then_refused(strange: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        powers_given(["show", strange])
    assert "不能委托给别人" in caught.value.fields["powers"]


def test_helper_when_a_day_under_eighteen_then_refused() -> None:
    with pytest.raises(RuleBroken):
        check_adult(date(2008, 11, 19), TODAY, field="citizen_id", who="帮您办的家人")
    check_adult(date(2008, 11, 18), TODAY, field="citizen_id", who="帮您办的家人")


def test_ended_when_asked_why_then_says_it_in_words() -> None:
    parents = Mandate(kind="guardian", until_on=TODAY - timedelta(days=1))
    assert why_ended(parents, TODAY).startswith("孩子年满 18 周岁")
    assert why_ended(Mandate(kind="agent", until_on=TODAY), TODAY) == ""
    assert why_ended(Mandate(kind="agent", until_on=TODAY), TODAY + timedelta(days=1)) == (
        "到期自动结束"
    )
    at = date(2026, 11, 1)
    for reason, words in (
        ("returned", "代办人自己退回"),
        ("representative_changed", "法定代表人或经营者换了人"),
        ("something_else", "已经结束"),
    ):
        assert why_ended(Mandate(kind="agent", ended_at=at, end_reason=reason), TODAY) == words
