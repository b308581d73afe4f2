"""The table of a deadline."""

from zezhou_portal.regulation.transitions import Machine, Move

DEADLINE = Machine(
    "时限",
    {"RUNNING": "计时中", "MET": "按时办结", "BREACHED": "已超期", "DROPPED": "已取消"},
    [
        Move("meet", ("RUNNING", "BREACHED"), "MET", "M.9", "记为办结"),
        Move("breach", ("RUNNING",), "BREACHED", "M.29", "记为超期"),
        Move("drop", ("RUNNING", "BREACHED"), "DROPPED", "M.9", "取消"),
    ],
)
