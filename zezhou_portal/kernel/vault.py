"""Sensitive values at rest: encrypted with AES-256-GCM, found again by a keyed blind index.

Keys are files `<id>.key` (32 random bytes, hex) in `PORTAL_KEYS/data`; the newest id writes,
every id reads, so that keys can be rotated. `index.key` makes blind indexes and trail digests
and is never rotated in place. Nothing here logs a value.
"""

import base64
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_INDEX = "index"


class KeysMissing(Exception):
    """The data keys are not where the portal looks for them."""


class Unreadable(Exception):
    """A stored value cannot be decrypted: its key is missing or it was altered."""


def make_keys(folder: Path) -> None:
    """Makes the first data key and the index key where there are none; files of mode 0600."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("d1", _INDEX):
        path = folder / f"{name}.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32), encoding="ascii")


@lru_cache(maxsize=4)
def _keys(folder: Path) -> dict[str, bytes]:
    keys = {
        path.stem: bytes.fromhex(path.read_text(encoding="ascii").strip())
        for path in sorted(folder.glob("*.key"))
    }
    if _INDEX not in keys or len(keys) < 2:
        raise KeysMissing("data keys are missing; set-up makes them")
    return keys


def _folder() -> Path:
    return _data_of(settings.PORTAL_KEYS)


@lru_cache(maxsize=4)
def _data_of(keys: Path | str) -> Path:
    return Path(keys) / "data"


@lru_cache(maxsize=8)
def _cipher(folder: Path, name: str) -> AESGCM:
    return AESGCM(_keys(folder)[name])


def encrypt(text: str) -> str:
    """The text as `key id:base64(nonce + ciphertext)`; two calls never give the same."""
    folder = _folder()
    # by length first, so that d10 comes after d9
    name = max((name for name in _keys(folder) if name != _INDEX), key=lambda one: (len(one), one))
    nonce = secrets.token_bytes(12)
    sealed = _cipher(folder, name).encrypt(nonce, text.encode(), name.encode())
    return f"{name}:{base64.b64encode(nonce + sealed).decode('ascii')}"


def decrypt(stored: str) -> str:
    """The text that `encrypt` was given. Raises Unreadable."""
    name, _, body = stored.partition(":")
    try:
        raw = base64.b64decode(body, validate=True)
        return _cipher(_folder(), name).decrypt(raw[:12], raw[12:], name.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise Unreadable("the value cannot be decrypted") from error


def blind(text: str) -> str:
    """A keyed digest for equality search and for proofs without the value: 64 hex digits."""
    key = _keys(_folder())[_INDEX]
    return hmac.digest(key, text.encode(), "sha256").hex()
