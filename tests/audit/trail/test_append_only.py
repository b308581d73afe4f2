"""No role of the database can change, empty, drop or disarm the trail (M.25)."""

from datetime import date, datetime

import psycopg2
import pytest
from django.db import connection

from audit.trail.models import Record
from audit.trail.partitions import partition_name
from audit.trail.recording import record
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.clock import BEIJING
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.management.commands.grant_roles import ROLES
from zezhou_portal.regulation.actions import Action

PARENT = "audit_trail_record"
PARTITION = partition_name(date(2026, 11, 1))
# A month that nothing else makes, so that its triggers are all on.
FAR = date(2027, 12, 1)
FORBIDDEN = {
    "update": "UPDATE {table} SET actor_name = 'x'",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "drop": "DROP TABLE {table}",
    "switch triggers off": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "switch the guard off": "ALTER TABLE {table} DISABLE TRIGGER refuse_change",
    "drop the guard": "DROP TRIGGER refuse_change ON {table}",
    "replace the guard": "CREATE OR REPLACE FUNCTION audit_trail_refuse() RETURNS trigger"
    " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "detach": "ALTER TABLE audit_trail_record DETACH PARTITION {partition}",
    "replicate": "SET session_replication_role = replica",
    "take over": "ALTER TABLE {table} OWNER TO CURRENT_USER",
}

pytestmark = [pytest.mark.article("M.25"), pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def kept(transactional_db: None) -> Record:
    """A record that stands in the newest partition."""
    record(machine("test"), Action.LOGGED_IN, Subject("account", "1", "甲"), {})
    return Record.objects.get()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_trail_when_a_role_tries_then_refused_for_want_of_a_right(kept, as_role, role) -> None:
    refused = []
    for table in (PARENT, PARTITION):
        for deed, words in FORBIDDEN.items():
            statement = words.format(table=table, partition=PARTITION)
            with as_role(role) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
            refused.append((table, deed))
    assert len(refused) == 2 * len(FORBIDDEN)
    assert Record.objects.get().content() == kept.content()


def test_trail_when_the_runtime_role_works_then_it_may_add_and_read(kept, as_role) -> None:
    copy = (
        "INSERT INTO audit_trail_record SELECT nextval('audit_trail_record_seq'), gen_random_uuid(),"
        " at, action, article, actor_kind, actor_key, actor_name, actor_role, department_code,"
        " department_name, channel, request_id, subject_kind, subject_key, subject_label, outcome,"
        " reason, facts, leaf FROM audit_trail_record"
    )
    with as_role("portal_app") as cursor:
        cursor.execute(copy)
        cursor.execute("SELECT count(*) FROM audit_trail_record")
        assert cursor.fetchone() == (2,)
    for role in ("portal_auditor", "portal_backup"):
        with as_role(role) as cursor:
            cursor.execute("SELECT count(*) FROM audit_trail_record")
            assert cursor.fetchone() == (2,)
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(copy)


def test_trail_when_the_owner_forgets_then_the_triggers_refuse(kept) -> None:
    for table in (PARENT, PARTITION):
        for deed in ("update", "delete"):
            with (
                connection.cursor() as cursor,
                pytest.raises(Exception, match="append-only") as refusal,
            ):
                cursor.execute(FORBIDDEN[deed].format(table=table))
            assert isinstance(refusal.value.__cause__, psycopg2.errors.RaiseException)
    assert Record.objects.get().content() == kept.content()


def test_new_month_when_made_then_guarded_at_once(kept, as_role) -> None:
    name = partition_name(FAR)
    with as_role("portal_app") as cursor:
        cursor.execute("SELECT audit_trail_make_partition(%s)", [FAR])
        assert cursor.fetchone() == (name,)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
                " AND NOT tgisinternal ORDER BY tgname",
                [name],
            )
            assert [row[0] for row in cursor.fetchall()] == ["refuse_change", "refuse_truncate"]
        moment = datetime(2027, 12, 5, 10, 0, tzinfo=BEIJING)
        Record.objects.create(at=moment, action="logged_in", article="M.25", leaf="0" * 64)
        for table in (name, PARENT):  # emptying the whole empties the month too
            with connection.cursor() as cursor, pytest.raises(Exception, match="append-only"):
                cursor.execute(f"TRUNCATE {table}")
        for role in ROLES:
            for deed in ("update", "delete", "truncate", "drop", "switch triggers off"):
                statement = FORBIDDEN[deed].format(table=name)
                with as_role(role) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {name}")


def test_partitions_when_asked_too_far_ahead_then_refused(kept, as_role) -> None:
    with as_role("portal_app") as cursor, pytest.raises(psycopg2.errors.RaiseException):
        cursor.execute("SELECT audit_trail_make_partition('2099-01-01')")
    for role in ("portal_auditor", "portal_backup"):
        with as_role(role) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SELECT audit_trail_make_partition('2026-12-01')")
