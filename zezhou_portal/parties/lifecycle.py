"""The tables of what two people decide: that two holders are one, which year or text counts, who
may act for somebody by a window's word.
"""

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

HOLDER_CHANGE = Machine(
    "持证人信息变更",
    {
        "PROPOSED": "等确认",
        "CONFIRMED": "已变更",
        "DECLINED": "没有变更",
        "WITHDRAWN": "已撤回",
    },
    [
        Move("confirm", ("PROPOSED",), "CONFIRMED", "M.3", "确认变更"),
        Move("decline", ("PROPOSED",), "DECLINED", "M.3", "不予变更"),
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

# A mandate that is given by the holder's own hand begins as confirmed.
MANDATE = Machine(
    "窗口登记的代办",
    {
        "PROPOSED": "等确认",
        "CONFIRMED": "已确认",
        "DECLINED": "没有确认",
        "REFUSED": "本人不同意",
        "WITHDRAWN": "已撤回",
        "UNCONFIRMED": "过期没有确认",
    },
    [
        Move("confirm", ("PROPOSED",), "CONFIRMED", "M.20", "确认"),
        Move("decline", ("PROPOSED",), "DECLINED", "M.20", "不予确认"),
        Move("refuse", ("PROPOSED",), "REFUSED", "M.20", "拒绝"),
        Move("withdraw", ("PROPOSED",), "WITHDRAWN", "M.20", "撤回"),
        Move("lapse", ("PROPOSED",), "UNCONFIRMED", "M.20", "按过期处理"),
    ],
)
