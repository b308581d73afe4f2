"""Which identity services holders sign in through, from the environment (M.20).

    PORTAL_IDENTITY_PROVIDERS=province          the services, in the order of the page
    PORTAL_IDENTITY_PROVINCE_KIND=ticket        or openid
    PORTAL_IDENTITY_PROVINCE_LABEL=山西政务服务网
    PORTAL_IDENTITY_PROVINCE_SECRET=…           or _SECRET_FILE
    PORTAL_IDENTITY_PROVINCE_CLAIMS=name=xm,identity_number=user.zjhm

A name that is not known, or a value that cannot be right, stops the start.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from zezhou_portal.parties.identity.configuration import CLAIMS, Provider
from zezhou_portal.settings.env import BadSetting

_PREFIX = "PORTAL_IDENTITY_"
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_WORDS = ("LABEL", "EXPLAIN", "SUBJECTS", "SAMPLE", "SECONDS")
_TABLES = ("CLAIMS", "LEVELS", "IDENTITY_TYPES", "OFFICES")
_OF_KIND = {
    "openid": ("ISSUER", "CLIENT", "SCOPE", "MAX_AGE"),
    "ticket": ("LOG_IN", "EXCHANGE", "APPLICATION"),
}
_MAY_BE_MISSING = frozenset({"SCOPE", "MAX_AGE"})
_LEVELS = {
    **{f"{level}": f"{level}" for level in range(1, 5)},
    **{f"L{level}": f"{level}" for level in range(1, 5)},
}
_OFFICES = {"legal_representative": "legal_representative", "agent": "agent"}


def providers(environment: Mapping[str, str]) -> dict[str, Provider]:
    """The configured services by key. Raises BadSetting."""
    named = [one.strip() for one in environment.get(f"{_PREFIX}PROVIDERS", "").split(",")]
    keys = [one for one in named if one]
    if len(set(keys)) != len(keys):
        raise BadSetting(f"{_PREFIX}PROVIDERS names a service twice")
    used = {f"{_PREFIX}PROVIDERS"}
    found = {key: _provider(key, environment, used) for key in keys}
    unknown = {name for name in environment if name.startswith(_PREFIX)} - used
    if unknown:
        raise BadSetting(f"{', '.join(sorted(unknown))}: no identity service has such a setting")
    return found


def _provider(key: str, environment: Mapping[str, str], used: set[str]) -> Provider:
    if not _KEY.fullmatch(key):
        raise BadSetting(f"{_PREFIX}PROVIDERS: {key!r} must be small letters, digits and hyphens")
    start = f"{_PREFIX}{key.upper().replace('-', '_')}_"

    def take(word: str, default: str | None = None) -> str:
        used.add(start + word)
        value = environment.get(start + word, "").strip() or default
        if value is None:
            raise BadSetting(f"{start}{word} must be set")
        return value

    kind = take("KIND")
    if kind not in _OF_KIND:
        raise BadSetting(f"{start}KIND must be one of {', '.join(_OF_KIND)}, not {kind!r}")
    own: dict[str, Any] = {
        word.lower(): take(word, "" if word in _MAY_BE_MISSING else None) for word in _OF_KIND[kind]
    }
    if "max_age" in own:
        own["max_age"] = _max_age(f"{start}MAX_AGE", own["max_age"])
    for name in ("issuer", "log_in", "exchange"):
        if name in own:
            _check_address(start + name.upper(), own[name])
    words = {word: take(word, "") for word in _WORDS}
    tables = {name: _table(start + name, take(name, "")) for name in _TABLES}
    _check_tables(start, tables)
    return Provider(
        key=key,
        kind=kind,
        label=words["LABEL"] or _missing(f"{start}LABEL"),
        explain=words["EXPLAIN"],
        secret=_secret(start, environment, used),
        subjects=words["SUBJECTS"] or key,
        is_sample=_flag(f"{start}SAMPLE", words["SAMPLE"]),
        seconds=_seconds(f"{start}SECONDS", words["SECONDS"]),
        claims=tables["CLAIMS"],
        levels=tables["LEVELS"] or _LEVELS,
        identity_types=tables["IDENTITY_TYPES"],
        offices=tables["OFFICES"] or _OFFICES,
        **own,
    )


def _missing(name: str) -> str:
    raise BadSetting(f"{name} must be set")


def _secret(start: str, environment: Mapping[str, str], used: set[str]) -> str:
    used |= {f"{start}SECRET", f"{start}SECRET_FILE"}
    file_name = environment.get(f"{start}SECRET_FILE", "")
    if file_name:
        try:
            found = Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{start}SECRET_FILE cannot be read") from error
    else:
        found = environment.get(f"{start}SECRET", "")
    return found or _missing(f"{start}SECRET")


def _check_address(name: str, value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.username:
        raise BadSetting(f"{name} must be an address that starts with https://")


def _table(name: str, value: str) -> dict[str, str]:
    """`ours=theirs,…` as a mapping."""
    table: dict[str, str] = {}
    for pair in filter(None, (one.strip() for one in value.split(","))):
        left, found, right = (part.strip() for part in pair.partition("="))
        if not (left and found and right) or left in table:
            raise BadSetting(f"{name}: {pair!r} must be name=value, each name once")
        table[left] = right
    return table


def _check_tables(start: str, tables: Mapping[str, Mapping[str, str]]) -> None:
    """Our words must be ours; the service's own may be anything."""
    for name in tables["CLAIMS"]:
        if name not in CLAIMS:
            raise BadSetting(f"{start}CLAIMS: {name!r} is none of {', '.join(CLAIMS)}")
    for value in tables["LEVELS"].values():
        if value not in {"1", "2", "3", "4"}:
            raise BadSetting(f"{start}LEVELS: {value!r} is no level from 1 to 4")
    for value in tables["IDENTITY_TYPES"].values():
        if not re.fullmatch(r"\d{3}", value):
            raise BadSetting(f"{start}IDENTITY_TYPES: {value!r} is no code of three digits")
    for value in tables["OFFICES"].values():
        if value not in _OFFICES:
            raise BadSetting(f"{start}OFFICES: {value!r} is none of {', '.join(_OFFICES)}")


def _flag(name: str, value: str) -> bool:
    if value.lower() not in {"", "yes", "no"}:
        raise BadSetting(f"{name} must be yes or no, not {value!r}")
    return value.lower() == "yes"


def _max_age(name: str, value: str) -> int:
    """Seconds since somebody proved themselves at the service; 15 minutes unless said (ours)."""
    if not re.fullmatch(r"\d{0,6}", value):
        raise BadSetting(f"{name} must be a number of seconds, 0 for any, not {value!r}")
    return int(value or "900")


def _seconds(name: str, value: str) -> float:
    try:
        found = float(value or "8")
    except ValueError as error:
        raise BadSetting(f"{name} must be a number of seconds, not {value!r}") from error
    if not 0 < found <= 30:
        raise BadSetting(f"{name} must be more than 0 and at most 30 seconds")
    return found
