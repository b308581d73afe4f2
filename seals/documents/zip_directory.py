"""The directory of a zip that a stranger made, found where it lies and not where it says.

Bytes may stand before the zip and behind it, and the end mark may occur in the comment. A file
that could be read in two ways is not read: no header of a member may lie outside of what the
directory names.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from seals.documents.zip_names import UnsafeName, first_reading, safe_path
from zezhou_portal.regulation.limits import LICENCE_FILE_BYTES

_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_END_MARK, _END64_MARK, _LOCATOR_MARK = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_CENTRAL_MARK = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_STORED, _DEFLATED = 0, 8
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_MOST_END_MARKS = 16
_MB = 1024 * 1024


class BadPackage(Exception):
    """The file cannot be read as a package; says why in a code and a Chinese sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """What a package may cost: bytes of the file, number of members, bytes after inflation.

    What a file may inflate to grows with the file, so that a few kilobytes never cost much.
    """

    package_bytes: int = LICENCE_FILE_BYTES
    members: int = 8000
    total_bytes: int = 2 * LICENCE_FILE_BYTES
    inflated_at_least: int = 8 * _MB
    inflated_times: int = 64

    def inflated(self, size: int) -> int:
        """Give how many bytes a file of that size may inflate to."""
        return min(self.total_bytes, self.inflated_at_least + self.inflated_times * size)


@dataclass(frozen=True)
class Entry:
    """One line of the directory; `offset` counts from the first byte of the file."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


@dataclass(frozen=True)
class Directory:
    """The lines of a directory, and where it lies."""

    entries: tuple[Entry, ...]
    start: int
    end: int


def damaged() -> BadPackage:
    """Give the refusal of a file whose parts contradict each other."""
    sentence = "文件已损坏，内部内容与目录不一致。请重新获取原文件后再试。"
    return BadPackage("damaged", sentence)


def truncated() -> BadPackage:
    """Give the refusal of a file that ends too early."""
    sentence = "文件不完整（可能下载或传输时中断）。请重新获取原文件后再试。"
    return BadPackage("truncated", sentence)


def read_directory(data: bytes, limits: Limits) -> Directory:
    """Find and read the directory.

    Raises BadPackage.
    """
    refused: BadPackage | None = None
    for at in _end_marks(data):
        try:
            return _directory_at(data, at, limits)
        except BadPackage as error:
            refused = _clearer(refused, error)
        except (struct.error, IndexError):
            refused = _clearer(refused, damaged())
    raise refused or truncated()


def _end_marks(data: bytes) -> Iterator[int]:
    """Give where the end mark occurs, the last one first."""
    at = len(data)
    for _ in range(_MOST_END_MARKS):
        at = data.rfind(_END_MARK, 0, at)
        if at < 0:
            return
        yield at


def _clearer(first: BadPackage | None, second: BadPackage) -> BadPackage:
    """Give the refusal that says more: damage is also what a chance mark looks like."""
    if first is None or (first.code in ("damaged", "truncated") and second.code != "damaged"):
        return second
    return first


def _directory_at(data: bytes, at: int, limits: Limits) -> Directory:
    count, size, stated, end = _end_record(data, at)
    if not count:
        raise damaged()
    if count > limits.members:
        raise BadPackage("too_many_members", f"文件内部的成员超过{limits.members}个，无法读取。")
    refused: BadPackage | None = None
    for start in dict.fromkeys((stated, end - size)):
        if start < 0 or start + size > end or data[start : start + 4] != _CENTRAL_MARK:
            continue
        try:
            entries = _entries(data, start, size, count)
        except BadPackage as error:
            refused = _clearer(refused, error)
            continue
        # Bytes in front move everything alike: the directory tells by how much.
        moved = (_moved(entry, start - stated) for entry in entries)
        return Directory(tuple(moved), start, start + size)
    raise refused or truncated()


def _moved(entry: Entry, by: int) -> Entry:
    if entry.offset + by < 0:
        raise truncated()
    return replace(entry, offset=entry.offset + by)


def _end_record(data: bytes, at: int) -> tuple[int, int, int, int]:
    """Give number of members, size and stated offset of the directory, and where it must end."""
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment > len(data):
        raise damaged()
    end = at
    if _FULL16 in (here, count) or _FULL32 in (size, start):
        locator = at - _LOCATOR64.size
        if locator < 0 or data[locator : locator + 4] != _LOCATOR_MARK:
            raise damaged()
        end = _LOCATOR64.unpack_from(data, locator)[2]
        if data[end : end + 4] != _END64_MARK:
            end = data.rfind(_END64_MARK, 0, locator)
        if end < 0:
            raise truncated()
        _, _, _, _, disk, first_disk, here, count, size, start = _END64.unpack_from(data, end)
    if disk or first_disk or here != count:
        raise damaged()
    return count, size, start, end


def _entries(data: bytes, start: int, size: int, count: int) -> list[Entry]:
    at, end = start, start + size
    entries: list[Entry] = []
    for _ in range(count):
        if at + _CENTRAL.size > end:
            raise damaged()
        entry, at = _entry(data, at)
        entries.append(entry)
    if at != end:
        raise damaged()
    return entries


def _entry(data: bytes, at: int) -> tuple[Entry, int]:
    """Read one line of the directory; give it and where the next one begins."""
    fields = _CENTRAL.unpack_from(data, at)
    mark, flags, method, crc = fields[0], fields[3], fields[4], fields[7]
    packed_size, size, offset = fields[8], fields[9], fields[16]
    name_length, extra_length, comment_length = fields[10], fields[11], fields[12]
    if mark != _CENTRAL_MARK:
        raise damaged()
    if flags & _ENCRYPTED:
        raise BadPackage("encrypted", "文件设有密码或已加密，无法验证。请提供未加密的原文件。")
    if method not in (_STORED, _DEFLATED):
        raise BadPackage("unknown_compression", "文件采用了本门户不支持的压缩方式，无法验证。")
    name_at = at + _CENTRAL.size
    raw_name = data[name_at : name_at + name_length]
    extra = data[name_at + name_length : name_at + name_length + extra_length]
    if _FULL32 in (packed_size, size, offset):
        packed_size, size, offset = _sizes64(extra, packed_size, size, offset)
    name = _path(raw_name, extra)
    entry = Entry(name, raw_name, method, crc, packed_size, size, offset)
    return entry, name_at + name_length + extra_length + comment_length


def _path(raw_name: bytes, extra: bytes) -> str:
    name = first_reading(raw_name, extra)
    if name is None:
        raise damaged()
    try:
        return safe_path(name)
    except UnsafeName:
        sentence = "文件内部有指向文件之外的路径或过长的名称，已拒绝打开。"
        raise BadPackage("unsafe_path", sentence) from None


def _sizes64(extra: bytes, packed_size: int, size: int, offset: int) -> tuple[int, int, int]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            values = list(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            if size == _FULL32:
                size = values.pop(0)
            if packed_size == _FULL32:
                packed_size = values.pop(0)
            if offset == _FULL32:
                offset = values.pop(0)
            return packed_size, size, offset
        at += 4 + length
    raise damaged()
