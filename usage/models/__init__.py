"""The models of the use of licences, by name."""

from usage.models.copies import ExpiryReminder, PurposeCopy
from usage.models.presentation import (
    LIVE,
    Presentation,
    PresentationCode,
    PresentationOff,
    PresentedLicence,
)
from usage.models.verification import FileProof, Mode, UsageKind, UsageRecord, Verification

__all__ = [
    "LIVE",
    "ExpiryReminder",
    "FileProof",
    "Mode",
    "Presentation",
    "PresentationCode",
    "PresentationOff",
    "PresentedLicence",
    "PurposeCopy",
    "UsageKind",
    "UsageRecord",
    "Verification",
]
