"""Files by digest: written once, never overwritten, checked on every reading.

A file that was stored is on the disk, and so is its name: neither a killed process nor a power
failure takes back what the register has confirmed.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# How many files of a batch are written at once: while one waits for the disk, others go on, and
# the file system makes several durable in one turn.
_HANDS = 8


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
    if not target.exists():
        _write(target, data)
    _make_durable(target.parent)
    return name


@contextmanager
def storing() -> Iterator[Callable[[bytes], "Future[str]"]]:
    """Gives a `store` that comes back at once, for a batch of files.

    What it gives back yields the digest once the file is on the disk, or raises as `store`
    does. When the block ends every file has been written or has failed.
    """
    with ThreadPoolExecutor(_HANDS, thread_name_prefix="store") as hands:
        yield lambda data: hands.submit(store, data)


def _write(target: Path, data: bytes) -> None:
    _make_folder(target.parent)
    handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        os.replace(scratch, target)  # noqa: PTH105 (two of these a licence: no need for paths)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """Makes a folder whose own name is on the disk too."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _make_durable(folder.parent)


def _make_durable(folder: Path) -> None:
    """Puts the names in a folder on the disk; writing a file does that for its bytes only."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
