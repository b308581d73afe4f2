"""One version's face drawn and sealed, with no lock held (M.7, M.13, S.9)."""

from dataclasses import dataclass
from datetime import datetime

from licences.models import CatalogueEntry, LicenceVersion
from licences.production.face.layout import place
from licences.production.face.ofd import stamps, write
from licences.production.face_input import input_of, metadata_of
from licences.production.face_rules import Metadata, seal_misfit
from seals.use.sealing import CannotSeal, Sealer, sealer_for
from zezhou_portal.kernel import clock


@dataclass(frozen=True)
class Sealed:
    """A version's sealed file, not stored yet."""

    version: LicenceVersion
    data: bytes
    sealed_at: datetime
    metadata: Metadata


def draw_and_seal(
    version: LicenceVersion, entry: CatalogueEntry, sealers: dict[int, Sealer]
) -> Sealed:
    """Draws and seals one version's file; no transaction, no lock.

    Raises CannotDraw, CannotSeal, KeyUnavailable; an unsealed file is never given back.
    """
    seal = version.seal_use.seal
    if misfit := seal_misfit(entry.layout, seal.name, seal.width_mm, seal.height_mm):
        raise CannotSeal("seal_size", misfit)
    if seal.pk not in sealers:
        sealers[seal.pk] = sealer_for(seal)
    face = place(entry.layout, input_of(version, entry))
    metadata = metadata_of(version, entry)
    package = write(face, metadata)
    at = clock.now().replace(microsecond=0)
    data = sealers[seal.pk].seal(package, stamps(face), at)
    return Sealed(version, data, at, metadata)
