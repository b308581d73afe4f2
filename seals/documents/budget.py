"""What judging one stranger's package may cost; one budget, whichever part of the reader spends.

Counts are of work and not of seconds, so that one file has one answer on every machine.
"""

from dataclasses import dataclass, field

_MB = 1024 * 1024
# What a package may cost (ours): a genuine one of a hundred seals stays under a tenth of each.
_MOST = {
    "parsed_bytes": 16 * _MB,
    # elements and attributes together
    "marks": 400_000,
    # of all signature values together: each is hashed and copied several times
    "value_bytes": 32 * _MB,
    # different certificates, each of which is read and judged anew
    "certificates": 128,
    "certificate_bytes": 512 * 1024,
    # letters of locations that no member is named by to the letter
    "spelled": 2 * _MB,
}


class TooMuchWork(Exception):
    """A package would cost more than is spent on one."""


@dataclass
class Budget:
    """What is left of the work that one package may cost."""

    _spent: dict[str, int] = field(default_factory=dict)
    _certificates: set[bytes] = field(default_factory=set)

    def spend(self, kind: str, count: int) -> None:
        """Count work before it is done.

        Raises TooMuchWork where it would pass what a package may cost.
        """
        spent = self._spent.get(kind, 0) + count
        self._spent[kind] = spent
        if spent > _MOST[kind]:
            raise TooMuchWork(kind)

    def spend_certificate(self, certificate: bytes) -> None:
        """Count a certificate that is about to be read; one that came before costs nothing.

        Raises TooMuchWork.
        """
        if certificate not in self._certificates:
            self.spend("certificates", 1)
            self.spend("certificate_bytes", len(certificate))
            self._certificates.add(certificate)
