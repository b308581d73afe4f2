"""What every page's frame needs: who acts, where they may go, how they want to read.

`shell(request)` gives templates one name, `shell`. Everything that costs a query is worked
out when a template first asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.clock import now, today
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.instruments.selectors import PresentInstrument, present_instruments
from zezhou_portal.parties.notices.selectors import holders_inbox, unread_count
from zezhou_portal.site import waiting

# The four sizes of the rule for elder modes, in points (tokens.css turns them into the root size).
ELDER_SIZES = ("18", "22", "26", "30")
ELDER_COOKIE = "elder"
THEME_COOKIE = "theme"
# Where anybody uploads a file to have it checked; printed in guides, so the path is fixed.
FILE_CHECK = "/verify/file/"


@dataclass(frozen=True)
class Place:
    """One place one can go to: shown if the name is routed (or is a path) and a capability
    is held.

    `capabilities` is any-of; empty means everybody who is logged in. `count` counts the work
    waiting for this actor there; `urgent` shows the figure in red (refused by the city, overdue).
    """

    group: str
    label: str
    icon: str
    name: str
    capabilities: tuple[str, ...] = ()
    count: Callable[[Actor], int] | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Entry:
    """A place as a page shows it."""

    label: str
    icon: str
    url: str
    current: bool = False
    count: int = 0
    urgent: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of the rail and its entries."""

    name: str
    entries: list[Entry] = field(default_factory=list)


PUBLIC = (
    Place("", "首页", "house", "portal:home"),
    Place("", "证照目录", "list-tree", "licences:catalogue"),
    Place("", "查验真伪", "shield-check", "usage:verify"),
    Place("", "依据的办法", "book-open", "portal:regulation"),
    Place("", "帮助", "life-buoy", "portal:help"),
)

# Shown as soon as the name is routed; nothing is greyed out.
RAIL: tuple[Place, ...] = (
    Place("工作", "我的工作台", "inbox", "portal:desk"),
    Place("工作", "信息采集", "square-pen", "licences:capture-queue", (
        Capability.RECEIVE_APPLICATIONS, Capability.CAPTURE_VALUES), waiting.to_capture),
    Place("工作", "信息审核", "scale", "licences:review-queue", (Capability.REVIEW_APPLICATIONS,),
        waiting.to_review),
    Place("工作", "签批与签发", "stamp", "licences:sign-off-queue", (
        Capability.ISSUE_LICENCES, Capability.SIGN_OFF_STOCK), waiting.to_sign_off),
    Place("工作", "存量转换", "table-2", "licences:stock", (
        Capability.IMPORT_STOCK, Capability.SIGN_OFF_STOCK), waiting.sheets_to_sign_off),
    Place("工作", "目录编制", "list-tree", "licences:entries", (Capability.COMPILE_ENTRIES,)),
    Place("工作", "目录公布", "list-checks", "licences:publishing", (Capability.PUBLISH_ENTRIES,),
        waiting.entries_to_publish),
    Place("工作", "核验", "scan-line", "usage:check", (Capability.VERIFY_LICENCES,)),
    Place("工作", "窗口代查代印", "printer", "usage:window", (Capability.SERVE_AT_WINDOW,)),
    Place("工作", "代办登记", "heart-handshake", "usage:window-mandates", (
        Capability.RECORD_MANDATES,)),
    Place("登记", "证照库", "book-open-check", "licences:register", (Capability.CONSULT_REGISTER,)),
    Place("登记", "各单位证照", "book-open-check", "licences:county-register", (
        Capability.SUPERVISE,)),
    Place("登记", "持证人", "users", "parties:holders", (Capability.ENTER_HOLDERS,)),
    Place("登记", "电子印章", "stamp", "seals:seals", (Capability.KEEP_SEALS,)),
    Place("登记", "单位", "building-2", "parties:departments", (Capability.MANAGE_DEPARTMENTS,)),
    Place("登记", "人员与岗位", "id-card", "parties:people", (
        Capability.APPOINT_PEOPLE, Capability.HAND_ON_WORK)),
    Place("登记", "账号", "key-round", "parties:accounts", (
        Capability.OPEN_ACCOUNTS, Capability.UNLOCK_ACCOUNTS, Capability.RESET_SECOND_FACTOR)),
    Place("登记", "后续文件", "scroll-text", "parties:instruments", (
        Capability.LOAD_INSTRUMENTS,)),
    Place("往来", "与市平台往来", "arrow-left-right", "exchange:messages", (
        Capability.WATCH_EXCHANGE,), waiting.messages_in_trouble, urgent=True),
    Place("往来", "时限", "hourglass", "deadlines:clocks", (Capability.WATCH_CLOCKS,),
        waiting.clocks_breached, urgent=True),
    Place("往来", "操作记录", "history", "trail:search", (Capability.SEARCH_TRAIL,)),
    Place("往来", "消息", "bell", "parties:inbox", count=unread_count),
)  # fmt: skip

# Addresses of rows whose list stands elsewhere in the rail.
_UNDER = {"/licences/": "/register/"}


# What one does with one's own account; in the menu under one's name.
OWN = (Place("", "改密码", "key-round", "parties:password"),)


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
        return _entries(PUBLIC, self._request.path, None)

    @cached_property
    def rail(self) -> list[Group]:
        """The rail of the desk: only what the capabilities permit, nothing greyed out."""
        actor = self._actor
        if actor is None:
            return []
        groups = []
        for name in dict.fromkeys(place.group for place in RAIL):
            mine = [
                place
                for place in RAIL
                if place.group == name
                and (not place.capabilities or any(actor.has(one) for one in place.capabilities))
            ]
            entries = _entries(mine, self._request.path, actor)
            if entries:
                groups.append(Group(name, entries))
        return groups

    @cached_property
    def own(self) -> list[Entry]:
        """What one does with one's own account."""
        return _entries(OWN, self._request.path, self._actor)

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
        return _address("parties:log-in")

    @property
    def log_out_url(self) -> str:
        """Where to log out (POST)."""
        return _address("parties:log-out")

    @property
    def posting_url(self) -> str:
        """Where to switch the posting (POST `posting`)."""
        return _address("parties:switch-posting")

    @property
    def desk_url(self) -> str:
        """The desk of whoever is logged in."""
        return _address("portal:desk")

    @property
    def file_check_url(self) -> str:
        """Where anybody uploads a file to have it checked."""
        return FILE_CHECK

    @property
    def catalogue_url(self) -> str:
        """The published catalogue."""
        return _address("licences:catalogue")


def _address(name: str) -> str:
    """The address of a route's name, or a path as it stands; nothing where it is not routed."""
    if name.startswith("/"):
        return name
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _entries(
    places: tuple[Place, ...] | list[Place], path: str, actor: Actor | None
) -> list[Entry]:
    """The routed places; the one whose address is the longest start of `path` is current."""
    routed = [(place, url) for place in places if (url := _address(place.name))]
    path = next((list_ for rows, list_ in _UNDER.items() if path.startswith(rows)), path)
    fitting = [url for _, url in routed if path == url or (url != "/" and path.startswith(url))]
    here = max(fitting, key=len, default="")
    return [
        Entry(
            label=place.label,
            icon=place.icon,
            url=url,
            current=bool(here) and url == here,
            count=place.count(actor) if place.count and actor else 0,
            urgent=place.urgent,
        )
        for place, url in routed
    ]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor: one name, `shell`."""
    return {"shell": Shell(request)}
