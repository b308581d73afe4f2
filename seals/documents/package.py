"""The container of a document: named members in order, written as a zip and read back safely.

Bytes in, bytes out. Writing is deterministic: the same members give the same bytes. Reading
believes nothing: sizes are bounded before anything is inflated, names may not leave the package,
and what the directory says must be what the members say.
"""

import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock

from seals.documents.zip_directory import BadPackage, Limits
from seals.documents.zip_reading import read_members

__all__ = ["BadPackage", "Limits", "Package", "read_package"]

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8_NAME = 0x800
_STORED, _DEFLATED = 0, 8
_TIME, _DAY = 0, 0x0021  # 1980-01-01 00:00, the first day a zip can name
_COMPRESSED_ALREADY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b")
# A seal and a signature value are a compressed picture with a few hundred bytes around it.
_STORED_SUFFIXES = (".esl", ".dat")


class _DeflateMemory:
    """Remembers deflated members, so that a border shared by all faces is packed once.

    The bytes themselves are the key: Python keeps the hash of an object that comes again.

    The least recently used ones go first when the bound is reached; safe for threads.
    """

    def __init__(self, *, most_bytes: int, least_member: int) -> None:
        self._most_bytes = most_bytes
        self._least_member = least_member
        self._held = 0
        self._packed: OrderedDict[bytes, tuple[int, bytes]] = OrderedDict()
        self._lock = Lock()

    def pack(self, data: bytes) -> tuple[int, bytes]:
        """Give the CRC-32 and the raw deflate stream of data."""
        if len(data) < self._least_member:
            return zlib.crc32(data), _deflate(data)
        with self._lock:
            known = self._packed.get(data)
            if known is not None:
                self._packed.move_to_end(data)
                return known
        packed = (zlib.crc32(data), _deflate(data))
        with self._lock:
            if data not in self._packed:
                self._packed[data] = packed
                self._held += len(data) + len(packed[1])
            while self._held > self._most_bytes:
                gone, (_, small) = self._packed.popitem(last=False)
                self._held -= len(gone) + len(small)
        return packed


_memory = _DeflateMemory(most_bytes=32 * 1024 * 1024, least_member=64)


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _packed(name: str, data: bytes) -> tuple[int, int, bytes]:
    """Give method, CRC-32 and stored bytes of one member."""
    if data.startswith(_COMPRESSED_ALREADY) or name.endswith(_STORED_SUFFIXES) or len(data) < 64:
        return _STORED, zlib.crc32(data), data
    crc, packed = _memory.pack(data)
    return _DEFLATED, crc, packed


@dataclass(frozen=True)
class Package:
    """Members by path, in the order in which they are written; paths have no leading slash.

    `raw_names` are the bytes of the names of a zip that was read.
    """

    members: Mapping[str, bytes]
    raw_names: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def __getitem__(self, path: str) -> bytes:
        return self.members[path]

    def __contains__(self, path: str) -> bool:
        return path in self.members

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def get(self, path: str) -> bytes | None:
        """Give the member at the path, or nothing."""
        return self.members.get(path)

    def with_members(self, changed: Mapping[str, bytes]) -> "Package":
        """Give a new package in which the named members are replaced or added at the end."""
        return Package({**self.members, **changed}, self.raw_names)

    def to_zip(self) -> bytes:
        """Write the package; the same members in the same order give the same bytes.

        Raises ValueError if the package is too large for a plain zip.
        """
        if len(self.members) > 0xFFFF or sum(map(len, self.members.values())) > 0x7FFFFFFF:
            raise ValueError("the package is too large for a plain zip")
        parts: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for name, data in self.members.items():
            path = name.encode()
            method, crc, packed = _packed(name, data)
            common = (20, _UTF8_NAME, method, _TIME, _DAY, crc, len(packed), len(data), len(path))
            parts += (_LOCAL.pack(b"PK\x03\x04", *common, 0), path, packed)
            directory += (
                _CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, 0, offset),
                path,
            )
            offset += _LOCAL.size + len(path) + len(packed)
        listing = b"".join(directory)
        count = len(self.members)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(listing), offset, 0)
        return b"".join((*parts, listing, end))


def read_package(data: bytes, *, limits: Limits | None = None) -> Package:
    """Read a zip into a package, in bounded time and memory.

    Raises BadPackage with a code and a Chinese sentence when the file is damaged, truncated,
    encrypted, too large, names a path outside the package or has two readings.
    """
    return Package(*read_members(data, limits or Limits()))
