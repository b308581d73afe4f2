"""Digests as signatures write them of a package's members, and what they are compared with."""

import hashlib
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from seals.crypto import sm3
from seals.documents.package import Package


def _by(name: str) -> Callable[[bytes], bytes]:
    return lambda data: hashlib.new(name, data, usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True)
class DigestMethod:
    """A digest: its name, its length in bytes, and whether it protects anything today."""

    name: str
    size: int
    is_strong: bool
    digest: Callable[[bytes], bytes]


SM3 = DigestMethod("SM3", 32, True, sm3.digest)  # noqa: FBT003
SHA256 = DigestMethod("SHA256", 32, True, _by("sha256"))  # noqa: FBT003
SHA1 = DigestMethod("SHA1", 20, False, _by("sha1"))  # noqa: FBT003
MD5 = DigestMethod("MD5", 16, False, _by("md5"))  # noqa: FBT003

_ALL = (SM3, SHA256, SHA1, MD5)
_BY_NAME = {
    **{method.name: method for method in _ALL},
    "1.2.156.10197.1.401": SM3,
    "2.16.840.1.101.3.4.2.1": SHA256,
    "1.3.14.3.2.26": SHA1,
    "1.2.840.113549.2.5": MD5,
    "": MD5,  # GB/T 33190-2016: absent means MD5
}


def stated_method(name: str) -> DigestMethod | None:
    """Give the method of that name or object identifier; nothing for one we do not know."""
    return _BY_NAME.get(name.upper().replace("-", "").removeprefix("URN:OID:"))


def readings(text: str) -> set[bytes]:
    """Give the bytes that a digest may be written for: base64 in its kinds, or hexadecimal."""
    plain = "".join(text.split()).translate(_TO_PLAIN_BASE64).rstrip("=")
    found: set[bytes] = set()
    with suppress(Base64Error, ValueError):
        found.add(b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    with suppress(ValueError):
        found.add(bytes.fromhex(plain.removeprefix("0x")))
    return found


_TO_PLAIN_BASE64 = str.maketrans("-_", "+/")
_LONGEST_DIGEST = 512


class Digests:
    """The digests of a package's members, each computed once however often it is named."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[tuple[str, str], bytes] = {}

    def of(self, path: str, method: DigestMethod) -> bytes:
        """Give the digest of the member."""
        key = (path, method.name)
        if key not in self._known:
            self._known[key] = method.digest(self._package[path])
        return self._known[key]

    def is_of(self, path: str, value: str, method: DigestMethod) -> bool:
        """Tell whether a value, however it is written, is the member's digest."""
        return len(value) <= _LONGEST_DIGEST and self.of(path, method) in readings(value)

    def used_method(
        self, stated: DigestMethod | None, found: Iterable[tuple[str, str]]
    ) -> DigestMethod | None:
        """Give the method by which a list of (path, value) was made; nothing if none fits.

        It is the stated one where any value agrees with it, or is at least as long as it gives.
        Else it is another one, if a value agrees with that: a list may be labelled wrongly.
        """
        pairs = list(found)
        for method in dict.fromkeys((stated, *_ALL)):
            if method is not None and any(self._agreeing(pairs, method)):
                return method
        if stated is None:
            return None
        return stated if any(has_size(value, stated.size) for _, value in pairs) else None

    def _agreeing(self, pairs: list[tuple[str, str]], method: DigestMethod) -> Iterator[bool]:
        for path, value in pairs:
            if has_size(value, method.size):
                yield self.is_of(path, value, method)


def has_size(value: str, size: int) -> bool:
    """Tell whether a value can be read as a digest of so many bytes."""
    return len(value) <= _LONGEST_DIGEST and any(len(one) == size for one in readings(value))
