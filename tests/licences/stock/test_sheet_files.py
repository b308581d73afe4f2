"""A sheet's file is kept for its faulty rows to be mended, then erased on the record (M.26)."""

from datetime import timedelta

import pytest

from audit.trail.models import Record
from licences.models import StockBatch
from licences.stock.checking import sheet_of
from licences.stock.files import erase_old
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from zezhou_portal.kernel import clock, files
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.limits import SHEET_FILE_KEPT


def converted(cast: Cast, *, days_ago: int) -> StockBatch:
    return StockBatch.objects.create(
        entry=entry_of("食品经营许可证", cast.market),
        issuing_department=cast.market,
        state="CONVERTED",
        file_name="许可清单.csv",
        file_digest=files.store("许可编号,名称\n".encode()),
        file_size=20,
        received_by=cast.account("market.clerk"),
        received_at=clock.now(),
        finished_at=clock.now() - timedelta(days=days_ago),
    )


@pytest.mark.article("M.26")
@pytest.mark.django_db
def test_an_old_sheets_file_is_erased_once_and_recorded() -> None:
    batch = converted(Cast(), days_ago=SHEET_FILE_KEPT.days + 1)
    assert erase_old() == 1
    assert erase_old() == 0
    batch.refresh_from_db()
    assert batch.file_erased_at is not None
    record = Record.objects.get(action="sheet_file_erased")
    assert record.facts == {"file": batch.file_digest}
    with pytest.raises(RuleBroken, match="原文件已经清除"):
        sheet_of(batch)


@pytest.mark.django_db
def test_a_young_sheets_file_stays() -> None:
    batch = converted(Cast(), days_ago=SHEET_FILE_KEPT.days - 1)
    assert erase_old() == 0
    assert files.read(batch.file_digest)
