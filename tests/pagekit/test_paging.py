"""Keyset pages: forward, back, at both ends, and with a token that is not ours."""

import pytest
from django.db.models import Value

from tests.factories.parties import AccountFactory, DepartmentFactory
from zezhou_portal.pagekit.paging import merged_page, page_of
from zezhou_portal.parties.models import Account, Department

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


def placed(queryset, place: int):  # type: ignore[no-untyped-def]
    return queryset.annotate(place=Value(place))


def test_merged_page_when_rows_are_of_two_models_then_one_list_forward_and_back(db: None) -> None:
    departments = [DepartmentFactory() for _ in range(4)]
    accounts = [AccountFactory(department=departments[0]) for _ in range(5)]
    several = [
        placed(Department.objects.filter(pk__in=[row.pk for row in departments]), 0),
        placed(Account.objects.filter(pk__in=[row.pk for row in accounts]), 1),
    ]
    order = ("place", "pk")
    expected = [(type(row), row.pk) for row in [*departments, *accounts]]
    seen, token, pages = [], "", []
    for _ in range(3):
        page = merged_page(several, order=order, token=token, size=4)
        pages.append([(type(row), row.pk) for row in page.rows])
        seen += pages[-1]
        token = page.after
    assert (seen, token) == (expected, "")
    back = merged_page(several, order=order, token=page.before, size=4)
    assert [(type(row), row.pk) for row in back.rows] == pages[1]
    falling = merged_page(several, order=("-place", "-pk"), token="", size=20)
    assert [(type(row), row.pk) for row in falling.rows] == expected[::-1]


def test_merged_page_when_there_is_nothing_to_merge_then_empty() -> None:
    assert merged_page([], order=("pk",), token="", size=4).rows == []
