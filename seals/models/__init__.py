"""The seals' models, by name."""

from seals.models.certificate import Certificate
from seals.models.seal import Seal, SealChange, SealKind
from seals.models.use import SealUse

__all__ = ["Certificate", "Seal", "SealChange", "SealKind", "SealUse"]
