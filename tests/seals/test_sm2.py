"""The signing core against the standard's own examples and the OpenSSL command line."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import pem

from seals.crypto import sm2, sm3
from seals.crypto.certificates import SM2_CURVE

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "sm2.json").read_text())
EXAMPLE = VECTORS["signature"]
ID = "distid:1234567812345678"


def integer(value: str) -> bytes:
    return b"\x02\x21\x00" + bytes.fromhex(value)


def example_spki() -> bytes:
    point = bytes.fromhex(EXAMPLE["public_x"] + EXAMPLE["public_y"])
    return bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + b"\x04" + point


def openssl(*arguments: object, stdin: bytes = b"") -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], input=stdin, capture_output=True, check=False
    )
    return (done.stdout + done.stderr).decode()


@pytest.fixture(scope="module")
def key() -> sm2.PrivateKey:
    return sm2.PrivateKey.generate()


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", VECTORS["sm3"][""]),
        (b"abc", VECTORS["sm3"]["abc"]),
        (b"abcd" * 16, VECTORS["sm3"]["abcd x 16"]),
    ],
)
def test_sm3_gives_the_standards_digests(message, digest):
    assert sm3.digest(message).hex() == digest
    assert sm3._by_libcrypto(message).hex() == digest


def test_the_standards_signature_verifies_and_nothing_near_it():
    signature = b"\x30\x46" + integer(EXAMPLE["r"]) + integer(EXAMPLE["s"])
    message = EXAMPLE["message_ascii"].encode()
    assert sm2.verify(example_spki(), signature, message) is True
    assert sm2.verify(example_spki(), signature, message + b" ") is False
    other = b"\x30\x46" + integer(EXAMPLE["s"]) + integer(EXAMPLE["r"])
    assert sm2.verify(example_spki(), other, message) is False


def test_the_standards_private_key_signs_what_its_public_key_verifies():
    body = asn1_keys.ECPrivateKey(
        {
            "version": "ecPrivkeyVer1",
            "private_key": int(EXAMPLE["d"], 16),
            "parameters": asn1_keys.ECDomainParameters(name="named", value=SM2_CURVE),
        }
    )
    text = pem.armor("EC PRIVATE KEY", body.dump())
    key = sm2.PrivateKey.load(text, b"")
    assert key.public_spki() == example_spki()
    signature = key.sign(b"message digest")
    assert sm2.verify(example_spki(), signature, b"message digest")


def test_self_check_passes_here_and_raises_when_the_known_answer_is_wrong(monkeypatch):
    assert sm2.self_check() is None
    monkeypatch.setattr(sm2, "_KNOWN_MESSAGE", b"another message")
    with pytest.raises(sm2.CryptoUnavailable, match="自检未通过"):
        sm2.self_check()


@pytest.mark.parametrize("length", [0, 1, 31, 5000])
def test_signature_verifies_for_messages_of_any_length(key, length):
    message = bytes(range(256)) * 20
    signature = key.sign(message[:length])
    assert sm2.verify(key.public_spki(), signature, message[:length]) is True
    assert sm2.verify(key.public_spki(), signature, message[: length + 1]) is False


@pytest.mark.parametrize("bad", [b"", b"\x30\x00", b"x" * 70, b"\x30\x06\x02\x01\x01\x02\x01\x01"])
def test_malformed_signature_is_false_and_leaves_no_error_behind(key, bad):
    assert sm2.verify(key.public_spki(), bad, b"message") is False
    assert sm2.verify(key.public_spki(), key.sign(b"message"), b"message") is True


def test_malformed_or_foreign_public_key_is_a_value_error(key, tmp_path):
    spki = key.public_spki()
    for bad in (b"", spki[:-1], spki + b"\0", spki[:-1] + bytes([spki[-1] ^ 1])):
        with pytest.raises(ValueError, match="public key"):
            sm2.verify(bad, b"", b"")
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", tmp_path / "p256.pem")
    openssl(
        "pkey", "-in", tmp_path / "p256.pem", "-pubout", "-outform", "DER", "-out", tmp_path / "p"
    )
    with pytest.raises(ValueError, match="not an SM2 key"):
        sm2.verify((tmp_path / "p").read_bytes(), b"", b"")
    with pytest.raises(ValueError, match="not an SM2 key"):
        sm2.PrivateKey.load((tmp_path / "p256.pem").read_bytes(), b"")


def test_key_is_written_encrypted_and_read_back_with_its_passphrase_only(key, tmp_path):
    text = key.encrypted_pem(b"correct horse", rounds=3000)
    assert text.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert sm2.PrivateKey.load(text, b"correct horse").public_spki() == key.public_spki()
    for wrong in (b"", b"wrong", b"correct horse\0"):
        with pytest.raises(ValueError, match="passphrase"):
            sm2.PrivateKey.load(text, wrong)
    with pytest.raises(ValueError, match="passphrase"):
        key.encrypted_pem(b"")
    (tmp_path / "k.pem").write_bytes(text)
    shown = openssl("asn1parse", "-in", tmp_path / "k.pem")
    assert "PBKDF2" in shown
    assert "aes-256-cbc" in shown
    assert ":0BB8" in shown


def test_openssl_verifies_our_signature_and_we_verify_openssls(key, tmp_path):
    message = tmp_path / "message"
    message.write_bytes("电子证照".encode() * 100)
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    private.write_bytes(key.encrypted_pem(b"secret", rounds=2048))
    openssl("pkey", "-in", private, "-passin", "pass:secret", "-pubout", "-out", public)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(key.sign(message.read_bytes()))
    verify = ("dgst", "-sm3", "-sigopt", ID, "-verify", public, "-signature")
    assert "Verified OK" in openssl(*verify, ours, message)
    openssl(
        *("dgst", "-sm3", "-sigopt", ID, "-sign", private, "-passin", "pass:secret"),
        *("-out", theirs, message),
    )
    assert sm2.verify(key.public_spki(), theirs.read_bytes(), message.read_bytes()) is True
    assert sm2.verify(key.public_spki(), theirs.read_bytes(), b"another") is False


def test_key_and_certificate_of_another_implementation_are_read(tmp_path):
    p12 = Path(__file__).parents[1] / "vectors" / "ofd" / "sm2-user.p12"
    text = openssl("pkcs12", "-legacy", "-in", p12, "-passin", "pass:777777", "-nodes").encode()
    key = sm2.PrivateKey.load(text[text.index(b"-----BEGIN PRIVATE KEY") :], b"")
    assert sm2.verify(key.public_spki(), key.sign(b"x"), b"x") is True


def test_one_key_signs_and_verifies_in_many_threads_at_once(key):
    spki = key.public_spki()

    def work(number: int) -> bool:
        message = str(number).encode()
        return sm2.verify(spki, key.sign(message), message)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(200))) == [True] * 200
