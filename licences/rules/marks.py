"""What each mark does to a verification: nothing, a remark, or no (M.8, M.23)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effect:
    """`permits` is False where the mark stops use; `voice` is how a page colours its chip."""

    permits: bool
    voice: str
    words: str


# by the mark's code (licences.models.MarkKind)
EFFECTS: dict[str, Effect] = {
    "OBJECTED": Effect(False, "no", "有人对内容提出异议，正在核查"),
    "LOST": Effect(False, "no", "已挂失"),
    "INSPECTION_DUE": Effect(True, "heed", "应当年检"),
    "PLEDGED": Effect(True, "plain", "已质押"),
    "MORTGAGED": Effect(True, "plain", "已抵押"),
    "INSPECTED": Effect(True, "yes", "已年检"),
}
