"""A licence's history as pages tell it: acts and readings in one line of time (M.25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zezhou_portal.regulation.actions import BY_CODE

ICONS = {
    "licence_issued": "stamp",
    "licence_in_force": "file-check-2",
    "production_failed": "triangle-alert",
    "row_converted": "table-2",
    "message_posted": "send",
    "message_sent": "send",
    "message_accepted": "check-check",
    "message_refused": "undo-2",
    "message_given_up": "triangle-alert",
    "message_resent": "refresh-cw",
    "licence_consulted": "eye",
    "value_unmasked": "eye",
    "trail_searched": "history",
    "copy_made": "printer",
    "file_downloaded": "file-down",
    "clock_moved": "hourglass",
    "clock_met": "clock",
    "clock_breached": "triangle-alert",
    "licence_expired": "calendar-clock",
    "licence_altered": "pen-line",
    "licence_extended": "calendar-check",
    "licence_detained": "pause",
    "licence_released": "play",
    "licence_cancelled": "minus",
    "licence_revoked": "gavel",
    "licence_annulled": "ban",
    "mark_put_on": "flag",
    "mark_taken_off": "flag",
    "seal_used": "stamp",
}
# Reading changes nothing: grey on the line.
READINGS = frozenset(
    {"licence_consulted", "value_unmasked", "trail_searched", "copy_made", "file_downloaded"}
)
_TROUBLE = frozenset({"production_failed", "message_refused", "message_given_up", "clock_breached"})


@dataclass(frozen=True)
class Event:
    """One line of components/_timeline.html."""

    at: datetime
    what: str
    who: str
    icon: str
    voice: str
    reference: str


def timeline(records: Iterable[Any]) -> list[Event]:
    """Records of the trail as lines; what was refused is told with its reason."""
    return [_event(record) for record in records]


def _event(record: Any) -> Event:
    action = BY_CODE.get(record.action)
    words = action.words if action else record.action
    is_done = record.outcome == "done"
    who = " · ".join(part for part in (record.department_name, record.actor_name) if part)
    if record.actor_role:
        who = f"{who}（{record.actor_role}）"
    if not is_done:
        words = f"{words}（没有办成）"
        who = f"{who}：{record.reason}" if record.reason else who
    if not is_done or record.action in _TROUBLE:
        voice = "heed"
    else:
        voice = "quiet" if record.action in READINGS else ""
    icon = ICONS.get(record.action, "circle")
    return Event(record.at, words, who, icon, voice, record.article)
