"""Who acts, for which department, by which channel."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """Where an act comes in."""

    PAGE = "page"
    API = "api"
    TASK = "task"
    COMMAND = "command"


class ActorKind(StrEnum):
    """What sort of actor: decides how the trail names it (M.25, M.26)."""

    OFFICIAL = "official"
    HOLDER = "holder"
    SYSTEM = "system"
    MACHINE = "machine"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One acting party, frozen for the length of a request, a task or a command.

    `grants` are the codes of the capabilities that the actor's postings in the acting
    department give; `department_id` is None for the public, holders and the portal itself.
    For a holder `holder_id` is the natural person who signed in and `principal_id` the holder
    in whose place they act: themselves, or whom a mandate lets them act for. Until `signs_from`
    a member of staff whose phone was just bound signs nothing off.
    """

    kind: ActorKind
    key: str
    name: str
    role: str = ""
    account_id: int | None = None
    holder_id: int | None = None
    principal_id: int | None = None
    department_id: int | None = None
    department_code: str = ""
    department_name: str = ""
    channel: Channel = Channel.PAGE
    request_id: str = ""
    grants: frozenset[str] = field(default_factory=frozenset)
    signs_from: datetime | None = None

    def has(self, capability: str) -> bool:
        """Whether a capability is among the grants; says nothing about whose row it is."""
        return capability in self.grants


def machine(task: str, *, channel: Channel = Channel.TASK, request_id: str = "") -> Actor:
    """The portal itself, doing `task`; it holds no capability and asks no permission."""
    return Actor(
        kind=ActorKind.MACHINE,
        key=task,
        name="电子证照门户",
        channel=channel,
        request_id=request_id,
    )


def public(request_id: str = "", *, channel: Channel = Channel.PAGE) -> Actor:
    """Anybody: no account, no department, no capability."""
    return Actor(
        kind=ActorKind.PUBLIC, key="public", name="公众", channel=channel, request_id=request_id
    )
