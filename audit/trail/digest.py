"""Canonical form of a record and its leaf digest (SM3, in the shape of RFC 6962)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that stand for a record: sorted keys, no spaces, UTC times to the microsecond."""
    return _encoded({key: _plain(value) for key, value in content.items()}).encode()


# To find an algorithm by its name takes OpenSSL longer than to digest a record.
_BEGUN = hashlib.new("sm3", b"\x00")


def leaf(content: Mapping[str, Any]) -> str:
    """The leaf digest of a record: SM3 over 0x00 and its canonical form, 64 hex digits."""
    digest = _BEGUN.copy()
    digest.update(canonical(content))
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
