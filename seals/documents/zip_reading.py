"""Reading a zip that a stranger made: every size is bounded before a byte is inflated.

What is unusual but has one reading is read: bytes around the zip or behind a deflate stream, names
in other spellings, a member that is stored twice alike.
"""

import struct
import zlib

from seals.documents.zip_directory import (
    BadPackage,
    Directory,
    Entry,
    Limits,
    damaged,
    read_directory,
    truncated,
)
from seals.documents.zip_names import UnsafeName, first_reading, loose, safe_path

_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MARK = b"PK\x03\x04"
_STORED = 0
_MB = 1024 * 1024


def read_members(data: bytes, limits: Limits) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Give the members of a zip by path, in the order of its directory, and their names' bytes.

    Raises BadPackage; nothing else, whatever the bytes are.
    """
    if len(data) > limits.package_bytes:
        most = limits.package_bytes // _MB
        raise BadPackage("too_large", f"文件超过{most} MB，无法处理。请确认上传的是证照文件。")
    if b"PK\x05\x06" not in data and not data.startswith(b"PK"):
        raise BadPackage("not_a_package", "这不是OFD文件，或文件已损坏。请重新获取原文件后再试。")
    try:
        directory = read_directory(data, limits)
        if sum(entry.size for entry in directory.entries) > limits.inflated(len(data)):
            raise BadPackage("inflates_too_far", "文件解压后过大，为安全不予读取。")
        return _inflated(data, directory)
    except (struct.error, IndexError, zlib.error) as error:
        raise damaged() from error


def _inflated(data: bytes, directory: Directory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    members: dict[str, bytes] = {}
    reached = 0
    # One member may be listed twice at one place.
    listed = {(entry.offset, entry.name): entry for entry in directory.entries}
    for entry in sorted(listed.values(), key=lambda entry: entry.offset):
        if entry.offset < reached:
            raise BadPackage("overlapping_members", "文件内部的成员互相重叠，为安全不予读取。")
        _refuse_unlisted(data, reached, entry.offset)
        start = _data_start(data, entry)
        reached = start + entry.packed_size
        if reached > len(data):
            raise truncated()
        content = _content(data[start:reached], entry)
        if entry.name.endswith("/"):
            if content:
                raise damaged()
        elif members.setdefault(entry.name, content) != content:
            raise BadPackage("duplicate_member", "文件内部有重名的成员，无法确定以哪一个为准。")
    _refuse_unlisted(data, reached, directory.start)
    _refuse_unlisted(data, directory.end, len(data))
    _refuse_file_as_folder(members)
    names = {entry.name: entry.raw_name for entry in directory.entries if entry.name in members}
    return {name: members[name] for name in names}, names


def _refuse_unlisted(data: bytes, start: int, end: int) -> None:
    """Refuse a member that the directory does not name: another program might show it."""
    if data.find(_LOCAL_MARK, start, end) >= 0:
        raise BadPackage("unlisted_member", "文件里另有目录没有列出的内容，无法确定以哪一个为准。")


def _refuse_file_as_folder(members: dict[str, bytes]) -> None:
    folders = {name[: at + 1] for name in members for at, sign in enumerate(name) if sign == "/"}
    if any(f"{name}/" in folders for name in members):
        raise damaged()


def _data_start(data: bytes, entry: Entry) -> int:
    """Give where the member's bytes begin; its own header must agree with the directory."""
    if entry.offset + _LOCAL.size > len(data):
        raise truncated()
    fields = _LOCAL.unpack_from(data, entry.offset)
    name_length, extra_length = int(fields[9]), int(fields[10])
    name_at = entry.offset + _LOCAL.size
    name = data[name_at : name_at + name_length]
    if fields[0] != _LOCAL_MARK or fields[3] != entry.method or not _is_name_of(name, entry):
        raise damaged()
    return name_at + name_length + extra_length


def _is_name_of(raw: bytes, entry: Entry) -> bool:
    """Tell whether the name in a member's own header is the directory's, in some spelling."""
    if raw == entry.raw_name:
        return True
    name = first_reading(raw)
    try:
        return name is not None and loose(safe_path(name)) == loose(entry.name)
    except UnsafeName:
        return False


def _content(packed: bytes, entry: Entry) -> bytes:
    if entry.method == _STORED:
        content = packed
    else:
        inflater = zlib.decompressobj(-15)
        # One byte more than promised is enough to see that the promise was false.
        content = inflater.decompress(packed, entry.size + 1)
        if len(content) == entry.size and not inflater.eof:
            content += inflater.decompress(inflater.unconsumed_tail, 1)
        if not inflater.eof:
            raise damaged()
        # Some writers leave the check sum of a zlib stream behind it.
        _refuse_unlisted(inflater.unused_data, 0, len(inflater.unused_data))
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise damaged()
    return content
