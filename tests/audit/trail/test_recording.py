"""One act, one record: done, refused on its own connection, failed; provable afterwards (M.25)."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.trail import partitions
from audit.trail.digest import leaf
from audit.trail.models import Record
from audit.trail.recording import acting, record
from audit.trail.tasks import make_partitions
from tests.cast import Cast
from tests.records import records
from zezhou_portal.kernel.clock import beijing_day, now
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Department
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, NotPermitted, RuleBroken

SUBJECT = Subject("department", "1", "某单位")

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.mark.article("M.25")
def test_act_when_done_then_one_record_with_who_what_and_facts(cast: Cast) -> None:
    actor = cast.actor("market.clerk")
    with acting(actor, Action.APPLICATION_RECEIVED, SUBJECT) as act:
        act.fact("state", "", "RECEIVED")
        act.note("count", 2)
        act.secret("identity_number", "140525199001011234")
    (row,) = records("application_received")
    assert (row.outcome, row.reason, row.article) == ("done", "", "M.9")
    assert (row.actor_key, row.actor_name, row.department_code) == (
        actor.key, actor.name, cast.market.credit_code,
    )  # fmt: skip
    assert (row.subject_kind, row.subject_key, row.subject_label) == ("department", "1", "某单位")
    assert row.facts["state"] == ["", "RECEIVED"]
    assert row.facts["count"] == 2
    assert row.facts["identity_number"].startswith("hmac:")
    assert "1405" not in row.facts["identity_number"].removeprefix("hmac:")[:4]
    assert row.leaf == leaf(row.content())


@pytest.mark.article("M.25")
@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (RuleBroken("M.7", "还差一项。"), "refused", "还差一项。"),
        (NotPermitted("approve", "没有权限。"), "refused", "没有权限。"),
        (ZeroDivisionError("secret"), "failed", "ZeroDivisionError"),
    ],
)
def test_act_when_it_does_not_end_well_then_undone_and_recorded(
    cast: Cast, fault, outcome, reason
) -> None:
    actor = cast.actor("market.clerk")
    with pytest.raises(type(fault)), acting(actor, Action.APPLICATION_RECEIVED, SUBJECT):
        Department.objects.filter(pk=cast.market.pk).update(name="改了")
        raise fault
    assert not Department.objects.filter(name="改了").exists()
    (row,) = records("application_received")
    assert (row.outcome, row.reason) == (outcome, reason)
    assert row.leaf == leaf(row.content())


@pytest.mark.article("M.25")
def test_form_when_sent_five_times_with_faults_then_no_act_and_undone(cast: Cast) -> None:
    actor = cast.actor("market.clerk")
    for _ in range(5):
        with pytest.raises(FormFault), acting(actor, Action.APPLICATION_RECEIVED, SUBJECT):
            Department.objects.filter(pk=cast.market.pk).update(name="改了")
            raise FormFault("M.7", "还差一项。", fields={"name": "还没有填"})
    assert records("application_received") == []
    assert not Department.objects.filter(name="改了").exists()
    with acting(actor, Action.APPLICATION_RECEIVED, SUBJECT):
        pass
    assert [row.outcome for row in records("application_received")] == ["done"]


def test_act_when_many_subjects_then_a_record_each(cast: Cast) -> None:
    with acting(cast.actor("market.clerk"), Action.SHEET_SIGNED_OFF, SUBJECT) as act:
        act.add_record(Subject("licence", "1", "一"), {"version": 1}, Action.ROW_CONVERTED)
        act.add_record(Subject("licence", "2", "二"), {"version": 2})
    assert [row.subject_key for row in records("sheet_signed_off")] == ["1", "2"]
    assert [row.facts for row in records("row_converted")] == [{"version": 1}]


@pytest.mark.article("M.25")
def test_verify_trail_when_a_record_was_altered_then_names_it(cast: Cast) -> None:
    record(cast.actor("market.clerk"), Action.LOGGED_IN, SUBJECT, {"count": 1})
    out = StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue().strip() == "1 records, every digest as written"
    row = Record.objects.get()
    with connection.cursor() as cursor:  # what only the owner can do, and only like this
        cursor.execute("ALTER TABLE audit_trail_record DISABLE TRIGGER refuse_change")
        cursor.execute("UPDATE audit_trail_record SET actor_name = '别人'")
        cursor.execute("ALTER TABLE audit_trail_record ENABLE TRIGGER refuse_change")
    with pytest.raises(CommandError, match=f"record {row.id} .* was altered"):
        call_command("verify_trail", stdout=out)


def test_partitions_when_the_timer_rings_then_the_coming_months_are_there(db: None) -> None:
    names = make_partitions()
    assert names == [
        f"audit_trail_record_{month}" for month in ("202611", "202612", "202701", "202702")
    ]
    assert make_partitions() == names
    assert partitions.next_month(beijing_day(now()).replace(day=1)).isoformat() == "2026-12-01"


@pytest.mark.article("M.26")
def test_record_when_words_hold_a_citizen_id_or_a_null_then_kept_without(cast: Cast) -> None:
    number = "140525199001010099"
    actor = cast.actor("market.clerk")
    subject = Subject("stock_batch", "1", f"{number}.xlsx")
    with pytest.raises(RuleBroken), acting(actor, Action.SHEET_RECEIVED, subject):
        raise RuleBroken("M.6", f"证照编号 {number} 已经用过。")
    with acting(actor, Action.SHEET_RECEIVED, subject) as act:
        act.note("reason", f"\0{number}")
    done, refused = sorted(records("sheet_received"), key=lambda row: row.outcome)
    assert (refused.subject_label, refused.reason) == (
        "140525********0099.xlsx",
        "证照编号 140525********0099 已经用过。",
    )
    assert done.facts == {"reason": "140525********0099"}
    assert done.leaf == leaf(done.content())
