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
    "clock": "yes",
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
    told = answer.json()
    assert (told["ready"], told["answers"]) == (True, ALL_WELL)
    assert answer.status_code == 200


def test_not_ready_without_redis(client: Client, db: None, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["answers"] == {**ALL_WELL, "redis": "no: ConnectionError"}
    assert answer.json()["ready"] is False


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


def test_every_answer_carries_a_number_of_the_portal_s_own(client: Client) -> None:
    own = client.get("/healthz")["X-Request-Id"]
    assert len(own) == 32
    chosen = client.get("/healthz", headers={"X-Request-Id": "another-act-1"})["X-Request-Id"]
    assert len(chosen) == 32
    assert chosen not in {own, "another-act-1"}


@pytest.mark.parametrize(
    ("proxies", "peer", "is_taken"),
    [(1, "10.0.0.1", True), (1, "127.0.0.1", True), (1, "::1", True), (1, "", True),
     (1, "::ffff:10.0.0.1", True), (1, "203.0.113.9", False), (1, "nowhere", False),
     (0, "10.0.0.1", False)],
)  # fmt: skip
def test_the_number_of_our_own_front_is_taken_over_and_no_one_else_s(
    client: Client, settings: Any, proxies: int, peer: str, is_taken: bool
) -> None:
    settings.PORTAL_PROXIES = proxies
    sent = {"X-Request-Id": "proxy-12345"}
    answer = client.get("/healthz", headers=sent, REMOTE_ADDR=peer)
    assert (answer["X-Request-Id"] == "proxy-12345") is is_taken


@pytest.mark.parametrize("words", ["a b\tc<script>", "short", "x" * 65, "證件-12345678"])
def test_a_number_that_is_not_sound_is_not_taken_from_our_front_either(
    client: Client, settings: Any, words: str
) -> None:
    settings.PORTAL_PROXIES = 1
    answer = client.get("/healthz", headers={"X-Request-Id": words}, REMOTE_ADDR="10.0.0.1")
    assert len(answer["X-Request-Id"]) == 32
    assert answer["X-Request-Id"] != words


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
