"""P.2.2: stock is converted and its faults given back; new licences are made as they are granted."""

import pytest

from audit.deadlines.models import Deadline
from licences.models import RowOutcome, StockRow
from licences.register import producing
from licences.stock import checking, converting
from tests.factories.seals import seal_of
from tests.licences.stock.conftest import ISSUER, answers, checked, published
from zezhou_portal.regulation.errors import NotPermitted


@pytest.mark.article("P.2.2.1")
def test_sheet_when_checked_then_every_fault_stands_beside_its_row_and_nothing_is_written(
    cast,
) -> None:
    cast.bureau.credit_code = ISSUER
    cast.bureau.save(update_fields=["credit_code"])
    seal_of(cast.bureau)
    entry = published("食品经营许可证", cast)
    batch = checked(cast, entry)
    wanted = {one["row"]: one["outcome"] for one in answers("food-licences-utf8")}
    rows = StockRow.objects.filter(batch=batch)
    names = {
        RowOutcome.CONVERT.value: "convert",
        RowOutcome.NOT_IN_FORCE.value: "not_in_force",
        RowOutcome.FAULT.value: "fault",
    }
    assert {row.row_number: names[row.outcome] for row in rows} == wanted
    assert not [
        row.row_number for row in rows if row.outcome == RowOutcome.FAULT and not row.reason
    ]
    assert entry.licences.count() == 0
    checking.submit(actor=cast.actor("bureau.clerk"), batch=batch)
    with pytest.raises(NotPermitted):
        checking.sign_off(actor=cast.actor("bureau.clerk"), batch=batch)
    assert converting.convert_waiting() == 0
    assert entry.licences.count() == 0


@pytest.mark.article("P.2.2.2")
def test_new_licence_when_granted_then_made_with_the_application(applications, wednesday) -> None:
    licence = applications.issued()
    assert licence.origin == "NEW"
    assert licence.application.state == "CONCLUDED"
    assert Deadline.objects.get(subject_key=str(licence.uuid)).last_day == licence.issued_on
    assert producing.produce_waiting() == 1
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"
