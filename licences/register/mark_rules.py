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
    "OBJECTED": Effect(permits=False, voice="no", words="有人对内容提出异议，正在核查"),
    "LOST": Effect(permits=False, voice="no", words="已挂失"),
    "INSPECTION_DUE": Effect(permits=True, voice="heed", words="应当年检"),
    "PLEDGED": Effect(permits=True, voice="plain", words="已质押"),
    "MORTGAGED": Effect(permits=True, voice="plain", words="已抵押"),
    "INSPECTED": Effect(permits=True, voice="yes", words="已年检"),
}
