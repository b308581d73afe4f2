"""The queue of texts to phones (`kernel.queues`)."""

from zezhou_portal.kernel.queues import WorkQueue
from zezhou_portal.parties.models import TextMessage

TEXTS = WorkQueue(
    code="texts", words="发送短信", task="parties.send_texts",
    rows=lambda: TextMessage.objects.filter(state=TextMessage.State.WAITING),
)  # fmt: skip
QUEUES = (TEXTS,)
