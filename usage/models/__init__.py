"""The models of the use of licences, by name."""

from usage.models.copies import ExpiryReminder, PurposeCopy
from usage.models.presentation import (
    LIVE,
    Presentation,
    PresentationCode,
    PresentedLicence,
    ShowingOff,
)
from usage.models.verification import FileProof, Mode, UsageKind, UsageRecord, Verification

__all__ = [
    "LIVE",
    "ExpiryReminder",
    "FileProof",
    "Mode",
    "Presentation",
    "PresentationCode",
    "PresentedLicence",
    "PurposeCopy",
    "ShowingOff",
    "UsageKind",
    "UsageRecord",
    "Verification",
]
