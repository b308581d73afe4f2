"""Expiry: recorded once, told to the city, never trusted for validity (M.8)."""

from datetime import timedelta

import pytest

from audit.trail.models import Record
from licences.models import Licence, LicenceStatus
from licences.register import producing
from licences.register.expiring import expire_due
from licences.register.selectors import in_force, is_in_force, state_on
from tests.cast import Cast
from tests.flows.test_application_to_city import issued
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock


@pytest.fixture
def licence(db: None) -> Licence:
    made = issued(Cast())
    producing.produce_waiting()
    made.refresh_from_db()
    return made


def ended_yesterday(licence: Licence) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Licence.objects.filter(pk=licence.pk).update(
        valid_from=yesterday - timedelta(days=1), valid_until=yesterday
    )


@pytest.mark.article("M.8")
def test_validity_does_not_wait_for_the_timer(licence: Licence) -> None:
    ended_yesterday(licence)
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"
    assert not is_in_force(licence, clock.today())
    assert is_in_force(licence, clock.today() - timedelta(days=1))


@pytest.mark.article("M.8")
def test_expiry_is_recorded_once_and_told_to_the_city(licence: Licence) -> None:
    assert expire_due() == 0
    ended_yesterday(licence)
    assert expire_due() == 1
    assert expire_due() == 0
    licence.refresh_from_db()
    assert licence.state == "EXPIRED"
    assert not in_force(Licence.objects.all(), clock.today()).exists()
    topics = Outbound.objects.filter(subject_key=str(licence.uuid)).order_by("version")
    assert [(row.topic, row.version) for row in topics] == [
        ("licence_issued", 1),
        ("licence_expired", 2),
    ]
    record = Record.objects.get(action="licence_expired", subject_key=str(licence.uuid))
    assert record.facts["state"] == ["IN_FORCE", "EXPIRED"]


def test_a_past_day_is_answered_from_the_history_of_states(licence: Licence) -> None:
    before = licence.entered_at - timedelta(seconds=1)
    assert state_on(licence, before) is None
    assert state_on(licence, clock.now()) == "IN_FORCE"
    assert LicenceStatus.objects.filter(licence=licence, until__isnull=True).count() == 1
