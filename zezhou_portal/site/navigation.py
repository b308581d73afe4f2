"""Where one can go: the public pages, the rail of the desk, the menu under one's name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.urls import NoReverseMatch, reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.rooms import counts_of, queues_of


@dataclass(frozen=True)
class Place:
    """One place one can go to: shown if the name is routed (or is a path) and a capability
    is held.

    `capabilities` is any-of; empty means everybody who is logged in. The work that waits there
    is counted by the queues that name the place (`parties.waiting`).
    """

    group: str
    label: str
    icon: str
    name: str
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A place as a page shows it; `urgent` shows the count in red (refused, overdue)."""

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
        Capability.RECEIVE_APPLICATIONS, Capability.CAPTURE_VALUES)),
    Place("工作", "信息审核", "scale", "licences:review-queue", (Capability.REVIEW_APPLICATIONS,)),
    Place("工作", "签批与签发", "stamp", "licences:sign-off-queue", (
        Capability.ISSUE_LICENCES, Capability.SIGN_OFF_STOCK)),
    Place("工作", "存量转换", "table-2", "licences:stock", (
        Capability.IMPORT_STOCK, Capability.SIGN_OFF_STOCK)),
    Place("工作", "目录编制", "list-tree", "licences:entries", (Capability.COMPILE_ENTRIES,)),
    Place("工作", "目录公布", "list-checks", "licences:publishing", (Capability.PUBLISH_ENTRIES,)),
    Place("工作", "核验", "scan-line", "usage:check", (Capability.VERIFY_LICENCES,)),
    Place("工作", "窗口代查代印", "printer", "usage:window", (Capability.SERVE_AT_WINDOW,)),
    Place("工作", "代办登记", "heart-handshake", "usage:window-mandates", (
        Capability.RECORD_MANDATES,)),
    Place("登记", "证照库", "book-open-check", "licences:register", (Capability.CONSULT_REGISTER,)),
    Place("登记", "各单位证照", "book-open-check", "licences:county-register", (
        Capability.SUPERVISE,)),
    Place("登记", "窗口登记的代办", "heart-handshake", "usage:county-mandates", (
        Capability.SUPERVISE,)),
    Place("登记", "持证人", "users", "parties:holders", (Capability.ENTER_HOLDERS,)),
    Place("登记", "电子印章", "stamp", "seals:seals", (Capability.KEEP_SEALS,)),
    Place("登记", "单位", "building-2", "parties:departments", (Capability.MANAGE_DEPARTMENTS,)),
    Place("登记", "人员与岗位", "id-card", "parties:people", (
        Capability.APPOINT_PEOPLE, Capability.HAND_ON_WORK)),
    Place("登记", "账号", "key-round", "parties:accounts", (
        Capability.OPEN_ACCOUNTS, Capability.UNLOCK_ACCOUNTS, Capability.RESET_SECOND_FACTOR)),
    Place("登记", "后续文件", "scroll-text", "parties:instruments", (
        Capability.LOAD_INSTRUMENTS, Capability.CONFIRM_INSTRUMENTS)),
    Place("登记", "放假安排", "calendar", "parties:calendars", (
        Capability.PROPOSE_CALENDARS, Capability.CONFIRM_CALENDARS)),
    Place("往来", "与市平台往来", "arrow-left-right", "exchange:messages", (
        Capability.WATCH_EXCHANGE,)),
    Place("往来", "时限", "hourglass", "deadlines:clocks", (Capability.WATCH_CLOCKS,)),
    Place("往来", "操作记录", "history", "trail:search", (Capability.SEARCH_TRAIL,)),
    Place("往来", "消息", "bell", "parties:inbox"),
)  # fmt: skip

# Addresses of rows whose list stands elsewhere in the rail.
_UNDER = {"/licences/": "/register/"}


# What one does with one's own account; in the menu under one's name.
OWN = (
    Place("", "改密码", "key-round", "parties:password"),
    Place("", "登录着的设备", "lock", "parties:sessions"),
)


def address_of(name: str) -> str:
    """The address of a route's name, or a path as it stands; nothing where it is not routed."""
    if name.startswith("/"):
        return name
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def entries_of(places: Iterable[Place], path: str) -> list[Entry]:
    """The routed places; the one whose address is the longest start of `path` is current."""
    return [entry for _, entry in _routed(places, path)]


def rail_of(actor: Actor, path: str) -> list[Group]:
    """The rail of the desk: what the capabilities permit, with the work that waits there.

    One statement counts the queues of all places.
    """
    mine = [
        place
        for place in RAIL
        if not place.capabilities or any(actor.has(one) for one in place.capabilities)
    ]
    queues = [queue for queue in queues_of(actor) if queue.place]
    counts = counts_of(actor, queues)
    waiting: Counter[str] = Counter()
    for queue in queues:
        waiting[queue.place] += counts[queue.code]
    urgent = {queue.place for queue in queues if counts[queue.code] and queue.voice == "no"}
    groups = [
        Group(
            name,
            [
                replace(entry, count=waiting[place.name], urgent=place.name in urgent)
                for place, entry in _routed([one for one in mine if one.group == name], path)
            ],
        )
        for name in dict.fromkeys(place.group for place in mine)
    ]
    return [group for group in groups if group.entries]


def _routed(places: Iterable[Place], path: str) -> list[tuple[Place, Entry]]:
    routed = [(place, url) for place in places if (url := address_of(place.name))]
    path = next((list_ for rows, list_ in _UNDER.items() if path.startswith(rows)), path)
    fitting = [url for _, url in routed if path == url or (url != "/" and path.startswith(url))]
    here = max(fitting, key=len, default="")
    return [
        (place, Entry(place.label, place.icon, url, current=bool(here) and url == here))
        for place, url in routed
    ]
