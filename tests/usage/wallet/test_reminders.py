"""Reminders before the last day: each stage once, the right people, nothing after an extension."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from audit.trail.models import Record
from licences.models import Licence
from licences.register import changes, producing
from licences.register.extending import extend
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.holders import mandate_of
from usage.models import ExpiryReminder
from usage.wallet.reminders import remind_due, stage_of
from zezhou_portal.parties.models import Holder, MandateKind, Notification, TextMessage

TODAY = date(2026, 11, 18)


def licence_until(cast: Cast, until: date, holders: list[Holder] | None = None) -> Licence:
    applications = Applications(cast)
    row = applications.received(holders=holders)
    row.valid_from, row.valid_until, row.is_long_term = TODAY - timedelta(days=400), until, False
    row.term_reason = "原证补录"
    row.save(update_fields=["valid_from", "valid_until", "is_long_term", "term_reason"])
    licence = applications.issued(row)
    producing.produce_waiting()
    licence.refresh_from_db()
    return licence


@pytest.mark.article("P.2.3.5")
def test_reminders_when_days_pass_then_each_stage_goes_out_once(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=61))
    sent = []
    for _ in range(63):
        sent.append(remind_due() + remind_due())
        wednesday.shift(timedelta(days=1))
    assert [day for day, count in enumerate(sent) if count] == [1, 31, 54]
    assert sum(sent) == 3
    assert list(ExpiryReminder.objects.order_by("pk").values_list("days", flat=True)) == [60, 30, 7]
    titles = list(Notification.objects.order_by("pk").values_list("title", flat=True))
    assert titles == [f"{licence.kind_name} {left} 天后到期" for left in (60, 30, 7)]
    noted = Record.objects.filter(action="expiry_reminded", subject_key=str(licence.uuid))
    assert noted.count() == 3


@pytest.mark.article("P.2.3.5")
def test_reminder_when_its_day_was_missed_then_goes_out_the_next(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence_until(cast, TODAY + timedelta(days=58))
    assert remind_due() == 1
    assert Notification.objects.get().title.endswith(" 58 天后到期")
    assert remind_due() == 0


@pytest.mark.article("P.2.3.5")
def test_reminder_when_extended_then_none(cast: Cast, wednesday: time_machine.Traveller) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=20))
    until = TODAY + timedelta(days=400)
    extend(
        actor=cast.actor("market.signatory"), licence=licence, valid_until=until, document="一号"
    )
    assert remind_due() == 0, "an extension that waits for its file"
    producing.produce_waiting()
    assert remind_due() == 0


def test_reminder_of_what_is_no_longer_in_force_is_not_sent(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    licence = licence_until(cast, TODAY + timedelta(days=20))
    changes.cancel(
        actor=cast.actor("market.signatory"), licence=licence, reason="停业", document="一号"
    )
    assert remind_due() == 0


@pytest.mark.article("P.2.3.5")
def test_those_who_act_for_a_holder_are_told_too_and_strangers_are_not(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    enterprise = HolderFactory(enterprise=True)
    neighbour = HolderFactory(enterprise=True)
    head = HolderFactory(name="郭样例", phone="13800000001")  # as the face names them
    agent, ended, stranger = (HolderFactory(phone="13800000001") for _ in range(3))
    mandate_of(head, enterprise, kind=MandateKind.LEGAL_REPRESENTATIVE)
    mandate_of(agent, enterprise)
    mandate_of(ended, enterprise, until_on=TODAY - timedelta(days=1))
    mandate_of(stranger, neighbour)
    licence_until(cast, TODAY + timedelta(days=5), [enterprise])
    assert remind_due() == 3
    told = set(Notification.objects.values_list("holder_id", flat=True))
    assert told == {enterprise.pk, head.pk, agent.pk}
    texts = list(TextMessage.objects.all())
    assert len(texts) == 2
    assert {text.phone for text in texts} == {"13800000001"}
    assert all(enterprise.name not in text.words for text in texts)


@pytest.mark.parametrize("stages", [(), (7,), (60, 30, 7), (7, 30, 60), (1, 365)])
def test_stage_is_the_nearest_that_is_not_passed(stages: tuple[int, ...]) -> None:
    for left in range(-40, 400):
        ahead = sorted(one for one in stages if one >= left)
        assert stage_of(left, stages) == (ahead[0] if left >= 0 and ahead else None)


def test_a_county_that_wants_other_days_says_so(
    cast: Cast, wednesday: time_machine.Traveller, settings: Any
) -> None:
    licence_until(cast, TODAY + timedelta(days=85))
    assert remind_due() == 0
    settings.PORTAL_REMINDER_DAYS = (90,)
    assert remind_due() == 1
    settings.PORTAL_REMINDER_DAYS = ()
    assert remind_due() == 0
