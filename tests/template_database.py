"""The migrated database that every test process copies: made where it is missing, then kept.

Running the migrations takes longer than most folders of tests; a copy takes a moment. It is named
after what the migrations say, so that a change of one makes another.
"""

import hashlib
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.apps import apps
from psycopg2 import sql

from scripts.lib import environment, places

_PREFIX = "portal_template_"
_LOCK = 905_26


def at(address: str, database: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


def template_database(owner: str) -> str:
    """The name of the template at the owner's server; who needs it meanwhile waits."""
    name = f"{_PREFIX}{_digest()}"
    with closing(psycopg2.connect(at(owner, "postgres"))) as line:
        line.autocommit = True  # databases are made outside transactions
        with line.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}%"])
            known = {row[0] for row in cursor.fetchall()}
            if name not in known:
                # A server that was given from outside may serve other checkouts too.
                outdated = known if environment.own_database(os.environ) else known & {_draft(name)}
                for database in outdated:
                    _run(cursor, "DROP DATABASE {} WITH (FORCE)", database)
                _make(cursor, owner, name)
    return name


def _digest() -> str:
    """Changes with any migration, and with the month: the trail's partitions begin with it."""
    seen = hashlib.sha256(f"{datetime.now(UTC):%Y-%m}".encode())  # noqa: TID251 (before any clock)
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            seen.update(f"{app.label}/{path.name}\0".encode() + path.read_bytes())
    return seen.hexdigest()[:16]


def _draft(name: str) -> str:
    return f"{name}_draft"


def _make(cursor: Any, owner: str, name: str) -> None:
    """In a process of its own, since this one may be under an event loop; whole or not at all."""
    draft = _draft(name)
    _run(cursor, "CREATE DATABASE {}", draft)
    url = at(owner, draft)
    made = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--skip-checks"],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
            "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test",
        },
        cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-4000:]
    _run(cursor, "ALTER DATABASE {} RENAME TO {}", draft, name)


def _run(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
