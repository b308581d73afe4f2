"""Reading a zip that a stranger made: every size is bounded before a byte is inflated."""

import struct
import zlib
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8_NAME = 0x800
_STORED, _DEFLATED = 0, 8
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_LONGEST_COMMENT = 0xFFFF


class BadPackage(Exception):
    """The file cannot be read as a package; says why in a code and a Chinese sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Limits:
    """What a package may cost: bytes of the file, number of members, bytes after inflation."""

    package_bytes: int = 32 * 1024 * 1024
    members: int = 2000
    member_bytes: int = 32 * 1024 * 1024
    total_bytes: int = 64 * 1024 * 1024
    name_bytes: int = 512


@dataclass(frozen=True)
class _Entry:
    name: str
    raw_name: bytes
    method: int
    crc: int
    packed_size: int
    size: int
    offset: int


_NOT_A_PACKAGE = "这不是OFD文件，或文件已损坏。请重新获取原文件后再试。"
_TRUNCATED = "文件不完整（可能下载或传输时中断）。请重新获取原文件后再试。"
_DAMAGED = "文件已损坏，内部内容与目录不一致。请重新获取原文件后再试。"


def read_members(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Give the members of a zip by path, in the order of its directory.

    Raises BadPackage; nothing else, whatever the bytes are.
    """
    if len(data) > limits.package_bytes:
        most = limits.package_bytes // (1024 * 1024)
        raise BadPackage("too_large", f"文件超过{most} MB，无法处理。请确认上传的是证照文件。")
    if not data.startswith(b"PK"):
        raise BadPackage("not_a_package", _NOT_A_PACKAGE)
    try:
        entries = _directory(data, limits)
        return _inflated(data, entries)
    except (struct.error, IndexError, zlib.error) as error:
        raise BadPackage("damaged", _DAMAGED) from error


def _directory(data: bytes, limits: Limits) -> list[_Entry]:
    count, size, start = _end_record(data)
    if count > limits.members:
        raise BadPackage(
            "too_many_members", f"文件内部的成员超过{limits.members}个，不是正常的证照文件。"
        )
    if start + size > len(data):
        raise BadPackage("truncated", _TRUNCATED)
    entries: list[_Entry] = []
    names: set[str] = set()
    at, end = start, start + size
    for _ in range(count):
        if at + _CENTRAL.size > end:
            raise BadPackage("damaged", _DAMAGED)
        entry, at = _entry(data, at, limits)
        if entry.name in names:
            raise BadPackage("duplicate_member", "文件内部有重名的成员，无法确定以哪一个为准。")
        names.add(entry.name)
        entries.append(entry)
    if at != end:
        raise BadPackage("damaged", _DAMAGED)
    if sum(entry.size for entry in entries) > limits.total_bytes:
        raise BadPackage("inflates_too_far", "文件解压后过大，不是正常的证照文件。")
    return entries


def _end_record(data: bytes) -> tuple[int, int, int]:
    """Give number of members, size and offset of the directory."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - _LONGEST_COMMENT - _END.size))
    if at < 0:
        raise BadPackage("truncated", _TRUNCATED)
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise BadPackage("damaged", _DAMAGED)
    if _FULL16 in (here, count) or _FULL32 in (size, start):
        locator = at - _LOCATOR64.size
        if locator < 0 or data[locator : locator + 4] != b"PK\x06\x07":
            raise BadPackage("damaged", _DAMAGED)
        record = _LOCATOR64.unpack_from(data, locator)[2]
        if record > len(data):
            raise BadPackage("truncated", _TRUNCATED)
        mark, _, _, _, disk, first_disk, here, count, size, start = _END64.unpack_from(data, record)
        if mark != b"PK\x06\x06":
            raise BadPackage("damaged", _DAMAGED)
    if disk or first_disk or here != count:
        raise BadPackage("damaged", _DAMAGED)
    return count, size, start


def _entry(data: bytes, at: int, limits: Limits) -> tuple[_Entry, int]:
    """Read one line of the directory; give it and where the next one begins."""
    fields = _CENTRAL.unpack_from(data, at)
    mark, flags, method, crc = fields[0], fields[3], fields[4], fields[7]
    packed_size, size, offset = fields[8], fields[9], fields[16]
    name_length, extra_length, comment_length = fields[10], fields[11], fields[12]
    if mark != b"PK\x01\x02":
        raise BadPackage("damaged", _DAMAGED)
    if flags & _ENCRYPTED:
        raise BadPackage("encrypted", "文件设有密码或已加密，无法验证。请提供未加密的原文件。")
    if method not in (_STORED, _DEFLATED):
        raise BadPackage("unknown_compression", "文件采用了不支持的压缩方式，无法验证。")
    if name_length > limits.name_bytes:
        raise BadPackage("unsafe_path", "文件内部有过长的路径，不是正常的证照文件。")
    name_at = at + _CENTRAL.size
    raw_name = data[name_at : name_at + name_length]
    extra = data[name_at + name_length : name_at + name_length + extra_length]
    if _FULL32 in (packed_size, size, offset):
        packed_size, size, offset = _sizes64(extra, packed_size, size, offset)
    if size > limits.member_bytes:
        raise BadPackage("inflates_too_far", "文件解压后过大，不是正常的证照文件。")
    name = _safe_name(raw_name, is_utf8=bool(flags & _UTF8_NAME))
    entry = _Entry(name, raw_name, method, crc, packed_size, size, offset)
    return entry, name_at + name_length + extra_length + comment_length


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
    raise BadPackage("damaged", _DAMAGED)


def _safe_name(raw: bytes, *, is_utf8: bool) -> str:
    """Give a path that stays inside the package; older writers name members in GB 18030."""
    name = None
    for encoding in ("utf-8",) if is_utf8 else ("utf-8", "gb18030"):
        try:
            name = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if name is None:
        raise BadPackage("damaged", _DAMAGED)
    name = name.replace("\\", "/")
    parts = name.removesuffix("/").split("/")
    if any(part in ("", ".", "..") for part in parts) or ":" in parts[0] or not name.isprintable():
        raise BadPackage("unsafe_path", "文件内部有指向文件之外的路径，已拒绝打开。")
    return name


def _inflated(data: bytes, entries: list[_Entry]) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    reached = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset < reached:
            raise BadPackage("overlapping_members", "文件内部的成员互相重叠，不是正常的证照文件。")
        start = _data_start(data, entry)
        reached = start + entry.packed_size
        if reached > len(data):
            raise BadPackage("truncated", _TRUNCATED)
        content = _content(data[start:reached], entry)
        if not entry.name.endswith("/"):
            members[entry.name] = content
        elif content:
            raise BadPackage("damaged", _DAMAGED)
    _refuse_file_as_folder(members)
    return {entry.name: members[entry.name] for entry in entries if entry.name in members}


def _refuse_file_as_folder(members: dict[str, bytes]) -> None:
    folders = {name[: at + 1] for name in members for at, sign in enumerate(name) if sign == "/"}
    if any(f"{name}/" in folders for name in members):
        raise BadPackage("damaged", _DAMAGED)


def _data_start(data: bytes, entry: _Entry) -> int:
    """Give where the member's bytes begin; its own header must agree with the directory."""
    if entry.offset + _LOCAL.size > len(data):
        raise BadPackage("truncated", _TRUNCATED)
    fields = _LOCAL.unpack_from(data, entry.offset)
    name_length, extra_length = int(fields[9]), int(fields[10])
    name_at = entry.offset + _LOCAL.size
    name = data[name_at : name_at + name_length]
    if fields[0] != b"PK\x03\x04" or name != entry.raw_name or fields[3] != entry.method:
        raise BadPackage("damaged", _DAMAGED)
    return name_at + name_length + extra_length


def _content(packed: bytes, entry: _Entry) -> bytes:
    if entry.method == _STORED:
        content = packed
    else:
        inflater = zlib.decompressobj(-15)
        # One byte more than promised is enough to see that the promise was false.
        content = inflater.decompress(packed, entry.size + 1)
        if len(content) == entry.size and not inflater.eof:
            content += inflater.decompress(inflater.unconsumed_tail, 1)
        if not inflater.eof or inflater.unused_data:
            raise BadPackage("damaged", _DAMAGED)
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:
        raise BadPackage("damaged", _DAMAGED)
    return content
