"""Files by digest: written once, never overwritten, checked on every reading.

A file that was stored is on the disk, and so is its name: neither a killed process nor a power
failure takes back what the register has confirmed.

Digesting a file takes a hundred times longer than asking the file system whether anybody has
touched it. Whoever only needs to know that the bytes are sound therefore asks `assure`, which
digests them once and again after every touch and every hour.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

# How many files of a batch are written at once: while one waits for the disk, others go on, and
# the file system makes several durable in one turn.
_HANDS = 8
# How long an untouched file counts as sound without being digested anew (ours): a disk can rot.
_SOUND_FOR = 3600.0
# A file system's clock ticks in thousandths of a second: what was touched so recently may be
# touched again within the same tick and look the same.
_SETTLED_AFTER = 2.0
_MOST_REMEMBERED = 20_000
# What a document that people hand in may be, by the bytes it begins with.
_DOCUMENTS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
# By path: how the file system described it when its bytes were last digested, and when that was.
_sound: dict[str, tuple[tuple[int, ...], float]] = {}


class FileMissing(Exception):
    """No file stands under this digest."""


class FileAltered(Exception):
    """The bytes under a digest are not the bytes that were put there."""


def digest(data: bytes) -> str:
    """The SM3 digest that names a file: 64 hex digits (GB/T 32905)."""
    return hashlib.new("sm3", data).hexdigest()


def document_type(data: bytes) -> str:
    """The media type of a PDF, JPEG or PNG, read from its bytes; empty for anything else."""
    found = (kind for start, kind in _DOCUMENTS.items() if data.startswith(start))
    return next(found, "")


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


def assure(name: str) -> None:
    """Comes back if the bytes of a digest are sound. Raises FileMissing or FileAltered.

    The bytes are digested unless this process did so within the hour and nobody has touched the
    file since: its inode, its length and the times of its last write and last change are the
    same. The last of these the system sets itself, whoever writes.
    """
    # as path_of, in plain words: asked at every verification
    path = f"{settings.PORTAL_FILES}/{name[:2]}/{name[2:4]}/{name}"
    try:
        before = _described(path)
    except FileNotFoundError as error:
        raise FileMissing(name) from error
    known = _sound.get(path)
    now = time.monotonic()
    if known is not None and known[0] == before and now - known[1] < _SOUND_FOR:
        return
    _sound.pop(path, None)
    read(name)
    touched_at = before[-1] / 1e9
    if _described(path) == before and time.time() - touched_at > _SETTLED_AFTER:
        if len(_sound) >= _MOST_REMEMBERED:
            _sound.clear()
        _sound[path] = (before, now)


def _described(path: str) -> tuple[int, ...]:
    """What changes when anybody writes to a file or puts another in its place."""
    found = os.stat(path)  # noqa: PTH116 (as above)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def erase(name: str) -> None:
    """Removes a file for good: only where the law says it may not be kept (M.3)."""
    path_of(name).unlink(missing_ok=True)
