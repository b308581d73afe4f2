"""Names of members as writers of zips spell them: encodings, slashes, capitals, Unicode forms."""

import re
import struct
import unicodedata
import zlib
from urllib.parse import unquote

_UNICODE_PATH = 0x7075
_LONGEST = 512
_ENCODINGS = ("utf-8", "gb18030")
# What a name may have been read as on its way, and written again in UTF-8.
_MISREAD_AS = ("cp437", "latin-1", "cp1252", "gb18030")
_OTHER_ENCODINGS = ("gb18030", "big5", "cp932", "euc_kr")
_SPACES = re.compile(r"\s+")


class UnsafeName(ValueError):
    """A name that leads out of the package, or that no path can be."""


def first_reading(raw: bytes, extra: bytes = b"") -> str | None:
    """Give a name as it most likely reads, whatever its flag says; nothing if it cannot be read.

    Older writers name members in GB 18030, some of them flagged as UTF-8.
    """
    stated = _unicode_path(raw, extra)
    if stated is not None:
        return stated
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _unicode_path(raw: bytes, extra: bytes) -> str | None:
    """Give the name in UTF-8 that stands beside another one, if it belongs to it."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        content = extra[at + 4 : at + 4 + length]
        if kind == _UNICODE_PATH and content[:1] == b"\1":
            if content[1:5] != struct.pack("<L", zlib.crc32(raw)):
                return None
            try:
                return content[5:].decode()
            except UnicodeDecodeError:
                return None
        at += 4 + length
    return None


def safe_path(name: str) -> str:
    """Give the path inside the package that a name means; a folder keeps its last slash.

    Members are never written to a disk, so a leading slash or "./" only says where to begin.
    Raises UnsafeName for a path that leads out, a drive, a control character or a name too long.
    """
    name = name.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    has_control = any(sign < " " or sign == "\x7f" for sign in name)
    if not parts or ".." in parts or ":" in parts[0] or has_control or len(name) > _LONGEST:
        raise UnsafeName(name)
    return "/".join(parts) + ("/" if name.endswith("/") else "")


def other_readings(raw: bytes, name: str) -> set[str]:
    """Give what else the bytes of a name may read as; nothing for plain ASCII."""
    if raw.isascii():
        return set()
    found = {name}
    for encoding in _OTHER_ENCODINGS:
        try:
            found.add(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    for wrong in _MISREAD_AS:
        for right in _ENCODINGS:
            try:
                found.add(name.encode(wrong).decode(right))
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
    return found - {name}


def loose(path: str) -> str:
    """Give the form in which two spellings of one path are the same text."""
    plain = unicodedata.normalize("NFKC", unquote(path.replace("\\", "/"))).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    parts = (_SPACES.sub(" ", part).strip() for part in plain.split("/"))
    return "/".join(part for part in parts if part not in ("", "."))
