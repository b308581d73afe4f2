"""The table of a deadline."""

from zezhou_portal.regulation.transitions import Machine, Move

DEADLINE = Machine(
    "时限",
    {
        "RUNNING": "计时中",
        "BREACHED": "已超期",
        "MET": "按时办结",
        "MET_LATE": "办结（超期）",
        "DROPPED": "不再计时",
    },
    [
        Move("meet", ("RUNNING",), "MET", "M.9", "记为按时办结"),
        Move("meet_late", ("RUNNING", "BREACHED"), "MET_LATE", "M.29", "记为超期办结"),
        Move("breach", ("RUNNING",), "BREACHED", "M.29", "记为超期"),
        Move("drop", ("RUNNING", "BREACHED"), "DROPPED", "M.9", "取消"),
    ],
)
