"""The tables of what two officials decide: that two holders are one, which year or text counts."""

from zezhou_portal.regulation.transitions import Machine, Move

MERGE = Machine(
    "同一持证人认定",
    {
        "PROPOSED": "等确认",
        "CONFIRMED": "已认定",
        "DECLINED": "没有认定",
        "WITHDRAWN": "已撤回",
    },
    [
        Move("confirm", ("PROPOSED",), "CONFIRMED", "M.3", "认定"),
        Move("decline", ("PROPOSED",), "DECLINED", "M.3", "不予认定"),
        Move("withdraw", ("PROPOSED",), "WITHDRAWN", "M.3", "撤回"),
    ],
)

CALENDAR = Machine(
    "放假安排",
    {
        "PROPOSED": "等确认",
        "CONFIRMED": "已确认",
        "WITHDRAWN": "已撤回",
    },
    [
        Move("confirm", ("PROPOSED",), "CONFIRMED", "M.9", "确认"),
        Move("withdraw", ("PROPOSED", "CONFIRMED"), "WITHDRAWN", "M.9", "撤回"),
    ],
)

INSTRUMENT = Machine(
    "后续文件",
    {
        "PROPOSED": "等确认",
        "CONFIRMED": "已确认",
        "WITHDRAWN": "已撤回",
    },
    [
        Move("confirm", ("PROPOSED",), "CONFIRMED", "M.32", "确认"),
        Move("withdraw", ("PROPOSED", "CONFIRMED"), "WITHDRAWN", "M.32", "撤回"),
    ],
)
