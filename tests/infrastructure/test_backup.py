"""Backup and restore for real: another database, other processes, the role that may only read."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from audit.trail import recording
from tests.template_database import template_database
from zezhou_portal.kernel import files
from zezhou_portal.kernel.actors import Channel, machine
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.management import dump
from zezhou_portal.management.commands import restore
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.regulation.actions import Action

ROOT = Path(settings.BASE_DIR)


def address(database: str, role: str | None = None) -> str:
    """The address of a database of the test server, as its owner or as a role of the portal."""
    given = connection.settings_dict
    password = os.environ.get("PORTAL_BACKUP_PASSWORD", "") if role else given["PASSWORD"]
    login = f"{role or given['USER']}:{password}" if password else role or given["USER"]
    return f"postgresql://{login}@/{database}?host={given['HOST']}&port={given['PORT'] or 5432}"


def manage(*arguments: str, database: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """manage.py in a process of its own, with a files folder of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.development",
        "PORTAL_FILES": str(folder),
        "PORTAL_KEYS": str(settings.PORTAL_KEYS),
        "PORTAL_LOG_LEVEL": "WARNING",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """The owner's address of a database that has just been made."""
    yield from _made("template1")


@pytest.fixture
def empty_tables(transactional_db: None) -> Iterator[str]:
    """The same with the tables that a restore begins with: making them takes longest."""
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    yield from _made(template_database(owner))


def _made(template: str) -> Iterator[str]:
    parameters = connection.get_connection_params()
    line = psycopg2.connect(**{**parameters, "dbname": "postgres"})
    line.autocommit = True
    # Named after this process's own database: another may be restoring at the same time.
    target = f"{parameters['dbname']}_restored"
    name = sql.Identifier(target)
    with line.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        copied = sql.Identifier(template)
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, copied))
        yield address(target)
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    line.close()


@pytest.fixture
def county(transactional_db: None) -> dict[str, Any]:
    """A department, a person with an encrypted phone, two records of the trail, two files."""
    shutil.rmtree(settings.PORTAL_FILES, ignore_errors=True)
    department = Department.objects.create(
        name="泽州县行政审批服务管理局", credit_code="11140525MB0000000X", kind="county"
    )
    account = Account.objects.create(
        username="wang", name="王\n小\\明\t", phone="13800138000", department=department
    )
    actor = machine("test", channel=Channel.COMMAND)
    recording.record(
        actor, Action.ACCOUNT_OPENED, Subject("account", "1", "一"), {"count": [None, 1]}
    )
    recording.record(actor, Action.ACCOUNT_UNLOCKED, Subject("account", "1", "一"), {"name": "甲"})
    return {
        "account": account,
        "files": sorted([files.store(b"one licence"), files.store(b"")]),
    }


@pytest.fixture
def backed_up(county: dict[str, Any], tmp_path: Path) -> Path:
    """A backup of the county, taken as the role that may only read."""
    target = tmp_path / "backup"
    source = address(connection.settings_dict["NAME"], "portal_backup")
    answer = manage("backup", str(target), database=source, folder=settings.PORTAL_FILES)
    assert answer.returncode == 0, answer.stderr
    return target


@pytest.fixture
def kept_backup(
    request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A copy of a backup that is made once a run: damaging it damages no other test's."""
    kept = tmp_path_factory.getbasetemp() / "kept-backup"
    if not kept.exists():
        shutil.copytree(request.getfixturevalue("backed_up"), kept)
    return Path(shutil.copytree(kept, tmp_path / "damaged"))


def query(database: str, statement: str) -> list[tuple[Any, ...]]:
    """Ask a database directly."""
    line = psycopg2.connect(database)
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())
    finally:
        line.close()


def reseal(backup: Path, change: Any) -> None:
    """Change the manifest and give it a digest that fits: an attacker's hand, not a fault's."""
    content = json.loads((backup / dump.MANIFEST).read_text(encoding="utf-8"))
    change(content)
    (backup / dump.MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    (backup / dump.MANIFEST_DIGEST).write_text(
        dump.file_digest(backup / dump.MANIFEST), encoding="ascii"
    )


def test_restore_when_trust_and_seal_keys_are_not_there_then_says_where_they_go(
    settings: Any, tmp_path: Path
) -> None:
    settings.PORTAL_KEYS = tmp_path / "keys"
    manifest = dump.Manifest("", [], [], {}, [], {}, [], "", "")
    todo = " ".join(restore.Command()._still_to_do(manifest))
    assert f"{settings.PORTAL_KEYS}/trust" in todo
    assert f"{settings.PORTAL_KEYS}/seals" in todo
    (settings.PORTAL_KEYS / "trust").mkdir(parents=True)
    (settings.PORTAL_KEYS / "trust" / "root.cer").write_bytes(b"x")
    todo = " ".join(restore.Command()._still_to_do(manifest))
    assert f"{settings.PORTAL_KEYS}/trust" not in todo


@pytest.mark.long
def test_what_was_backed_up_is_what_is_restored(
    county: dict[str, Any], backed_up: Path, empty_database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    answer = manage("restore", str(backed_up), database=empty_database, folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert "2 records, every digest as written" in answer.stdout
    assert "2 files" in answer.stdout
    assert query(empty_database, "SELECT username, name FROM parties_account") == [
        ("wang", "王\n小\\明\t")
    ]
    stored = query(empty_database, "SELECT phone FROM parties_account")[0][0]
    assert stored.startswith("d1:")
    assert "13800138000" not in stored
    actions = query(empty_database, "SELECT action FROM audit_trail_record ORDER BY seq")
    assert actions == [("account_opened",), ("account_unlocked",)]
    assert sorted(path.name for path in dump.stored_files(folder)) == county["files"]
    # The next record gets the next number, and the runtime role has its rights back.
    last = query(empty_database, "SELECT last_value FROM audit_trail_record_seq")[0][0]
    assert query(empty_database, "SELECT max(seq) FROM audit_trail_record") == [(last,)]
    rights = "SELECT has_table_privilege('portal_app', 'audit_trail_record', '{}')"
    assert query(empty_database, rights.format("INSERT")) == [(True,)]
    assert query(empty_database, rights.format("UPDATE")) == [(False,)]
    # A second restore into what is no longer empty changes nothing.
    again = manage("restore", str(backed_up), database=empty_database, folder=folder)
    assert again.returncode == 1
    assert "The database is not empty" in again.stderr


def test_two_backups_of_the_same_rows_are_the_same(backed_up: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    source = address(connection.settings_dict["NAME"], "portal_backup")
    answer = manage("backup", str(again), database=source, folder=settings.PORTAL_FILES)
    assert answer.returncode == 0, answer.stderr
    for path in sorted((backed_up / "tables").iterdir()):
        assert path.read_bytes() == (again / "tables" / path.name).read_bytes(), path.name
    assert (
        "13800138000"
        not in gzip.decompress((again / "tables" / "parties_account.copy.gz").read_bytes()).decode()
    )
    assert (again.stat().st_mode & 0o777) == 0o700


def test_a_backup_never_overwrites_another(backed_up: Path) -> None:
    before = (backed_up / dump.MANIFEST).read_bytes()
    source = address(connection.settings_dict["NAME"], "portal_backup")
    answer = manage("backup", str(backed_up), database=source, folder=settings.PORTAL_FILES)
    assert answer.returncode == 1
    assert "never overwrites" in answer.stderr
    assert (backed_up / dump.MANIFEST).read_bytes() == before


def test_a_stored_file_that_was_altered_is_not_backed_up_as_if_it_were_sound(
    county: dict[str, Any], tmp_path: Path
) -> None:
    files.path_of(county["files"][0]).write_bytes(b"another licence")
    source = address(connection.settings_dict["NAME"], "portal_backup")
    target = tmp_path / "backup"
    answer = manage("backup", str(target), database=source, folder=settings.PORTAL_FILES)
    assert answer.returncode == 1
    assert county["files"][0] in answer.stderr
    # named and left out; the backup of everything else is there and counts
    assert "The backup is complete" in answer.stderr
    kept = sorted(dump.Manifest.read(target).files)
    assert kept == sorted(set(county["files"]) - {county["files"][0]})


def _alter_file(backup: Path, digest: str) -> str:
    (backup / "files" / digest[:2] / digest[2:4] / digest).write_bytes(b"altered")
    return "is missing or altered"


def _alter_table(backup: Path, digest: str) -> str:
    path = backup / "tables" / "parties_account.copy.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"wang", b"weng")))
    return "parties_account was altered"


def _cut_table(backup: Path, digest: str) -> str:
    path = backup / "tables" / "parties_account.copy.gz"
    path.write_bytes(path.read_bytes()[:-20])
    return "parties_account cannot be read"


def _alter_manifest(backup: Path, digest: str) -> str:
    path = backup / dump.MANIFEST
    path.write_bytes(path.read_bytes() + b" ")
    return "the manifest is not the one that was written"


def _lose_manifest(backup: Path, digest: str) -> str:
    (backup / dump.MANIFEST).unlink()
    return "no complete backup lies here"


def _alter_trail(backup: Path, digest: str) -> str:
    """Everything fits but the record's own digest: only the leaf proof finds this one."""
    path = backup / "tables" / "audit_trail_record.copy.gz"
    text = gzip.decompress(path.read_bytes()).replace(b"account_opened", b"account_closed")
    path.write_bytes(gzip.compress(text))
    digest_of_text = dump.sm3()
    digest_of_text.update(text)

    def change(content: dict[str, Any]) -> None:
        for table in content["tables"]:
            if table["name"] == dump.TRAIL:
                table["sm3"] = digest_of_text.hexdigest()

    reseal(backup, change)
    return "was altered"


def _another_version(backup: Path, digest: str) -> str:
    reseal(backup, lambda content: content["migrations"].append(["parties", "9999_future"]))
    return "made by another version of the portal"


def _other_keys(backup: Path, digest: str) -> str:
    reseal(backup, lambda content: content.update(index_proof="0" * 64))
    return "are not those of this backup"


@pytest.mark.parametrize(
    "damage",
    [
        _alter_file, _alter_table, _cut_table, _alter_manifest, _lose_manifest, _alter_trail,
        _another_version, _other_keys,
    ],
)  # fmt: skip
def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(
    damage: Any, kept_backup: Path, empty_tables: str, tmp_path: Path
) -> None:
    words = damage(kept_backup, next(dump.stored_files(kept_backup / "files")).name)
    folder = tmp_path / "files"
    answer = manage("restore", str(kept_backup), database=empty_tables, folder=folder)
    assert answer.returncode == 1, answer.stdout
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert query(empty_tables, "SELECT count(*) FROM parties_account") == [(0,)]
    assert query(empty_tables, "SELECT count(*) FROM audit_trail_record") == [(0,)]
