"""Numbers are given out once, off the reserved ones and off those on paper (M.6, M.9, M.10)."""

import pytest

from licences.catalogue.numbering import behind_reserved, ranges_in_words, read_ranges
from licences.catalogue.numbers import number_for, whose_number
from licences.data_items import items_of
from licences.models import CatalogueEntry, NumberCounter, RowOutcome, StockBatch, StockRow
from tests.cast import Cast
from tests.factories.licences import FOOD, Applications
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.errors import RuleBroken

CAPTURED = {"main_business": "食品销售经营者"}


@pytest.fixture
def entry(cast: Cast) -> CatalogueEntry:
    return Applications(cast, kind=FOOD).entry


def next_number(entry: CatalogueEntry, typed: str = "") -> str:
    return number_for(entry, items=items_of(entry.items), captured=CAPTURED, typed=typed, year=2026)


def sheet_with(cast: Cast, entry: CatalogueEntry, numbers: list[str], state: str) -> StockBatch:
    batch = StockBatch.objects.create(
        entry=entry, issuing_department=entry.issuing_department, state=state,
        file_name="台账.xlsx", file_digest="0" * 64, file_size=1,
        received_by=cast.account("market.clerk"), received_at=clock.now(),
    )  # fmt: skip
    StockRow.objects.bulk_create(
        StockRow(
            batch=batch, row_number=place, outcome=RowOutcome.CONVERT, values={"number": number}
        )
        for place, number in enumerate(numbers, start=2)
    )
    return batch


@pytest.mark.article("M.10")
def test_number_when_on_a_sheet_not_converted_yet_then_kept_off(
    cast: Cast, entry: CatalogueEntry
) -> None:
    first = next_number(entry)
    NumberCounter.objects.update(last=0)
    sheet_with(cast, entry, [first], "CHECKED")
    second = next_number(entry)
    assert second != first
    assert whose_number(entry, first) == "还没有转换的清单“台账.xlsx”第 2 行"


def test_number_when_the_sheet_was_dropped_then_free(cast: Cast, entry: CatalogueEntry) -> None:
    first = next_number(entry)
    NumberCounter.objects.update(last=0)
    sheet_with(cast, entry, [first], "DROPPED")
    assert next_number(entry) == first


def test_number_when_hundreds_stand_on_paper_then_the_first_free_one(
    cast: Cast, entry: CatalogueEntry
) -> None:
    on_paper = [next_number(entry) for _ in range(230)]
    after = next_number(entry)
    NumberCounter.objects.update(last=0)
    sheet_with(cast, entry, on_paper, "CHECKED")
    assert next_number(entry) == after


@pytest.mark.article("M.6")
def test_number_when_a_first_one_and_ranges_are_set_then_given_from_there(
    entry: CatalogueEntry,
) -> None:
    entry.number_rule = {**entry.number_rule, "first": 100, "reserved": [[101, 103], [105, 105]]}
    taken = [next_number(entry)[-7:-1] for _ in range(4)]
    assert taken == ["000100", "000104", "000106", "000107"]


@pytest.mark.article("M.9")
def test_typed_number_when_used_then_refused_with_whose_it_is_off_the_trail(
    cast: Cast, entry: CatalogueEntry
) -> None:
    sheet_with(cast, entry, ["JY11405250000999"], "CHECKED")
    with pytest.raises(RuleBroken) as refusal:
        next_number(entry, typed="JY11405250000999")
    assert "台账.xlsx" in refusal.value.fields["licence_number"]
    assert "台账" not in refusal.value.reason


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", []), ("100-199、300", [[100, 199], [300, 300]]), ("１００至１９９", [[100, 199]]),
        ("1,2 ，3", [[1, 1], [2, 2], [3, 3]]),
    ],
)  # fmt: skip
def test_ranges_when_written_as_people_do_then_read(text: str, ranges: list[list[int]]) -> None:
    assert read_ranges(text) == ranges
    assert read_ranges(ranges_in_words(ranges)) == ranges


@pytest.mark.parametrize("text", ["甲", "9-1", "1-2-3"])
def test_ranges_when_unreadable_then_said(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        read_ranges(text)


def test_sequence_when_in_touching_ranges_then_behind_all_of_them() -> None:
    assert behind_reserved({"reserved": [[5, 9], [1, 4], [10, 10]]}, 2) == 11
