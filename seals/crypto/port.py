"""What sealing needs of a key, wherever it is kept: a file, a signing machine, the city."""

from typing import Protocol


class KeyUnavailable(Exception):
    """The key cannot be used now; the sentence says in Chinese why and what to do."""


class KeyHolder(Protocol):
    """Holds one SM2 key with its certificate and signs with it; never gives the key away."""

    @property
    def label(self) -> str:
        """Name the key in records and error sentences."""
        ...

    @property
    def certificate_der(self) -> bytes:
        """Give the certificate of the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign with SM2 over SM3 and the default id; give DER SEQUENCE(r, s).

        Raises KeyUnavailable when the key cannot be used.
        """
        ...
