"""The history of looks and uses in a holder's words: who, when, why, which items (M.20, M.25).

An official is named by department, role and surname; who looked without signing in is nobody
known. Of others who hold a licence too, a holder learns that they did something, not what for
(ours, M.26).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from licences.register.pages.timeline import ICONS
from usage.models import Mode
from usage.verifying.outcomes import BY_KEY
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.regulation.actions import BY_CODE

_WORDS = {
    "licence_consulted": "查看证照",
    "value_unmasked": "查看遮住的内容",
    "trail_searched": "查看操作记录",
    "copy_made": "保存 PDF 阅览件",
    "file_downloaded": "下载 OFD 文件",
    "licence_looked_up": "查验证照",
    "licence_verified": "核验证照",
    "code_read": "扫亮证码，读取证照",
    "licence_relied_on": "作为办事依据使用",
    "window_copy_made": "窗口打印加注件",
    "presentation_opened": "亮证",
}
_LOOKS = frozenset(
    {
        "licence_consulted", "value_unmasked", "trail_searched", "copy_made", "file_downloaded",
        "licence_looked_up", "licence_verified", "code_read", "purpose_copy_taken",
    }
)  # fmt: skip
_ICONS = {
    **ICONS,
    "licence_looked_up": "scan-line",
    "licence_verified": "shield-check",
    "code_read": "qr-code",
    "licence_relied_on": "badge-check",
    "window_copy_made": "printer",
    "purpose_copy_made": "files",
    "purpose_copy_ended": "file-x-2",
    "presentation_opened": "qr-code",
    "presentation_switched_off": "eye-off",
    "presentation_switched_on": "eye",
    "expiry_reminded": "bell",
}


@dataclass(frozen=True)
class Viewer:
    """Whose history it is: the person who looks, and who acts or acted for the same holder."""

    key: str
    agents: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One line of usage/wallet/_line.html."""

    at: datetime
    what: str
    who: str
    details: Sequence[str]
    icon: str
    voice: str


def line_of(record: Any, viewer: Viewer, items: Mapping[str, str]) -> Line:
    """A record of the trail as its holder reads it; `items` are the names of the data items."""
    is_done = record.outcome == "done"
    words = _what(record)
    facts = record.facts if is_done else {}
    outcome = BY_KEY.get(str(facts.get("outcome", "")))
    failed = outcome is not None and outcome.verdict.value != "passed"
    usual = "quiet" if record.action in _LOOKS else ""
    voice = "heed" if failed or not is_done else usual
    return Line(
        at=record.at,
        what=words if is_done else f"{words}（没有办成）",
        who=_who(record, viewer),
        details=_details(facts, items) if _may_know_why(record, viewer) else (),
        icon=_ICONS.get(record.action, "circle"),
        voice=voice,
    )


def _what(record: Any) -> str:
    if record.action in {"licence_looked_up", "licence_verified"}:
        mode = str(record.facts.get("mode", ""))
        by = Mode(mode).label if mode in Mode.values else ""
        return f"{_WORDS[record.action]}（{by}）" if by else _WORDS[record.action]
    action = BY_CODE.get(record.action)
    return _WORDS.get(record.action, action.words if action else record.action)


def _who(record: Any, viewer: Viewer) -> str:
    match record.actor_kind:
        case ActorKind.HOLDER.value:
            return _holder(record, viewer)
        case ActorKind.OFFICIAL.value:
            person = f"{record.actor_name[:1]}某" if record.actor_name else ""
            role = f"{record.actor_role} {person}".strip()
            return " · ".join(part for part in (record.department_name, role) if part)
        case ActorKind.SYSTEM.value:
            return f"{record.department_name}的业务系统" if record.department_name else "业务系统"
        case ActorKind.MACHINE.value:
            return "门户自动办理"
        case _:
            return "没有登录的人"


def _holder(record: Any, viewer: Viewer) -> str:
    if record.actor_key == viewer.key:
        return "您本人"
    if record.actor_key in viewer.agents:
        return f"{record.actor_name} {viewer.agents[record.actor_key][:1]}某"
    return "共同持有人一方"


def _may_know_why(record: Any, viewer: Viewer) -> bool:
    if record.actor_kind != ActorKind.HOLDER.value:
        return True
    return record.actor_key == viewer.key or record.actor_key in viewer.agents


def _details(facts: Mapping[str, Any], items: Mapping[str, str]) -> list[str]:
    """Why, which items, and what came of it; only what a holder can read."""
    found = []
    if purpose := str(facts.get("purpose") or "").strip():
        found.append(f"用途：{purpose}")
    keys = facts.get("items")
    names = [items[key] for key in keys if key in items] if isinstance(keys, list) else []
    if names:
        found.append(f"{len(names)} 项：{'、'.join(names)}")
    if outcome := BY_KEY.get(str(facts.get("outcome", ""))):
        found.append(f"结果：{outcome.sentence.rstrip('。')}")
    return found
