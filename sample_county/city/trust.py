"""Whom the stand-in believes: what lies in a folder, read again when it changes."""

from pathlib import Path

from seals.crypto.certificates import from_pem
from seals.crypto.trust import TrustStore

_PATTERNS = ("roots/*.pem", "intermediates/*.pem", "crls/*.crl")


class TrustFolder:
    """roots/ and intermediates/ (*.pem) and crls/ (*.crl); an empty folder believes no seal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int], ...] | None = None
        self._store = TrustStore()

    def __call__(self) -> TrustStore:
        """What lies there now. Raises BadCertificate for a damaged file."""
        found = [sorted(self._folder.glob(pattern)) for pattern in _PATTERNS]
        seen = tuple((str(path), path.stat().st_mtime_ns) for kind in found for path in kind)
        if seen != self._seen:
            kinds = [tuple(from_pem(path.read_bytes()) for path in kind) for kind in found]
            self._store, self._seen = TrustStore(*kinds), seen
        return self._store
