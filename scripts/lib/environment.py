"""The environment every process of this checkout runs in: addresses and secrets."""

import os
import secrets as random_bytes
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from sample_county.identity.environment import named_in_environment
from scripts.lib import places, postgres, redis_server

APP, BACKUP = "portal_app", "portal_backup"


def own_database(given: Mapping[str, str]) -> bool:
    """True where no database was given from outside, so that the private server is used."""
    named = given.get("DATABASE_OWNER_URL") or given.get("DATABASE_URL")
    return not named or named == postgres.address(postgres.OWNER)


def own_redis(given: Mapping[str, str]) -> bool:
    """True where no Redis was given from outside, whichever of its databases is meant."""
    named = given.get("REDIS_URL")
    return not named or named.partition("?")[0] == redis_server.address().partition("?")[0]


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


def _password(role: str) -> str:
    return _secret(f"{role}_password", lambda: random_bytes.token_urlsafe(24))


def _as_role(owner: str, role: str) -> str:
    """A role's address at a server that was given from outside by its owner's."""
    parts = urlsplit(owner)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(_password(role))}@{host}"))


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
        app = _as_role(owner, APP)
    redis = given.get("REDIS_URL") or redis_server.address()
    return {"DATABASE_URL": app, "DATABASE_OWNER_URL": owner, "REDIS_URL": redis}


def _data_keys() -> None:
    """The first data key and the index key (32 bytes, hex), as the portal's vault reads them."""
    folder = places.closed_folder(places.closed_folder(places.KEYS) / "data")
    for name in ("d1", "index"):
        path = folder / f"{name}.key"
        if not path.exists():
            _write_closed(path, random_bytes.token_hex(32) + "\n")


def secrets() -> dict[str, str]:
    """The secrets of this checkout, made where they are missing; those given stand as given."""
    _data_keys()
    wanted: dict[str, Callable[[], str]] = {
        "PORTAL_SECRET_KEY": lambda: random_bytes.token_urlsafe(50),
        "CITY_SHARED_SECRET": lambda: random_bytes.token_urlsafe(32),
    }
    return {
        name: os.environ.get(name) or _secret(name.lower(), make)
        for name, make in wanted.items()
        if not os.environ.get(f"{name}_FILE")
    }


def whole(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of the portal's own processes."""
    base = dict(os.environ if given is None else given)
    private = own_database(base)
    base.update(addresses(base))
    base.update(secrets())
    if not private:
        base.setdefault("PORTAL_APP_PASSWORD", _password(APP))
        base.setdefault("PORTAL_BACKUP_PASSWORD", _password(BACKUP))
    base["PATH"] = f"{places.VENV / 'bin'}{os.pathsep}{base.get('PATH', '')}"
    base["VIRTUAL_ENV"] = str(places.VENV)
    base["PYTHONUNBUFFERED"] = "1"
    base.pop("PYTHONHOME", None)
    base.setdefault("PORTAL_VAR", str(places.VAR))
    return base


def as_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment for migrations: the database is reached as its owner."""
    return {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}


def as_backup(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment for a backup: the role that may read every table and write none."""
    owner = environment["DATABASE_OWNER_URL"]
    private = own_database(environment)
    address = postgres.address(BACKUP) if private else _as_role(owner, BACKUP)
    return {**environment, "DATABASE_URL": address}


def for_tests(environment: Mapping[str, str]) -> dict[str, str]:
    """The same environment for a test run: a database of the private Redis of its own."""
    private = own_redis(environment)
    return {**environment, **({"REDIS_URL": redis_server.address(1)} if private else {})}


def with_sample_identity(environment: Mapping[str, str], address: str) -> dict[str, str]:
    """The same environment with the stand-in identity service at an address.

    Where PORTAL_IDENTITY_PROVIDERS names services already, those stand.
    """
    if environment.get("PORTAL_IDENTITY_PROVIDERS"):
        return dict(environment)
    secret = _secret("identity_shared_secret", lambda: random_bytes.token_urlsafe(32))
    return {**environment, **named_in_environment(address, secret)}
