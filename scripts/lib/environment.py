"""The environment every process of this checkout runs in: addresses and secrets."""

import base64
import os
import secrets as random_bytes
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from scripts.lib import places, postgres, redis_server

APP = "portal_app"


def own_database(given: Mapping[str, str]) -> bool:
    """True where no database was given from outside, so that a private server is started."""
    return not (given.get("DATABASE_URL") or given.get("DATABASE_OWNER_URL"))


def own_redis(given: Mapping[str, str]) -> bool:
    """True where no Redis was given from outside."""
    return not given.get("REDIS_URL")


def _secret(name: str, make: Callable[[], str]) -> str:
    """The secret of that name, made once and kept readable for its owner only."""
    folder = places.closed_folder(places.SECRETS)
    path = folder / name
    if not path.exists():
        _write_closed(path, make() + "\n")
    return path.read_text(encoding="ascii").strip()


def _write_closed(path: Path, text: str) -> None:
    """Write a file that only its owner can read, complete or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
    draft.replace(path)


def _as_app(owner: str) -> str:
    """The runtime role's address at a server that was given from outside by its owner's."""
    parts = urlsplit(owner)
    password = _secret("portal_app_password", lambda: random_bytes.token_urlsafe(24))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP}:{quote(password)}@{host}"))


def addresses(given: Mapping[str, str]) -> dict[str, str]:
    """DATABASE_URL (the runtime role), DATABASE_OWNER_URL (migrations) and REDIS_URL.

    A DATABASE_URL given alone is the owner's; given with DATABASE_OWNER_URL both stand as given.
    """
    if own_database(given):
        app, owner = postgres.address(APP), postgres.address(postgres.OWNER)
    elif given.get("DATABASE_URL") and given.get("DATABASE_OWNER_URL"):
        app, owner = given["DATABASE_URL"], given["DATABASE_OWNER_URL"]
    else:
        owner = given.get("DATABASE_OWNER_URL") or given["DATABASE_URL"]
        app = _as_app(owner)
    redis = redis_server.address() if own_redis(given) else given["REDIS_URL"]
    return {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "REDIS_URL": redis}


def _data_key() -> None:
    """One data encryption key (32 bytes, base64) named by its id, where there is none."""
    folder = places.closed_folder(places.closed_folder(places.KEYS) / "data")
    if not any(folder.glob("*.key")):
        text = base64.b64encode(random_bytes.token_bytes(32)).decode()
        _write_closed(folder / "k1.key", text + "\n")


def secrets() -> dict[str, str]:
    """The secrets of this checkout, made where they are missing; those given stand as given."""
    _data_key()
    wanted: dict[str, Callable[[], str]] = {
        "PORTAL_SECRET_KEY": lambda: random_bytes.token_urlsafe(50),
        "CITY_SHARED_SECRET": lambda: random_bytes.token_urlsafe(32),
        "PORTAL_KEY_PASSPHRASE": lambda: random_bytes.token_urlsafe(32),
    }
    return {
        name: os.environ.get(name) or _secret(name.lower(), make)
        for name, make in wanted.items()
        if not os.environ.get(f"{name}_FILE")
    }


def whole(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the portal's own processes."""
    base = dict(os.environ if given is None else given)
    base.update(addresses(base))
    base.update(secrets())
    base["PATH"] = f"{places.VENV / 'bin'}{os.pathsep}{base.get('PATH', '')}"
    base["VIRTUAL_ENV"] = str(places.VENV)
    base["PYTHONUNBUFFERED"] = "1"
    base.pop("PYTHONHOME", None)
    base.setdefault("PORTAL_VAR", str(places.VAR))
    return base


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment for migrations: the database is reached as its owner."""
    return {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
