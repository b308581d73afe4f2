"""What stands on the presenter's screen: a code, a question, or what came of the presentation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings

from usage.models import LIVE, Presentation, Verification
from usage.presenting.presentations import Current, current_code
from usage.presenting.qr import Drawn, drawn
from usage.presenting.selectors import Part, parts_of, readings_of
from usage.verifying import codes
from usage.verifying.outcomes import BY_KEY
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.regulation.limits import CODE_GRACE, CODE_RENEWED_EVERY

# The ring of the code: its circle's length, for a radius of 22.
_AROUND = 138.2
# Without scripts the page fetches itself again: so soon where the holder is waited for.
_ASKED_SOON = 10
_KINDS = {"OPEN": "code", "ASKED": "ask", "AGREED": "agreed", "REDEEMED": "read"}


@dataclass(frozen=True)
class Given:
    """One licence that was read: what came of it and which items the reader was given."""

    kind: str
    number: str
    verdict: str
    sentence: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Screen:
    """The screen of one presentation at one moment.

    `kind` is code, ask, agreed, read or over. Seconds count from this moment, so that the
    phone's own clock is of no account.
    """

    row: Presentation
    kind: str
    parts: Sequence[Part]
    now: datetime
    current: Current | None = None
    symbol: Drawn | None = None
    given: Sequence[Given] = field(default_factory=list)
    turned_away: int = 0

    @property
    def state(self) -> str:
        """The state as the status request names it."""
        return state_of(self.row, self.now)

    @property
    def left(self) -> int:
        """Seconds until the next code."""
        return _seconds(self.current.renews_at - self.now) if self.current else 0

    @property
    def ends_in(self) -> int:
        """Seconds until the presentation is over."""
        return max(_seconds(self.row.ends_at - self.now), 0)

    @property
    def ends_in_words(self) -> str:
        """The same, as one says it."""
        minutes, seconds = divmod(self.ends_in, 60)
        if not minutes:
            return f"{seconds} 秒"
        return f"{minutes} 分 {seconds} 秒" if seconds else f"{minutes} 分钟"

    @property
    def grace(self) -> int:
        """Seconds that a code reads after its minute, unless the presentation is over by then."""
        return min(int(CODE_GRACE.total_seconds()), max(self.ends_in - self.left, 0))

    @property
    def every(self) -> int:
        """Seconds that a code stands."""
        return int(CODE_RENEWED_EVERY.total_seconds())

    @property
    def ring(self) -> str:
        """How much of the ring is left, as its dashes."""
        return f"{_AROUND * min(self.left / self.every, 1):.1f} {_AROUND}"

    @property
    def refresh(self) -> int:
        """After how many seconds the page without scripts fetches itself; none once it is over."""
        if self.kind == "code":
            soon = min(self.left, _ASKED_SOON) if self.row.asks_consent else self.left
            return max(soon, 1)
        return _ASKED_SOON if self.kind in {"ask", "agreed"} else 0

    @property
    def digits(self) -> str:
        """The short number, digit by digit, for whoever hears it."""
        return " ".join(self.current.code.number) if self.current else ""

    @property
    def groups(self) -> list[str]:
        """The short number in its groups."""
        return self.current.code.spoken.split() if self.current else []

    @property
    def is_for_official(self) -> bool:
        """Whether the reader acts for a department."""
        return self.row.reader_department_id is not None

    @property
    def asked_count(self) -> int:
        """How many items the reader would see beyond the public part."""
        return sum(len(part.chosen_names) for part in self.parts)

    @property
    def reader(self) -> str:
        """Who reads, as the holder is told."""
        return self.row.reader_name or "有人"

    @property
    def is_mandate_over(self) -> bool:
        """Whether the presentation is over because its mandate is."""
        is_running = self.row.state in LIVE and self.now < self.row.ends_at
        return is_running and self.kind == "over"


def screen_of(actor: Actor, row: Presentation) -> Screen:
    """The screen as it stands now; gives the presentation its next code when a minute is over."""
    now = clock.now()
    parts = parts_of(row)
    kind = _KINDS.get(state_of(row, now), "over")
    if kind == "code":
        current = current_code(actor=actor, presentation=row)
        if current is not None:
            address = codes.address_of(current.code.secret, settings.PORTAL_ADDRESS)
            return Screen(row, kind, parts, now, current, drawn(address))
        row.refresh_from_db()  # read or stopped while this was being asked
        kind = _KINDS.get(state_of(row, now), "over").replace("code", "over")
    if kind != "read":
        return Screen(row, kind, parts, now)
    tries = readings_of(row)
    given = _given(tries, parts)
    return Screen(row, kind, parts, now, given=given, turned_away=len(tries) - len(given))


def state_of(row: Presentation, now: datetime) -> str:
    """The state by the clock and the mandate too: neither timer nor table is waited for."""
    is_over = row.state in LIVE and not (row.is_open(now) and row.is_backed(clock.beijing_day(now)))
    return "LAPSED" if is_over else row.state


def _given(tries: Sequence[Verification], parts: Sequence[Part]) -> list[Given]:
    by_licence = {part.licence_id: part for part in parts}
    found = []
    for one in tries:
        part = by_licence.get(one.licence_id or 0)
        if part is None:
            continue
        outcome = BY_KEY[one.outcome]
        names = tuple(part.names_of(one.items))
        found.append(Given(part.kind, part.number, one.verdict, outcome.sentence, names))
    return found


def _seconds(span: timedelta) -> int:
    return ceil(span.total_seconds())  # never before its time: an early request brings nothing new
