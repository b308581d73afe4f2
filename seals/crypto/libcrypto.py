"""The system's libcrypto 3, seen through ctypes: only the functions that SM2 and SM3 need.

The foreign calls release the interpreter's lock, so signing scales over threads. The error queue
is the thread's own; `drain` empties it so that a later failure is not told with an old message.
"""

import ctypes
import ctypes.util
from typing import Any

_POINTER = ctypes.c_void_p
_INT = ctypes.c_int
_SIZE = ctypes.c_size_t
_BYTES = ctypes.c_char_p


class CryptoUnavailable(RuntimeError):
    """The system has no libcrypto 3, or one that was built without SM2."""


def _open() -> ctypes.CDLL:
    for name in ("libcrypto.so.3", ctypes.util.find_library("crypto")):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
            library.OpenSSL_version_num.restype = ctypes.c_ulong
        except (OSError, AttributeError):
            continue
        if library.OpenSSL_version_num() >= 0x30000000:
            return library
    raise CryptoUnavailable("本机没有 OpenSSL 3 的 libcrypto，请安装系统软件包 libssl3。")


_library = _open()


def _function(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(_library, name)
    function.restype = result
    function.argtypes = arguments
    return function


bio_read = _function("BIO_new_mem_buf", _POINTER, _BYTES, _INT)
bio_write = _function("BIO_new", _POINTER, _POINTER)
bio_memory = _function("BIO_s_mem", _POINTER)
bio_take = _function("BIO_read", _INT, _POINTER, _BYTES, _INT)
bio_pending = _function("BIO_ctrl_pending", _SIZE, _POINTER)
bio_free = _function("BIO_free", _INT, _POINTER)

key_read = _function("PEM_read_bio_PrivateKey", _POINTER, _POINTER, _POINTER, _POINTER, _BYTES)
key_up = _function("EVP_PKEY_up_ref", _INT, _POINTER)
key_free = _function("EVP_PKEY_free", None, _POINTER)
key_is_a = _function("EVP_PKEY_is_a", _INT, _POINTER, _BYTES)
spki_read = _function("d2i_PUBKEY", _POINTER, _POINTER, ctypes.POINTER(_POINTER), ctypes.c_long)
spki_write = _function("i2d_PUBKEY_bio", _INT, _POINTER, _POINTER)

context_for_name = _function("EVP_PKEY_CTX_new_from_name", _POINTER, _POINTER, _BYTES, _BYTES)
context_for_key = _function("EVP_PKEY_CTX_new_from_pkey", _POINTER, _POINTER, _POINTER, _BYTES)
context_free = _function("EVP_PKEY_CTX_free", None, _POINTER)
context_id = _function("EVP_PKEY_CTX_set1_id", _INT, _POINTER, _BYTES, _INT)
keygen_init = _function("EVP_PKEY_keygen_init", _INT, _POINTER)
keygen = _function("EVP_PKEY_generate", _INT, _POINTER, ctypes.POINTER(_POINTER))

digest_new = _function("EVP_MD_CTX_new", _POINTER)
digest_free = _function("EVP_MD_CTX_free", None, _POINTER)
digest_use = _function("EVP_MD_CTX_set_pkey_ctx", None, _POINTER, _POINTER)
digest_once = _function(
    "EVP_Digest", _INT, _BYTES, _SIZE, _BYTES, ctypes.POINTER(ctypes.c_uint), _POINTER, _POINTER
)
sm3 = _function("EVP_sm3", _POINTER)()
_INIT = (_POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
sign_init = _function("EVP_DigestSignInit", _INT, *_INIT)
verify_init = _function("EVP_DigestVerifyInit", _INT, *_INIT)
sign = _function("EVP_DigestSign", _INT, _POINTER, _BYTES, ctypes.POINTER(_SIZE), _BYTES, _SIZE)
verify = _function("EVP_DigestVerify", _INT, _POINTER, _BYTES, _SIZE, _BYTES, _SIZE)

pkcs8_from_key = _function("EVP_PKEY2PKCS8", _POINTER, _POINTER)
pkcs8_free = _function("PKCS8_PRIV_KEY_INFO_free", None, _POINTER)
pkcs8_encrypt = _function(
    "PKCS8_encrypt", _POINTER, _INT, _POINTER, _BYTES, _INT, _BYTES, _INT, _INT, _POINTER
)
pkcs8_write = _function("PEM_write_bio_PKCS8", _INT, _POINTER, _POINTER)
encrypted_free = _function("X509_SIG_free", None, _POINTER)
aes_256_cbc = _function("EVP_aes_256_cbc", _POINTER)()

drain = _function("ERR_clear_error", None)


def public_key(der: bytes) -> tuple[int | None, int]:
    """Read a SubjectPublicKeyInfo; give the key and how many bytes it took."""
    buffer = ctypes.create_string_buffer(der, len(der))
    start = ctypes.addressof(buffer)
    cursor = _POINTER(start)
    key = spki_read(None, ctypes.byref(cursor), len(der))
    return key, (cursor.value or start) - start


def written(bio: int) -> bytes:
    """Give all that was written into a memory BIO."""
    length = bio_pending(bio)
    out = ctypes.create_string_buffer(length)
    taken = bio_take(bio, out, length)
    return out.raw[: max(taken, 0)]
