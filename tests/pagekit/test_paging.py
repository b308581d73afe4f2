"""Keyset pages: forward, back, at both ends, and with a token that is not ours."""

import pytest

from tests.factories.parties import DepartmentFactory
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.parties.models import Department

ORDER = ("-name", "id")


@pytest.fixture
def rows(db: None) -> list[Department]:
    return [DepartmentFactory(name=f"单位{place:02}") for place in range(7)]


def names(page: object) -> list[str]:
    return [row.name for row in page.rows]  # type: ignore[attr-defined]


def test_pages_run_forward_and_back_without_gap_or_repeat(rows: list[Department]) -> None:
    everything = Department.objects.all()
    first = page_of(everything, order=ORDER, token="", size=3)
    second = page_of(everything, order=ORDER, token=first.after, size=3)
    third = page_of(everything, order=ORDER, token=second.after, size=3)
    assert names(first) + names(second) + names(third) == [f"单位{n:02}" for n in range(6, -1, -1)]
    assert (first.before, third.after) == ("", "")
    assert names(page_of(everything, order=ORDER, token=third.before, size=3)) == names(second)
    back = page_of(everything, order=ORDER, token=second.before, size=3)
    assert names(back) == names(first)
    assert back.before == ""


def test_a_token_that_was_altered_or_belongs_elsewhere_gives_the_first_page(
    rows: list[Department],
) -> None:
    everything = Department.objects.all()
    first = page_of(everything, order=ORDER, token="", size=3)
    assert names(page_of(everything, order=ORDER, token=first.after + "x", size=3)) == names(first)
    other = page_of(everything, order=("name", "id"), token="", size=3)
    assert names(page_of(everything, order=ORDER, token=other.after, size=3)) == names(first)


def test_an_empty_list_has_neither_before_nor_after(db: None) -> None:
    page = page_of(Department.objects.none(), order=ORDER, token="", size=3)
    assert (list(page.rows), page.before, page.after) == ([], "", "")
