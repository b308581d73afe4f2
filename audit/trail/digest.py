"""Canonical form of a record and its leaf digest (SM3, in the shape of RFC 6962)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes that stand for a record: sorted keys, no spaces, UTC times to the microsecond."""
    return json.dumps(
        {key: _plain(value) for key, value in content.items()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def leaf(content: Mapping[str, Any]) -> str:
    """The leaf digest of a record: SM3 over 0x00 and its canonical form, 64 hex digits."""
    return hashlib.new("sm3", b"\x00" + canonical(content)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
