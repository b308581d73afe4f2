"""Keys kept in encrypted files: for samples, tests and demonstrations."""

from pathlib import Path

from seals.crypto.certificates import BadCertificate, from_pem, read_certificate
from seals.crypto.port import KeyUnavailable
from seals.crypto.sm2 import PrivateKey

_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


class SoftwareKey:
    """A key holder whose key lies in an encrypted PKCS#8 file; loaded once, safe for threads."""

    def __init__(self, label: str, key: PrivateKey, certificate_der: bytes = b"") -> None:
        self._label = label
        self._key = key
        self._certificate_der = certificate_der

    @classmethod
    def load(
        cls, key_path: Path, certificate_path: Path, passphrase: bytes, *, label: str = ""
    ) -> "SoftwareKey":
        """Open the key and check that the certificate is its own.

        Without a label it is named after the organisation in its certificate.

        Raises KeyUnavailable with the reason in Chinese.
        """
        name = label or key_path.parent.name
        try:
            pem, written = key_path.read_bytes(), certificate_path.read_bytes()
        except OSError as error:
            raise KeyUnavailable(
                f"找不到“{name}”的密钥或证书文件，不能签章。请先生成或导入密钥。"
            ) from error
        if _ENCRYPTED not in pem:
            raise KeyUnavailable(
                f"“{name}”的密钥文件没有加密保护，拒绝使用。请改存为加密的 PKCS#8。"
            )
        try:
            certificate = from_pem(written)
            facts = read_certificate(certificate)
        except BadCertificate as error:
            raise KeyUnavailable(f"“{name}”的证书文件无法读取，不能签章。") from error
        try:
            key = PrivateKey.load(pem, passphrase)
        except ValueError as error:
            raise KeyUnavailable(
                f"“{name}”的密钥无法打开：口令不正确、文件损坏或不是SM2密钥。"
            ) from error
        if key.public_spki() != facts.spki:
            raise KeyUnavailable(f"“{name}”的密钥与证书不是一对，不能签章。")
        return cls(label or facts.organisation or name, key, certificate)

    @property
    def label(self) -> str:
        """Name the key in records and error sentences."""
        return self._label

    @property
    def certificate_der(self) -> bytes:
        """Give the certificate of the key; empty for a root that does not have one yet."""
        return self._certificate_der

    def sign(self, message: bytes) -> bytes:
        """Sign with SM2 over SM3; give DER SEQUENCE(r, s).

        Raises KeyUnavailable when libcrypto refuses.
        """
        try:
            return self._key.sign(message)
        except ValueError as error:
            raise KeyUnavailable(f"“{self._label}”的密钥签名失败。") from error

    def public_spki(self) -> bytes:
        """Give the public key as DER SubjectPublicKeyInfo."""
        return self._key.public_spki()
