"""Relied upon as an act: once, by who verified, on the day, of what still passes (M.21)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.trail.models import Record
from licences.models import MarkKind
from licences.register import changes, marking
from tests.cast import Cast
from tests.records import outcomes
from tests.usage import duty
from tests.usage.sealed import in_force
from usage.models import UsageRecord
from usage.verifying.relying import rely
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [pytest.mark.article("M.21"), pytest.mark.usefixtures("wednesday")]


def test_relying_when_it_passed_then_recorded_once_and_in_the_holders_history(cast: Cast) -> None:
    licence = in_force(cast)
    _, code = duty.shown(licence)
    client = cast.client("power.verifier")
    row = duty.scan(client, code.secret, "用水报装")
    address = reverse("usage:rely", args=[row.uuid])
    assert 'value="用水报装"' in client.get(address).content.decode()
    done = client.post(address, {"purpose": "用水报装", "application_number": "YS-2026-1"})
    assert done["Location"] == reverse("usage:check-result", args=[row.uuid])
    used = UsageRecord.objects.get()
    assert (used.kind, used.licence, used.using_department) == ("relied", licence, cast.power)
    assert (used.purpose, used.application_number, used.verification) == (
        "用水报装",
        "YS-2026-1",
        row,
    )
    record = Record.objects.get(action="licence_relied_on", outcome="done")
    assert (record.subject_kind, record.subject_key) == ("licence", str(licence.uuid))
    assert record.facts["application_number"] == "YS-2026-1"
    said = client.get(done["Location"]).content.decode()
    assert "已作为办事依据" in said
    assert address not in said
    again = client.post(address, {"purpose": "再记一次"})
    assert again.status_code == 422
    assert "已经作为依据记过了" in again.content.decode()
    assert UsageRecord.objects.count() == 1


def test_relying_when_another_department_then_refused(cast: Cast) -> None:
    _, code = duty.shown(in_force(cast))
    row = duty.scan(cast.client("power.verifier"), code.secret)
    duty.neighbour(cast)
    with pytest.raises(NotPermitted):
        rely(actor=cast.actor("market.verifier"), verification=row, purpose="检查")
    assert not UsageRecord.objects.exists()
    assert [one for one, _ in outcomes("licence_relied_on")] == ["refused"]


def test_relying_when_the_verdict_failed_then_refused(cast: Cast) -> None:
    client = cast.client("power.verifier")
    row = duty.scan(client, "23456789ABCDEFGH")
    with pytest.raises(RuleBroken, match="没有通过"):
        rely(actor=cast.actor("power.verifier"), verification=row, purpose="检查")
    said = client.get(reverse("usage:rely", args=[row.uuid])).content.decode()
    assert "这次核验没有通过，不能作为依据。" in said


def test_relying_when_the_day_is_over_then_refused(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    _, code = duty.shown(in_force(cast))
    row = duty.scan(cast.client("power.verifier"), code.secret)
    wednesday.shift(timedelta(hours=13, minutes=59))
    actor = cast.actor("power.verifier")
    wednesday.shift(timedelta(minutes=1))
    with pytest.raises(RuleBroken, match="过了当天"):
        rely(actor=actor, verification=row, purpose="检查")
    wednesday.shift(timedelta(minutes=-1))
    assert rely(actor=actor, verification=row, purpose="检查").pk


def test_relying_when_the_licence_changed_meanwhile_then_refused(cast: Cast) -> None:
    licence = in_force(cast)
    _, code = duty.shown(licence)
    row = duty.scan(cast.client("power.verifier"), code.secret)
    signatory, actor = cast.actor("market.signatory"), cast.actor("power.verifier")
    marking.put_on(actor=signatory, licence=licence, kind=MarkKind.LOST)
    with pytest.raises(RuleBroken, match="已挂失"):
        rely(actor=actor, verification=row, purpose="检查")
    marking.take_off(actor=signatory, licence=licence, kind=MarkKind.LOST)
    changes.detain(actor=signatory, licence=licence, reason="检查", document="扣〔2026〕1号")
    with pytest.raises(RuleBroken, match="证照暂扣"):
        rely(actor=actor, verification=row, purpose="检查")


def test_relying_when_no_holder_showed_it_then_the_application_has_a_number(cast: Cast) -> None:
    row = duty.scan(cast.client("power.verifier"), duty.printed(in_force(cast)))
    actor = cast.actor("power.verifier")
    with pytest.raises(RuleBroken) as caught:
        rely(actor=actor, verification=row, purpose=" ")
    assert set(caught.value.fields) == {"purpose", "application_number"}
    assert rely(actor=actor, verification=row, purpose="报装", application_number=" A 1 ").pk
    assert UsageRecord.objects.get().application_number == "A1"
