"""Terms of postings and covers: each edge, and the field that the sentence stands at (M.24)."""

from datetime import date, timedelta

import pytest

from zezhou_portal.parties.staff.rules import (
    check_cover_term,
    check_named_person_is_own,
    check_role_fits,
    check_term,
)
from zezhou_portal.regulation.errors import RuleBroken

TODAY = date(2026, 11, 18)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
pytestmark = pytest.mark.article("M.24")


@pytest.mark.parametrize("until_on", [None, TODAY, TOMORROW])
def test_term_when_it_ends_on_its_first_day_or_later_then_sound(until_on) -> None:
    assert check_term(TODAY, until_on) is None


def test_term_when_it_ends_before_it_begins_then_both_days_are_told() -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_term(TODAY, YESTERDAY)
    assert refusal.value.fields == {
        "until_on": "截止（2026-11-17）早于起始（2026-11-18），请改一处。"
    }


@pytest.mark.parametrize(
    ("from_on", "until_on", "posting_until", "sentence"),
    [
        (TODAY, None, None, "还没有填顶岗到哪一天。"),
        (TOMORROW, TODAY, None, "截止（2026-11-18）早于起始（2026-11-19），请改一处。"),
        (YESTERDAY, YESTERDAY, None, "2026-11-17 已经过去，请填今天或以后。"),
        (TODAY, TOMORROW, TODAY, "原岗位到 2026-11-18 为止，顶岗不能超过这一天。"),
    ],
)
def test_cover_when_its_term_is_wrong_then_refused_at_the_last_day(
    from_on, until_on, posting_until, sentence
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_cover_term(from_on, until_on, posting_until=posting_until, today=TODAY)
    assert (refusal.value.article, refusal.value.fields) == ("M.24", {"until_on": sentence})


@pytest.mark.parametrize(
    ("until_on", "posting_until"), [(TODAY, None), (TODAY, TODAY), (TOMORROW, TOMORROW)]
)
def test_cover_when_it_ends_today_or_with_the_posting_then_sound(until_on, posting_until) -> None:
    assert check_cover_term(TODAY, until_on, posting_until=posting_until, today=TODAY) is None


def test_role_when_it_fits_what_the_department_does_then_sound() -> None:
    for role, functions in (
        ("reviewer", ["issuing"]), ("auditor", ["management"]), ("seal_custodian", ["seal"]),
    ):  # fmt: skip
        assert check_role_fits(role, functions) is None
        with pytest.raises(RuleBroken):
            check_role_fits(role, ["using"])


def test_named_person_when_of_another_department_then_refused() -> None:
    assert check_named_person_is_own(3, 3) is None
    with pytest.raises(RuleBroken, match="指定专人须是本单位的人"):
        check_named_person_is_own(3, 4)
