"""Every number in the text, once. What the text does not say is marked as ours."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class WorkingDays:
    """A limit counted in working days; the day of the event is not counted (ours)."""

    days: int
    article: str


@dataclass(frozen=True)
class EndOfDay:
    """A limit that ends with the day of the event itself (ours, for “同步”)."""

    article: str


# M.9: online generation is part of the matter and happens as it is concluded; the text gives
# no hour, so the clock runs to the end of that day (ours).
GENERATION_ONLINE = EndOfDay("M.9")
GENERATION_OFFLINE = WorkingDays(1, "M.9")
RECOVERY_AFTER_DISRUPTION = WorkingDays(3, "M.11")
OBJECTION_MARK = WorkingDays(1, "M.23")
OBJECTION_ANSWER = WorkingDays(5, "M.23")
TRAIL_RETENTION_YEARS = 3  # M.25: three years at least
SEAL_RENEWAL_WINDOW = timedelta(days=30)  # S.8
MEASURES_VALID_YEARS = 2  # M.32

# Ours: the text asks for identity authentication and access control (M.25) without figures.
LOGIN_FAILURES_BEFORE_LOCK = 5
LOGIN_LOCK = timedelta(minutes=15)
ATTACHMENT_BYTES = 20 * 1024 * 1024
SHEET_ROWS = 200_000
# Ours (M.26): a converted sheet's file is kept so long for its faulty rows to be mended.
SHEET_FILE_KEPT = timedelta(days=30)
