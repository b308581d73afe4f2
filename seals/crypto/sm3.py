"""The SM3 digest (GB/T 32905-2016)."""

import ctypes
import hashlib

from seals.crypto import libcrypto

SIZE = 32


def _by_hashlib(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _by_libcrypto(data: bytes) -> bytes:
    out = ctypes.create_string_buffer(SIZE)
    if libcrypto.digest_once(data, len(data), out, None, libcrypto.sm3, None) != 1:
        libcrypto.drain()
        raise libcrypto.CryptoUnavailable("本机的 libcrypto 不支持 SM3 算法。")
    return out.raw


# A Python that carries its own OpenSSL may have been built without SM3.
_digest = _by_hashlib if "sm3" in hashlib.algorithms_available else _by_libcrypto


def digest(data: bytes) -> bytes:
    """Give the 32 bytes of SM3 over the data."""
    return _digest(data)
