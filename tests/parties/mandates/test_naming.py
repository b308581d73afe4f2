"""A name that only an appointment has told keeps nobody out and lets nobody in (M.20, M.26)."""

from datetime import timedelta

import pytest

from audit.trail.models import Record
from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.families import person, represented
from tests.parties.mandates.test_mandates import CLERK, appoint, refused
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders.services import enter_holder
from zezhou_portal.parties.identity.port import Assertion
from zezhou_portal.parties.identity.real_name import sign_in
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.models import Holder, Mandate, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20", "M.26")]


def proved(name: str) -> Assertion:
    return Assertion(
        provider="test", subject="test:1", name=name, level=3,
        identity_type="111", identity_number=CLERK.citizen_id,
    )  # fmt: skip


@pytest.fixture
def mandate(db: None) -> Mandate:
    """An agent appointed under a name that somebody mistyped, or made up."""
    actor, _ = represented(person("赵代表", serial=11), HolderFactory(enterprise=True))
    return appoint(actor, Named("王错字", CLERK.citizen_id))


def test_sign_in_when_only_a_mandate_told_another_name_then_the_proved_one_stands(
    mandate: Mandate,
) -> None:
    check = sign_in(assertion=proved(CLERK.name)).check
    assert check.holder_id == mandate.agent_id
    assert Holder.objects.get(pk=mandate.agent_id).name == CLERK.name
    mandate.refresh_from_db()
    assert (mandate.end_reason, mandate.is_live(clock.today())) == ("name_differed", False)
    ended = Record.objects.get(action="mandate_ended", subject_kind="mandate")
    assert ended.facts["reason"] == "name_differed"
    changed = Record.objects.get(action="holder_changed")
    assert CLERK.name not in str(changed.content())
    told = Notification.objects.filter(action="mandate_ended", holder=mandate.agent).get()
    assert "姓名和公民身份号码对不上" in told.body


def test_sign_in_when_the_name_was_right_then_the_mandate_stands(db: None) -> None:
    actor, _ = represented(person("赵代表", serial=11), HolderFactory(enterprise=True))
    row = appoint(actor)
    sign_in(assertion=proved(CLERK.name))
    row.refresh_from_db()
    assert row.is_live(clock.today())
    assert not Record.objects.filter(action="holder_changed").exists()


def test_sign_in_when_a_clerk_entered_the_name_then_it_is_not_replaced(cast: Cast) -> None:
    enter_holder(
        actor=cast.actor("market.clerk"), kind="natural_person", name="王错字",
        identity_type="111", identity_number=CLERK.citizen_id,
    )  # fmt: skip
    assert "姓名" in refused(lambda: sign_in(assertion=proved(CLERK.name)))
    assert Holder.objects.filter(name="王错字").exists()
    assert not Holder.objects.filter(name=CLERK.name).exists()


def test_sign_in_when_signed_in_before_then_the_name_is_not_replaced(mandate: Mandate) -> None:
    sign_in(assertion=proved(CLERK.name))
    assert "姓名" in refused(lambda: sign_in(assertion=proved("另一人")))
    assert Mandate.objects.filter(ended_at__gt=clock.now() - timedelta(minutes=1)).count() == 1
