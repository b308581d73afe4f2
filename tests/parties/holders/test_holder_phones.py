"""A holder is found by phone, and the number is nowhere in the clear (M.26)."""

import pytest
from django.db import connection

from tests.cast import Cast
from zezhou_portal.parties.holders.changing import change_holder
from zezhou_portal.parties.holders.services import enter_holder, search_holders


@pytest.mark.article("M.26")
@pytest.mark.django_db
def test_a_holder_is_found_by_phone_however_it_is_written() -> None:
    cast = Cast()
    clerk = cast.actor("market.clerk")
    one = enter_holder(
        actor=clerk,
        kind="natural_person",
        name="常书宁",
        identity_type="111",
        identity_number="140525199001011235",
        phone="13800001234",
    ).holder
    assert list(search_holders(actor=clerk, text="138 0000 1234")) == [one]
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM parties_holder WHERE id = %s", [one.pk])
        assert "13800001234" not in "".join(cursor.fetchone())
    changed = change_holder(
        actor=clerk,
        holder=one,
        name="常书宁",
        identity_type="111",
        identity_number="140525199001011235",
        phone="0356-1234567",
    )
    assert list(search_holders(actor=clerk, text="13800001234")) == []
    assert list(search_holders(actor=clerk, text="03561234567")) == [changed]
