"""The queues of the exchange: what is to be sent, what is to be asked about (`kernel.queues`)."""

from zezhou_portal.exchange import selectors
from zezhou_portal.kernel.queues import WorkQueue

SEND = WorkQueue(code="send", words="推送市平台", task="exchange.dispatch", rows=selectors.to_send)
ASK = WorkQueue(
    code="ask", words="查询市平台答复", task="exchange.ask_unanswered",
    rows=selectors.to_ask_about,
)  # fmt: skip
QUEUES = (SEND, ASK)
