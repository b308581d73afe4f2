"""Files by digest: written once, never overwritten, checked on every reading."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class FileMissing(Exception):
    """No file stands under this digest."""


class FileAltered(Exception):
    """The bytes under a digest are not the bytes that were put there."""


def digest(data: bytes) -> str:
    """The SM3 digest that names a file: 64 hex digits (GB/T 32905)."""
    return hashlib.new("sm3", data).hexdigest()


def path_of(name: str) -> Path:
    """Where the file of a digest stands."""
    return Path(settings.PORTAL_FILES) / name[:2] / name[2:4] / name


def store(data: bytes) -> str:
    """Puts the bytes under their digest and gives the digest.

    Safe to repeat and to be killed: the name appears only once the bytes are complete.
    """
    name = digest(data)
    target = path_of(name)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        Path(scratch).replace(target)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    return name


def read(name: str) -> bytes:
    """The bytes of a digest. Raises FileMissing or FileAltered."""
    try:
        data = path_of(name).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(name) from error
    if digest(data) != name:
        raise FileAltered(name)
    return data


def erase(name: str) -> None:
    """Removes a file for good: only where the law says it may not be kept (M.3)."""
    path_of(name).unlink(missing_ok=True)
