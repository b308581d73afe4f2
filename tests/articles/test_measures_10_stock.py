"""M.10: what was granted before and is still in force is converted; nothing else is."""

import pytest

from audit.deadlines.models import Deadline
from licences.models import Licence, RowOutcome, StockRow
from licences.register import producing
from licences.register.selectors import in_force
from licences.stock import converting
from tests.factories.seals import seal_of
from tests.licences.stock.conftest import ISSUER, ON, answers, published, signed_off
from zezhou_portal.exchange.models import Outbound

pytestmark = pytest.mark.article("M.10")


@pytest.fixture
def converted(cast):
    """The small sample sheet, checked on the day of its answers, signed off and converted."""
    cast.bureau.credit_code = ISSUER
    cast.bureau.save(update_fields=["credit_code"])
    seal_of(cast.bureau)
    batch = signed_off(cast, published("食品经营许可证", cast))
    converting.convert_waiting()
    return batch


def rows_of(outcome: str) -> list[int]:
    """Row numbers of an outcome, as the answers beside the sheet say."""
    return [one["row"] for one in answers("food-licences-utf8") if one["outcome"] == outcome]


def test_row_when_not_in_force_on_the_day_then_left_out(converted) -> None:
    left = StockRow.objects.filter(batch=converted, outcome=RowOutcome.NOT_IN_FORCE)
    assert list(left.order_by("row_number").values_list("row_number", flat=True)) == rows_of(
        "not_in_force"
    )
    assert left.filter(licence__isnull=False).count() == 0
    assert left.count() > 0


def test_row_when_in_force_on_the_day_then_one_stock_licence(converted) -> None:
    made = StockRow.objects.filter(batch=converted, licence__isnull=False).order_by("row_number")
    assert list(made.values_list("row_number", flat=True)) == rows_of("convert")
    assert set(Licence.objects.values_list("origin", flat=True)) == {"STOCK"}
    assert Licence.objects.filter(valid_until__lt=ON).count() == 0
    # the text sets no number of days for stock: no clock of M.9 runs
    assert Deadline.objects.count() == 0


def test_stock_when_its_file_is_sealed_then_told_to_the_city_as_stock(converted) -> None:
    count = Licence.objects.count()
    assert producing.produce_waiting() == min(count, producing.BATCH)
    sealed = in_force(Licence.objects.all(), ON)
    assert sealed.count() == min(count, producing.BATCH)
    assert set(Outbound.objects.values_list("topic", "article")) == {("stock_licence", "M.10")}
    assert Outbound.objects.count() == sealed.count()
