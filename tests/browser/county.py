"""A sample county of its own for the browser: database, keys, processes, gone after the run.

The portal runs as in production: the runtime role owns nothing in its database, so what the
grants forget fails here.
"""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from django_otp.oath import hotp
from psycopg2 import sql

from scripts.lib import commands, environment, places, redis_server
from scripts.lib.processes import Family, free_port, wait_for_port, wait_until_ready
from tests.template_database import at, template_database

PASSWORD = "sample-county-2026"
# Of the private Redis: the demo rings in 0, the unit tests in 1.
_RINGS = 2
_PREFIX = "portal_e2e_"
_COMMANDS = """
import json, sys
import django
from django.core.management import call_command
django.setup()
for command in json.loads(sys.argv[1]):
    call_command(*command)
"""


@dataclass
class County:
    """The running portal: where it is, and what only a test may ask of it."""

    address: str
    env: dict[str, str]
    owner_url: str
    group: Family
    _used: dict[str, int] = field(default_factory=dict)

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the database, read as its owner."""
        line = psycopg2.connect(self.owner_url)
        try:
            with line, line.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall())
        finally:
            line.close()

    def code(self, username: str) -> str:
        """A one-time code of a sample account that has not been used yet, as a phone shows it."""
        [(seed,)] = self.ask(
            "SELECT d.key FROM otp_totp_totpdevice d JOIN parties_account a ON a.id = d.user_id"
            " WHERE a.username = %s AND d.confirmed",
            username,
        )
        index = (Path(self.env["PORTAL_KEYS"]) / "data" / "index.key").read_text(encoding="ascii")
        digest = hmac.new(bytes.fromhex(index.strip()), f"totp:{seed}".encode(), hashlib.sha256)
        return f"{hotp(digest.digest()[:20], self._next_step(username)):06d}"

    def _next_step(self, username: str) -> int:
        """A step near now whose code this account has not used; waits where all are used up."""
        while True:
            now = int(time.time()) // 30
            # not the step before: half a minute may end between this and the portal's judgement
            step = max(now, self._used.get(username, 0) + 1)
            if step <= now + 1:
                self._used[username] = step
                return step
            time.sleep(0.5)


@contextmanager
def county() -> Iterator[County]:
    """Makes everything, starts the processes, and takes it all away again."""
    scratch = Path(tempfile.mkdtemp(prefix="zezhou-portal-e2e-"))
    given = environment.whole(os.environ)
    name = f"{_PREFIX}{os.getpid()}"
    owner = given["DATABASE_OWNER_URL"]
    _drop_left_over(owner)
    _run(owner, "CREATE DATABASE {} TEMPLATE {}", name, template_database(owner))
    try:
        yield from _running(scratch, given, name)
    finally:
        _run(owner, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(scratch, ignore_errors=True)


def _running(scratch: Path, given: dict[str, str], name: str) -> Iterator[County]:
    web_port = free_port(8700 + os.getpid() % 200)
    city_port = free_port(9100 + os.getpid() % 200)
    identity_port = free_port(9300 + os.getpid() % 200)
    env = environment.with_sample_identity(
        _environment(scratch, given, name, web_port, city_port),
        f"http://127.0.0.1:{identity_port}",
    )
    as_owner = {**env, "DATABASE_URL": env["DATABASE_OWNER_URL"]}
    _manage(as_owner, ["grant_roles"])
    _manage(env, ["collectstatic", "--no-input"], ["load_sample_county"])
    group = Family()
    try:
        identity = commands.identity(
            str(places.PYTHON), port=identity_port, portal=env["PORTAL_ADDRESS"]
        )
        group.start("e2e-identity", identity, env)
        _start(group, env, scratch, web_port, city_port)
        wait_for_port(group, identity_port, "the stand-in identity service")
        yield County(env["PORTAL_ADDRESS"], env, env["DATABASE_OWNER_URL"], group)
        group.check()
    finally:
        group.stop()


def _environment(
    scratch: Path, given: Mapping[str, str], name: str, web_port: int, city_port: int
) -> dict[str, str]:
    redis = given["REDIS_URL"]
    private = environment.own_redis({"REDIS_URL": redis})
    env = {
        **given,
        "DATABASE_URL": at(given["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": at(given["DATABASE_OWNER_URL"], name),
        "REDIS_URL": redis_server.address(_RINGS) if private else redis,
        "PORTAL_VAR": str(scratch),
        "PORTAL_FILES": str(scratch / "files"),
        "PORTAL_KEYS": str(scratch / "keys"),
        "PORTAL_SECRET_KEY": os.urandom(32).hex(),
        "CITY_SHARED_SECRET": os.urandom(32).hex(),
        "PORTAL_ADDRESS": f"http://127.0.0.1:{web_port}",
        "CITY_ADDRESS": f"http://127.0.0.1:{city_port}",
        "PORTAL_SAMPLE_PASSWORD": PASSWORD,
        "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.development",
        "PYTHONUNBUFFERED": "1",
    }
    # What a caller's shell may hold must not reach the portal under test.
    for stray in ("PORTAL_TEST_DATABASE", "PORTAL_SECOND_FACTOR", "COVERAGE_PROCESS_START"):
        env.pop(stray, None)
    return env


def _start(
    group: Family, env: dict[str, str], scratch: Path, web_port: int, city_port: int
) -> None:
    python = str(places.PYTHON)
    (scratch / "city").mkdir()
    city = commands.city(
        python,
        port=city_port,
        portal=env["PORTAL_ADDRESS"],
        store=scratch / "city" / "store.sqlite3",
        trust=Path(env["PORTAL_KEYS"]) / "trust",
    )
    group.start("e2e-city", city, env)
    group.start("e2e-web", commands.web(python, port=web_port), env)
    group.start("e2e-worker", commands.worker(python), env)
    beat = commands.beat(python, scratch / "schedule")
    group.start("e2e-beat", beat, env)
    wait_for_port(group, city_port, "the stand-in city")
    wait_until_ready(group, env["PORTAL_ADDRESS"])


def _manage(env: Mapping[str, str], *commands: list[str]) -> None:
    """Commands of manage.py one after the other in one process: most of a command is its start."""
    answer = subprocess.run(
        [str(places.PYTHON), "-c", _COMMANDS, json.dumps(commands)],
        env=dict(env), cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, f"{commands}: {answer.stdout[-2000:]}{answer.stderr[-4000:]}"


def _run(url: str, statement: str, *names: str) -> None:
    line = psycopg2.connect(url)
    line.autocommit = True  # databases are made outside transactions
    try:
        with line.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        line.close()


def _drop_left_over(url: str) -> None:
    """Drops what runs that were killed left behind."""
    line = psycopg2.connect(url)
    try:
        with line, line.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}%"])
            names = [name for (name,) in cursor.fetchall()]
    finally:
        line.close()
    for name in names:
        if not Path(f"/proc/{name.removeprefix(_PREFIX)}").exists():
            _run(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
