"""The table of a presentation: open until it is read once, stopped, or its minutes are over."""

from zezhou_portal.regulation.transitions import Machine, Move

PRESENTATION = Machine(
    "亮证",
    {
        "OPEN": "正在亮证",
        "ASKED": "等持证人同意",
        "AGREED": "已同意出示",
        "REDEEMED": "已读取",
        "DECLINED": "没有同意",
        "WITHDRAWN": "已停止",
        "LAPSED": "已到时",
    },
    [
        Move("ask", ("OPEN",), "ASKED", "P.2.3.3", "请持证人同意"),
        Move("agree", ("ASKED",), "AGREED", "P.2.3.3", "同意出示"),
        Move("redeem", ("OPEN", "AGREED"), "REDEEMED", "P.2.3.3", "读取"),
        Move("decline", ("ASKED",), "DECLINED", "P.2.3.3", "拒绝出示"),
        Move("withdraw", ("OPEN", "ASKED", "AGREED"), "WITHDRAWN", "P.2.3.3", "停止亮证"),
        Move("lapse", ("OPEN", "ASKED", "AGREED"), "LAPSED", "P.2.3.3", "记为到时"),
    ],
)
