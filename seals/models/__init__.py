"""The seals' models, by name."""

from seals.models.certificate import Certificate
from seals.models.seal import Seal, SealKind
from seals.models.use import SealUse

__all__ = ["Certificate", "Seal", "SealKind", "SealUse"]
