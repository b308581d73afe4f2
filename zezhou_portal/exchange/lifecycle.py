"""The table of a message to the city."""

from zezhou_portal.regulation.transitions import Machine, Move

OUTBOUND = Machine(
    "推送",
    {
        "WAITING": "待推送",
        "SENT": "已推送，等答复",
        "ACCEPTED": "市平台已接收",
        "REFUSED": "市平台退回",
        "GIVEN_UP": "多次未成，等处理",
        "MENDED": "退回后已另报",
    },
    [
        Move("send", ("WAITING",), "SENT", "M.8", "推送"),
        Move("accept", ("WAITING", "SENT", "GIVEN_UP"), "ACCEPTED", "M.8", "记为已接收"),
        Move("refuse", ("WAITING", "SENT"), "REFUSED", "M.8", "记为退回"),
        Move("give_up", ("WAITING", "SENT"), "GIVEN_UP", "M.8", "停止推送"),
        # What was refused is not sent again as it was: a message of its own takes its place.
        Move("mend", ("REFUSED",), "MENDED", "M.8", "改正后另报"),
        Move("resend", ("GIVEN_UP", "SENT"), "WAITING", "M.8", "重新推送"),
    ],
)
