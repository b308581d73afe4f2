"""SM2 signatures with SM3 over the system's libcrypto; nonces come from libcrypto's own generator.

Signatures are written as DER SEQUENCE(r, s) and read as vendors write them. The signer id is the
default one of GM/T 0009 and is set on every call, because libcrypto left alone hashes an empty id
and no other program would agree.
"""

import ctypes
import weakref
from collections import OrderedDict
from enum import Enum
from threading import Lock
from typing import Any

from seals.crypto import libcrypto
from seals.crypto.libcrypto import CryptoUnavailable
from seals.crypto.signature_values import readings, strict

SIGNER_ID = b"1234567812345678"
_LONGEST_SIGNATURE = 80
_KEYS_REMEMBERED = 512

# The signature example of GB/T 32918.5-2017, Annex A.
_KNOWN_SPKI = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d03420004"
    "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_KNOWN_MESSAGE = b"message digest"
_KNOWN_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


class PrivateKey:
    """An SM2 private key held by libcrypto; never written but encrypted. Safe for threads."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        weakref.finalize(self, libcrypto.key_free, handle)

    @classmethod
    def generate(cls) -> "PrivateKey":
        """Make a new key.

        Raises CryptoUnavailable if libcrypto has no SM2.
        """
        context = libcrypto.context_for_name(None, b"SM2", None)
        handle = ctypes.c_void_p()
        try:
            made = (
                bool(context)
                and libcrypto.keygen_init(context) == 1
                and libcrypto.keygen(context, ctypes.byref(handle)) == 1
            )
        finally:
            libcrypto.context_free(context)
        if not made or handle.value is None:
            libcrypto.drain()
            raise CryptoUnavailable("本机的 libcrypto 不支持 SM2 算法。")
        return cls(handle.value)

    @classmethod
    def load(cls, pem: bytes, passphrase: bytes) -> "PrivateKey":
        """Read an (encrypted) PKCS#8 key in PEM.

        Raises ValueError when the passphrase is wrong, the text is damaged or the key is not SM2.
        """
        if b"\0" in passphrase:
            raise ValueError("the passphrase contains a null character")
        bio = libcrypto.bio_read(pem, len(pem))
        try:
            # An absent passphrase would make libcrypto ask on the terminal; b"" does not.
            handle = libcrypto.key_read(bio, None, None, passphrase)
        finally:
            libcrypto.bio_free(bio)
        libcrypto.drain()
        if not handle:
            raise ValueError("the key cannot be read: wrong passphrase or damaged file")
        key = cls(handle)
        if libcrypto.key_is_a(handle, b"SM2") != 1:
            raise ValueError("the key is not an SM2 key")
        return key

    def encrypted_pem(self, passphrase: bytes, *, rounds: int = 600_000) -> bytes:
        """Write the key as encrypted PKCS#8 (PBES2, AES-256-CBC, PBKDF2 of that many rounds).

        Raises ValueError for an empty passphrase.
        """
        if not passphrase or b"\0" in passphrase:
            raise ValueError("a key is only written under a passphrase")
        plain = libcrypto.pkcs8_from_key(self._handle)
        sealed = libcrypto.pkcs8_encrypt(
            -1, libcrypto.aes_256_cbc, passphrase, len(passphrase), None, 0, rounds, plain
        )
        libcrypto.pkcs8_free(plain)
        bio = libcrypto.bio_write(libcrypto.bio_memory())
        try:
            if not sealed or libcrypto.pkcs8_write(bio, sealed) != 1:
                raise ValueError("the key could not be encrypted")
            return libcrypto.written(bio)
        finally:
            libcrypto.drain()
            libcrypto.bio_free(bio)
            libcrypto.encrypted_free(sealed)

    def public_spki(self) -> bytes:
        """Give the public key as DER SubjectPublicKeyInfo."""
        bio = libcrypto.bio_write(libcrypto.bio_memory())
        try:
            if libcrypto.spki_write(bio, self._handle) != 1:
                raise ValueError("the public key could not be written")
            return libcrypto.written(bio)
        finally:
            libcrypto.drain()
            libcrypto.bio_free(bio)

    def sign(self, message: bytes) -> bytes:
        """Sign the message (hashed with SM3 behind ZA); give DER SEQUENCE(r, s).

        Raises ValueError if libcrypto refuses.
        """
        with _Operation(self._handle, libcrypto.sign_init) as digest:
            length = ctypes.c_size_t(_LONGEST_SIGNATURE)
            out = ctypes.create_string_buffer(_LONGEST_SIGNATURE)
            if libcrypto.sign(digest, out, ctypes.byref(length), message, len(message)) != 1:
                libcrypto.drain()
                raise ValueError("libcrypto refused to sign")
            return out.raw[: length.value]


class _Operation:
    """One signing or verifying, with the signer id set; frees both contexts."""

    __slots__ = ("_context", "_digest")

    def __init__(self, handle: int, begin: Any, signer_id: bytes = SIGNER_ID) -> None:
        self._digest = libcrypto.digest_new()
        self._context = libcrypto.context_for_key(None, handle, None)
        if libcrypto.context_id(self._context, signer_id, len(signer_id)) == 1:
            libcrypto.digest_use(self._digest, self._context)
            if begin(self._digest, None, libcrypto.sm3, None, handle) == 1:
                return
        self._free()
        libcrypto.drain()
        raise ValueError("libcrypto refused the key")

    def _free(self) -> None:
        # The context given to the digest is not freed with it.
        libcrypto.digest_free(self._digest)
        libcrypto.context_free(self._context)

    def __enter__(self) -> int:
        return int(self._digest)

    def __exit__(self, *_: object) -> None:
        self._free()


class _PublicKey:
    __slots__ = ("__weakref__", "handle")

    def __init__(self, spki: bytes) -> None:
        handle, taken = libcrypto.public_key(spki)
        libcrypto.drain()
        if handle is None:
            raise ValueError("the public key is malformed")
        self.handle = handle
        weakref.finalize(self, libcrypto.key_free, handle)
        if taken != len(spki):
            raise ValueError("bytes follow the public key")
        if libcrypto.key_is_a(handle, b"SM2") != 1:
            raise ValueError("the public key is not an SM2 key")


class _PublicKeys:
    """The public keys met last, parsed; the least recently used goes first. Safe for threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._keys: OrderedDict[bytes, _PublicKey] = OrderedDict()
        self._lock = Lock()

    def get(self, spki: bytes) -> _PublicKey:
        with self._lock:
            known = self._keys.get(spki)
            if known is not None:
                self._keys.move_to_end(spki)
                return known
        key = _PublicKey(spki)
        with self._lock:
            self._keys[spki] = key
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)
        return key


_public_keys = _PublicKeys(_KEYS_REMEMBERED)


class Verified(Enum):
    """What was found of a signature: right, wrong, by another signer id, or no signature."""

    RIGHT = "right"
    WRONG = "wrong"
    OTHER_ID = "other_id"
    UNREADABLE = "unreadable"


def judge(spki: bytes, signature: bytes, message: bytes) -> Verified:
    """Judge a signature over the message by its numbers, however they are written.

    A signature that is right for an empty signer id, as OpenSSL makes it when left alone, proves
    the key but not the standard's way: it is told apart.
    Raises ValueError when the key is malformed or not SM2.
    """
    key = _public_keys.get(spki)
    values = [strict(*numbers) for numbers in readings(signature)]
    if not values:
        return Verified.UNREADABLE
    if any(_is_right(key, value, message, SIGNER_ID) for value in values):
        return Verified.RIGHT
    if any(_is_right(key, value, message, b"") for value in values):
        return Verified.OTHER_ID
    return Verified.WRONG


def verify(spki: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether the signature over the message is by the key of the SubjectPublicKeyInfo.

    Raises ValueError when the key is malformed or not SM2; a malformed signature is False.
    """
    return judge(spki, signature, message) is Verified.RIGHT


def _is_right(key: _PublicKey, signature: bytes, message: bytes, signer_id: bytes) -> bool:
    with _Operation(key.handle, libcrypto.verify_init, signer_id) as digest:
        answer = libcrypto.verify(digest, signature, len(signature), message, len(message))
    if answer != 1:
        libcrypto.drain()
    return bool(answer == 1)


def self_check() -> None:
    """Prove on the standard's own example and on a fresh key that SM2 works here.

    Raises CryptoUnavailable if it does not; nothing may be sealed or verified then.
    Source: GB/T 32918.5-2017, Annex A.
    """
    try:
        key = PrivateKey.generate()
        spki = key.public_spki()
        works = (
            verify(_KNOWN_SPKI, _KNOWN_SIGNATURE, _KNOWN_MESSAGE)
            and not verify(_KNOWN_SPKI, _KNOWN_SIGNATURE, _KNOWN_MESSAGE + b".")
            and verify(spki, key.sign(_KNOWN_MESSAGE), _KNOWN_MESSAGE)
        )
    except ValueError as error:
        raise CryptoUnavailable("本机的 libcrypto 不支持 SM2 算法。") from error
    if not works:
        raise CryptoUnavailable("本机的 SM2 算法自检未通过，不能签章和验证。")
