"""The table of a seal."""

from zezhou_portal.regulation.transitions import Machine, Move

SEAL = Machine(
    "电子印章",
    {
        "ACTIVE": "在用",
        "RENEWING": "续期中",
        "BLOCKED": "已停用",
        "EXPIRED": "已过期",
        "CANCELLED": "已注销",
    },
    [
        Move("renew", ("ACTIVE",), "RENEWING", "S.8", "申请续期"),
        Move("renewed", ("RENEWING",), "ACTIVE", "S.8", "完成续期"),
        Move("block", ("ACTIVE", "RENEWING"), "BLOCKED", "S.16", "停用"),
        Move("unblock", ("BLOCKED",), "ACTIVE", "S.16", "恢复"),
        Move("expire", ("ACTIVE", "RENEWING", "BLOCKED"), "EXPIRED", "S.8", "记为过期"),
        Move("cancel", ("ACTIVE", "RENEWING", "BLOCKED"), "CANCELLED", "S.15", "注销"),
    ],
)
