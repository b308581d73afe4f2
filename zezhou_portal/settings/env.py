"""Typed readers of the environment; a malformed value stops the start."""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit


class BadSetting(Exception):
    """The environment holds a value the portal cannot start with."""


def text(name: str, default: str | None = None) -> str:
    """The variable's text; without a default it must be there."""
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"{name} must be set")
    return value


def flag(name: str, *, default: bool) -> bool:
    """`1`/`true`/`yes` or `0`/`false`/`no`; anything else stops the start."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    lowered = value.lower()
    if lowered in {"1", "true", "yes"}:
        return True
    if lowered in {"0", "false", "no"}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {value!r}")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name} must be a whole number, not {value!r}") from error


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated words, blanks dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def among(name: str, known: tuple[str, ...]) -> frozenset[str]:
    """Comma-separated words, each of which is one of those that are known."""
    found = frozenset(words(name))
    if unknown := found.difference(known):
        raise BadSetting(f"{name} knows no {', '.join(sorted(unknown))}; {', '.join(known)}")
    return found


def networks(name: str, default: str = "") -> list[str]:
    """Comma-separated networks, such as `10.0.0.0/8`; a single address is a network of one."""
    try:
        return [str(ip_network(word)) for word in words(name, default)]
    except ValueError as error:
        raise BadSetting(f"{name} must name networks such as 10.0.0.0/8: {error}") from error


def folder(name: str, default: Path) -> Path:
    """A folder's absolute path."""
    return Path(os.environ.get(name) or default).resolve()


def secret(name: str, default: str | None = None) -> str:
    """A secret from NAME, or from the file that NAME_FILE points at (container secrets)."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        return Path(file_name).read_text(encoding="utf-8").strip()
    return text(name, default)


def database(url: str) -> dict[str, object]:
    """Django's settings for a `postgresql://user:password@host:port/name?host=/socket` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting("only PostgreSQL is supported; the address starts with postgresql://")
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host, port = query.pop("host", parts.hostname or ""), query.pop("port", str(parts.port or ""))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "portal",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        # sslmode and the like must reach the server's library, or a demand for TLS is lost.
        "OPTIONS": dict(query),
    }


def within(given: dict[str, object], seconds: int) -> dict[str, object]:
    """The same database with an end to connecting, and to each statement (0: none)."""
    told = given.get("OPTIONS")
    options = dict(told) if isinstance(told, dict) else {}
    options.setdefault("connect_timeout", "5")
    if seconds:
        words = str(options.get("options", ""))
        options["options"] = f"{words} -c statement_timeout={seconds}s".strip()
    return {**given, "OPTIONS": options}


def redis_database(url: str, number: int) -> str:
    """The address of another numbered database of the same Redis server."""
    server, _, query = url.partition("?")
    if server.startswith("unix:"):
        others = [word for word in query.split("&") if word and not word.startswith("db=")]
        return f"{server}?{'&'.join([*others, f'db={number}'])}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def keep(path: Path, names: tuple[str, ...]) -> None:
    """Take the named variables from a file of NAME=value lines where they are not set yet."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name in names:
            os.environ.setdefault(name, value)
