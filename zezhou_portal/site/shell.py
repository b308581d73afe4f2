"""What every page's frame needs: who acts, where they may go, how they want to read.

`shell(request)` gives templates one name, `shell`. Everything that costs a query is worked
out when a template first asks for it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.clock import now, today
from zezhou_portal.parties.instruments.selectors import PresentInstrument, present_instruments
from zezhou_portal.parties.notices.selectors import holders_inbox
from zezhou_portal.site.navigation import (
    OWN,
    PUBLIC,
    Entry,
    Group,
    address_of,
    entries_of,
    rail_of,
)

# The four sizes of the rule for elder modes, in points (tokens.css turns them into the root size).
ELDER_SIZES = ("18", "22", "26", "30")
ELDER_COOKIE = "elder"
THEME_COOKIE = "theme"
# Where anybody uploads a file to have it checked; printed in guides, so the path is fixed.
FILE_CHECK = "/verify/file/"


@dataclass(frozen=True)
class Person:
    """Who acts, as the head names them."""

    name: str
    role: str
    department: str


@dataclass(frozen=True)
class HolderFrame:
    """Who looks at their licences, as the wallet's head names them."""

    name: str
    principal: str
    is_self: bool
    checked_at: datetime
    unread: int


class Shell:
    """The frame of one page. Attributes are read by templates/base.html and templates/shell/."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def _actor(self) -> Actor | None:
        actor: Actor | None = getattr(self._request, "actor", None)
        return actor if actor and actor.kind is ActorKind.OFFICIAL else None

    @property
    def elder(self) -> str:
        """The text size of elder mode in points, or nothing."""
        size = self._request.COOKIES.get(ELDER_COOKIE, "")
        return size if size in ELDER_SIZES else ""

    @property
    def elder_larger(self) -> str:
        """The next size up, or nothing at the largest."""
        place = ELDER_SIZES.index(self.elder) + 1 if self.elder else 0
        return ELDER_SIZES[place] if place < len(ELDER_SIZES) else ""

    @property
    def dark(self) -> bool:
        """Whether the reader asked for dark colours; elder mode stays light."""
        return self._request.COOKIES.get(THEME_COOKIE) == "dark" and not self.elder

    @property
    def person(self) -> Person | None:
        """The official who acts; nobody on public pages."""
        actor = self._actor
        return Person(actor.name, actor.role, actor.department_name) if actor else None

    @cached_property
    def holder(self) -> HolderFrame | None:
        """The holder who signed in by a real-name check; nobody elsewhere (M.20)."""
        found = getattr(self._request, "holder_session", None)
        if found is None:
            return None
        return HolderFrame(
            name=found.person.name,
            principal=found.principal.name,
            is_self=found.is_self,
            checked_at=found.check.checked_at,
            unread=holders_inbox(found.actor).filter(read_at__isnull=True).count(),
        )

    @property
    def idle_seconds(self) -> int:
        """After how long one is signed out for doing nothing."""
        return int(settings.SESSION_COOKIE_AGE)

    @property
    def idle_minutes(self) -> int:
        """The same in minutes, for people."""
        return self.idle_seconds // 60

    @property
    def postings(self) -> list[Any]:
        """The postings one may switch between: `key`, `role`, `department`, `current`."""
        return list(getattr(self._request, "postings", ()))

    @cached_property
    def public(self) -> list[Entry]:
        """The row of the public pages."""
        return entries_of(PUBLIC, self._request.path)

    @cached_property
    def rail(self) -> list[Group]:
        """The rail of the desk: only what the capabilities permit, nothing greyed out."""
        actor = self._actor
        return rail_of(actor, self._request.path) if actor else []

    @cached_property
    def own(self) -> list[Entry]:
        """What one does with one's own account."""
        return entries_of(OWN, self._request.path)

    @property
    def place(self) -> str:
        """The rail's current entry, as the folded rail names it."""
        found = [entry.label for group in self.rail for entry in group.entries if entry.current]
        return found[0] if found else ""

    @cached_property
    def ended(self) -> list[PresentInstrument]:
        """The instruments whose own term is over, each with its successor if one is loaded.

        Documents that cite them say so (M.32).
        """
        return [one for one in present_instruments(today()) if not one.by_its_own_words]

    @property
    def ended_codes(self) -> list[str]:
        """The letters of the instruments whose own term is over."""
        return [one.code for one in self.ended]

    @property
    def now(self) -> datetime:
        """This instant, for sheets that say when they were printed."""
        return now()

    @property
    def log_in_url(self) -> str:
        """Where to log in."""
        return address_of("parties:log-in")

    @property
    def log_out_url(self) -> str:
        """Where to log out (POST)."""
        return address_of("parties:log-out")

    @property
    def posting_url(self) -> str:
        """Where to switch the posting (POST `posting`)."""
        return address_of("parties:switch-posting")

    @property
    def desk_url(self) -> str:
        """The desk of whoever is logged in."""
        return address_of("portal:desk")

    @property
    def file_check_url(self) -> str:
        """Where anybody uploads a file to have it checked."""
        return FILE_CHECK

    @property
    def catalogue_url(self) -> str:
        """The published catalogue."""
        return address_of("licences:catalogue")


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor: one name, `shell`."""
    return {"shell": Shell(request)}
