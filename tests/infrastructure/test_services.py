"""The private servers for real: started, killed, started again, erased."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
import redis

from scripts.lib import environment, places, postgres, server_process, talk
from zezhou_portal.settings.env import redis_database

ROOT = places.ROOT
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


class Checkout:
    """Another checkout's state in a folder of its own; its servers do not meet ours."""

    def __init__(self, folder: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in GIVEN}
        self.env = {**clean, "PORTAL_VAR": str(folder), "PORTAL_VENV": str(places.VENV)}

    def services(self, what: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / "scripts" / "services"), what],
            env={**self.env, **more}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def addresses(self) -> dict[str, str]:
        lines = self.services("env").stdout.splitlines()
        pairs = (line.removeprefix("export ").split("=", 1) for line in lines)
        return {name: value.strip("'") for name, value in pairs}


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path / "var")
    yield made
    assert made.services("erase").returncode == 0


def ask(address: str, statement: str) -> Any:
    line = psycopg2.connect(address)
    try:
        with line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()
    finally:
        line.close()


def test_servers_start_survive_a_kill_and_keep_their_data(checkout: Checkout) -> None:
    assert checkout.services("status").returncode == 3
    first = checkout.services("up")
    assert first.returncode == 0, first.stderr
    assert "started PostgreSQL, Redis" in first.stdout
    found = checkout.addresses()
    owner = found["DATABASE_OWNER_URL"]
    assert ask(owner, "SELECT current_user::text, rolsuper FROM pg_roles WHERE rolname = current_user") == (
        "portal_owner", False,
    )  # fmt: skip
    assert ask(owner, "SELECT current_setting('listen_addresses')") == ("",)
    assert ask(owner, "SELECT current_setting('log_min_error_statement')") == ("panic",)
    line = psycopg2.connect(owner)
    with line, line.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS n")
    line.close()
    folder = Path(parse_qs(urlsplit(owner).query)["host"][0])
    assert folder.stat().st_mode & 0o077 == 0
    client = redis.Redis.from_url(found["REDIS_URL"])
    assert client.ping() is True
    assert client.config_get("port") == {"port": "0"}
    redis_pid = client.info("server")["process_id"]
    client.close()
    # Killed outright: the pid files stay behind and must not keep the servers from starting.
    postgres_pid = int((folder / ".s.PGSQL.5432.lock").read_text().splitlines()[0])
    os.kill(postgres_pid, signal.SIGKILL)
    os.kill(redis_pid, signal.SIGKILL)
    assert checkout.services("up").returncode == 0
    assert ask(owner, "SELECT n FROM kept") == (7,)
    assert "were running" in checkout.services("up").stdout
    assert checkout.services("status").stdout == "PostgreSQL: running\nRedis: running\n"
    assert checkout.services("down").returncode == 0
    assert checkout.services("status").stdout == "PostgreSQL: stopped\nRedis: stopped\n"
    assert checkout.services("down").returncode == 0


def test_a_database_that_recovers_meanwhile_is_taken_as_it_is(
    monkeypatch: Any, tmp_path: Path
) -> None:
    answers = iter([False, True])
    monkeypatch.setattr(postgres, "running", lambda: next(answers))
    monkeypatch.setattr(postgres, "_forget_dead_server", lambda: None)
    # pg_ctl refuses as long as the first server's lock file is there.
    refused = subprocess.CompletedProcess[str]([], 1, "", "another server might be running")
    monkeypatch.setattr(server_process, "run", lambda command: refused)
    postgres._launch(tmp_path, tmp_path)
    assert next(answers, None) is None


def test_servers_that_are_given_are_not_started(checkout: Checkout) -> None:
    given = {"DATABASE_URL": "postgresql://o:x@db:5432/portal", "REDIS_URL": "redis://r:6379/0"}
    answer = checkout.services("up", **given)
    assert answer.returncode == 0, answer.stderr
    assert checkout.services("status", **given).stdout == (
        "PostgreSQL: given from outside\nRedis: given from outside\n"
    )
    assert checkout.services("status").stdout == "PostgreSQL: stopped\nRedis: stopped\n"


def test_a_database_given_alone_is_the_owners() -> None:
    given = {"DATABASE_URL": "postgresql://chief:x@db:5432/county?sslmode=require"}
    found = environment.addresses(given)
    assert found["DATABASE_OWNER_URL"] == given["DATABASE_URL"]
    assert found["DATABASE_URL"].startswith("postgresql://portal_app:")
    assert found["DATABASE_URL"].endswith("@db:5432/county?sslmode=require")
    assert not environment.own_database(given)


def test_two_addresses_stand_as_given() -> None:
    given = {"DATABASE_URL": "postgresql://a@db/x", "DATABASE_OWNER_URL": "postgresql://o@db/x"}
    found = environment.addresses(given)
    assert {name: found[name] for name in given} == given


def test_our_own_addresses_given_back_are_still_our_own() -> None:
    found = environment.addresses({})
    assert environment.own_database(found)
    assert environment.own_redis(found)
    assert environment.own_redis(environment.for_tests(found))
    assert environment.for_tests(found)["REDIS_URL"] != found["REDIS_URL"]
    assert environment.own_redis({"REDIS_URL": redis_database(found["REDIS_URL"], 4)})


@pytest.mark.parametrize(
    ("given", "another"),
    [
        ("unix:///run/x/redis.sock?db=1", "unix:///run/x/redis.sock?db=3"),
        ("unix:///run/x/redis.sock", "unix:///run/x/redis.sock?db=3"),
        ("unix:///run/x/redis.sock?db=0&socket_timeout=9", "unix:///run/x/redis.sock?socket_timeout=9&db=3"),
        ("redis://:pw@redis:6379/1", "redis://:pw@redis:6379/3"),
        ("rediss://redis:6379", "rediss://redis:6379/3"),
    ],
)  # fmt: skip
def test_another_redis_database_is_one_of_the_same_server(given: str, another: str) -> None:
    assert redis_database(given, 3) == another


def test_secrets_are_made_once_and_closed(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "SECRETS", tmp_path / "secrets")
    monkeypatch.setattr(places, "KEYS", tmp_path / "keys")
    for name in ("PORTAL_SECRET_KEY", "CITY_SHARED_SECRET"):
        monkeypatch.delenv(name, raising=False)
    first = environment.secrets()
    assert environment.secrets() == first
    assert len(set(first.values())) == 2
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in made) == [
        "city_shared_secret", "d1.key", "index.key", "portal_secret_key",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    assert all(len(bytes.fromhex(path.read_text())) == 32 for path in made if path.suffix == ".key")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "given")
    assert environment.secrets()["PORTAL_SECRET_KEY"] == "given"


def test_a_link_where_a_closed_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "closed").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(talk.Stop, match="is a link"):
        places.closed_folder(tmp_path / "closed")
