"""/healthz and /readyz: each part named, real parts taken away."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from zezhou_portal.site import health

ALL_WELL = {
    "database": "yes",
    "database_for_refusals": "yes",
    "migrations": "yes",
    "redis": "yes",
    "keys": "yes",
    "files": "yes",
}


@pytest.fixture(autouse=True)
def _forget() -> None:
    health._are_applied.cache_clear()


def test_alive_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"alive": True}
    assert "no-store" in answer["Cache-Control"]


def test_ready_when_every_part_answers(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "answers": ALL_WELL}
    assert answer.status_code == 200


def test_not_ready_without_redis(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "answers": {**ALL_WELL, "redis": "no: ConnectionError"},
    }


def test_not_ready_without_keys(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["answers"] == {**ALL_WELL, "keys": "no: KeysMissing"}


def test_not_ready_where_files_cannot_be_written(
    client: Client, db: None, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    settings.PORTAL_FILES = tmp_path / "files"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["answers"] == {**ALL_WELL, "files": "no: FileExistsError"}


def test_not_ready_while_a_migration_waits(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'licences'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["answers"] == {**ALL_WELL, "migrations": "no: NotReady"}


def test_no_answer_tells_more_than_a_kind(client: Client, db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://:geheim@127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "geheim" not in answer.content.decode()


def test_every_answer_carries_its_request_id(client: Client) -> None:
    own = client.get("/healthz")["X-Request-Id"]
    assert len(own) == 32
    assert client.get("/healthz", headers={"X-Request-Id": "proxy-12345"})["X-Request-Id"] == (
        "proxy-12345"
    )
    hostile = client.get("/healthz", headers={"X-Request-Id": "a b\tc<script>"})["X-Request-Id"]
    assert len(hostile) == 32


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
