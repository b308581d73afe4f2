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


# M.9: online generation is part of the application and happens as it is concluded; the text gives
# no hour, so the clock runs to the end of that day (ours).
GENERATION_ONLINE = EndOfDay("M.9")
GENERATION_OFFLINE = WorkingDays(1, "M.9")
RECOVERY_AFTER_DISRUPTION = WorkingDays(3, "M.11")
OBJECTION_MARK = WorkingDays(1, "M.23")
OBJECTION_ANSWER = WorkingDays(5, "M.23")
TRAIL_RETENTION_YEARS = 3  # M.25: three years at least
# Cybersecurity Law art. 21: where an act came from is kept for six months at least; that it is
# cleared then is ours (M.26). The longest six months of the calendar.
TRAIL_ORIGINS_KEPT = timedelta(days=184)
SEAL_RENEWAL_WINDOW = timedelta(days=30)  # S.8
MEASURES_VALID_YEARS = 2  # M.32

# Ours: the text asks for identity authentication and access control (M.25) without figures.
LOGIN_FAILURES_BEFORE_LOCK = 5
LOGIN_LOCK = timedelta(minutes=15)
# So often somebody opens personal values within an hour before it is noticed (M.26).
UNMASKINGS_IN_AN_HOUR = 30
# So many of one's former passwords are not taken again.
PASSWORDS_REMEMBERED = 5
# One administrator who reset one factor does not reset the other within so long.
RESETS_APART = timedelta(days=7)
# A phone that was just bound signs nothing off for so long, unless somebody vouches for it.
FRESH_FACTOR = timedelta(hours=24)
# A session of staff ends after a working day, however busy it is.
SESSION_LASTS = timedelta(hours=12)
# Who gave the second factor so long ago is asked again before a personal value is opened, a factor
# is reset or a licence is signed off; configuration may say otherwise (PORTAL_ASK_AGAIN_MINUTES).
ASK_AGAIN_AFTER = timedelta(minutes=60)
ATTACHMENT_BYTES = 20 * 1024 * 1024
# A licence's file that is sent to be verified: what the page says and what the reader reads.
LICENCE_FILE_BYTES = 50 * 1024 * 1024
SHEET_ROWS = 200_000
# Ours (M.25, M.26): so many rows of a list are taken away at once; more need a narrower filter.
LIST_EXPORT_ROWS = 10_000
# Ours (M.26): a converted sheet's file is kept so long for its faulty rows to be mended.
SHEET_FILE_KEPT = timedelta(days=30)

# Presentation a licence (P.2.3.2, P.2.3.3). The text sets no times: all ours.
# A code is renewed every minute; the old one still reads for a moment, so that nobody who lifts
# a phone just then is sent away.
CODE_RENEWED_EVERY = timedelta(seconds=60)
CODE_GRACE = timedelta(seconds=15)
PRESENTATION_LASTS = timedelta(minutes=5)
PRESENTATION_LASTS_ELDER = timedelta(minutes=8)
# How long a reader who was sent on to the holder's consent may still get the answer.
CONSENT_WAITS = timedelta(minutes=3)
# How long a consent still counts that was given in the presentation's last moment.
AGREEMENT_COUNTS = timedelta(minutes=1)
# How long the reader may look again at what a reading brought; then the fields are gone.
READING_STAYS_OPEN = timedelta(minutes=10)
# How long a code that was shown is told apart from one that never was; then its digest is erased.
CODES_KEPT = timedelta(days=30)
# Several licences in one presentation.
LICENCES_IN_A_PRESENTATION = 6
# M.20 asks for a real-name check and sets no term: one counts for half a day (ours).
REAL_NAME_CHECK_COUNTS = timedelta(hours=12)
# How long a sign-in may stay under way at the identity service before it starts anew (ours).
SIGN_IN_UNDER_WAY = timedelta(minutes=10)
# P.2.3.5 sets no number; configuration may say otherwise (PORTAL_REMINDER_DAYS).
REMINDER_DAYS = (60, 30, 7)
# A mandate that a holder gives ends after so many days at the most.
MANDATE_DAYS = 366
# Civil Code art. 17: one is of age at eighteen. A guardian's presentation ends the day before.
OF_AGE_YEARS = 18
# A purpose-marked copy names its last day, at the most so far ahead.
COPY_DAYS = 90
# A photo of a code that is sent to be read: a phone's are up to eight megabytes.
CODE_PICTURE_BYTES = 10 * 1024 * 1024
# Who was found at a window stays found so long, from the look-up to the print.
WINDOW_STAYS_OPEN = timedelta(minutes=15)
# A clerk's own prints can be opened again on the screen so long; then they are made anew.
WINDOW_PRINT_STAYS = timedelta(minutes=15)
