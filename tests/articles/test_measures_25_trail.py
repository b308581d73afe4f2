"""M.25: every act is recorded, refused ones too; the record stays and stays as it is."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from audit.trail.digest import leaf
from audit.trail.models import Record
from licences.applications import receiving, reviewing
from licences.register import producing
from tests.records import records
from zezhou_portal.kernel.actors import machine
from zezhou_portal.management.commands.grant_roles import APP, ROLES
from zezhou_portal.regulation import limits
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = pytest.mark.article("M.25")


def test_licence_when_made_then_every_act_on_the_way_is_on_the_trail(applications) -> None:
    before = set(Record.objects.values_list("id", flat=True))
    applications.issued()
    producing.produce_waiting()
    rows = Record.objects.exclude(id__in=before).order_by("seq")
    assert [(row.action, row.outcome) for row in rows] == [
        ("application_received", "done"),
        ("values_captured", "done"),
        ("application_submitted", "done"),
        ("application_approved", "done"),
        ("licence_issued", "done"),  # of the application
        ("licence_issued", "done"),  # of the licence
        ("licence_in_force", "done"),  # of the batch
        ("licence_in_force", "done"),  # of the licence
    ]
    clerk = applications.actor("clerk")
    assert (rows[0].actor_key, rows[0].department_code) == (clerk.key, clerk.department_code)
    assert [row.leaf for row in rows] == [leaf(row.content()) for row in rows]


def test_act_when_refused_then_recorded_though_it_was_rolled_back(applications, cast) -> None:
    application = applications.submitted()
    with pytest.raises(NotPermitted):
        reviewing.approve(
            actor=cast.actor("market.clerk"), application=application, revision=application.revision
        )
    (record,) = records("application_approved")
    assert record.outcome == "refused"
    assert record.reason == "您现在的岗位没有“审核”的权限，请交给有这个岗位的同事。"
    application.refresh_from_db()
    assert application.state == "UNDER_REVIEW"


def test_form_when_sent_with_faults_until_it_is_right_then_one_act(applications) -> None:
    row = applications.received()
    clerk = applications.actor("clerk")
    for _ in range(5):
        with pytest.raises(RuleBroken):
            receiving.withdraw(actor=clerk, application=row, reason=" ")
    assert records("application_withdrawn") == []
    receiving.withdraw(actor=clerk, application=row, reason="申请人不办了")
    assert [one.outcome for one in records("application_withdrawn")] == ["done"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_trail_record SET reason = 'x'",
        "DELETE FROM audit_trail_record",
    ],
)
def test_record_when_the_owner_would_change_it_then_refused(applications, change) -> None:
    applications.received()
    count = Record.objects.count()
    assert count > 0
    with (
        pytest.raises(DatabaseError, match="the trail is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert Record.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_record_when_any_role_would_change_it_then_not_allowed(as_role) -> None:
    from audit.trail.recording import record
    from zezhou_portal.kernel.subjects import Subject
    from zezhou_portal.regulation.actions import Action

    record(machine("test"), Action.TRAIL_SEARCHED, Subject("test", "1"), {})
    for role in ROLES:
        for change in (
            "UPDATE audit_trail_record SET reason = 'x'",
            "DELETE FROM audit_trail_record",
            "TRUNCATE audit_trail_record",
            "ALTER TABLE audit_trail_record DISABLE TRIGGER refuse_change",
            "DROP TABLE audit_trail_record",
        ):
            with (
                as_role(role) as cursor,
                pytest.raises(InsufficientPrivilege),
            ):
                cursor.execute(change)
    with as_role(APP) as cursor:
        cursor.execute("SELECT count(*) FROM audit_trail_record WHERE action = 'trail_searched'")
        assert cursor.fetchone()[0] == 1


def test_retention_when_read_then_three_years() -> None:
    assert limits.TRAIL_RETENTION_YEARS == 3
