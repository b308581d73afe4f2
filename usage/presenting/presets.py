"""Why a licence cannot be shown now, and what a preset chooses of its items (P.2.3.2, P.2.3.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from licences.data_items import DataItem

_BY_STATE = {
    "AWAITING_FILE": "还在制证，通常 1 分钟内做好",
    "DETAINED": "被暂扣，发还以后才能亮证",
    "EXPIRED": "已过有效期",
    "CANCELLED": "已经注销",
    "REVOKED": "已经吊销",
    "ANNULLED": "已经废止",
}


def why_not_shown(
    state: str, *, is_off: bool, is_made: bool, term: tuple[date | None, date | None], today: date
) -> str:
    """What keeps a licence from being shown, as a clause for its holder; empty where nothing does.

    `term` are its first and last day. The timer of expiry is not trusted to have run (M.8).
    """
    begins, ends = term
    if state != "IN_FORCE":
        return _BY_STATE.get(state, "现在不是有效状态")
    if ends is not None and ends < today:
        return _BY_STATE["EXPIRED"]
    if begins is not None and begins > today:
        return "还没有到生效的日子"
    if not is_made:
        return _BY_STATE["AWAITING_FILE"]
    return "您关闭了它的亮证" if is_off else ""


@dataclass(frozen=True)
class Preset:
    """A choice of items that suits an occasion: its words, and whether personal items go along."""

    key: str
    name: str
    hint: str
    takes_items: bool = True
    takes_personal: bool = False

    def chosen_of(self, items: Iterable[DataItem]) -> tuple[str, ...]:
        """The keys that the preset chooses of a kind's showable items."""
        if not self.takes_items:
            return ()
        return tuple(one.key for one in items if self.takes_personal or not one.is_personal)


# By occasion (ours, until the usage lists of M.14 say what each department asks for).
PRESETS = (
    Preset("open", "全部公开项", "窗口办事、现场检查"),
    Preset("least", "只出示照面", "租房、应聘、签合同", takes_items=False),
    Preset("all", "连同个人信息", "对方要核对您本人时", takes_personal=True),
)
FIRST = PRESETS[0]


def preset_of(key: str) -> Preset | None:
    """The preset of that key."""
    return next((one for one in PRESETS if one.key == key), None)
