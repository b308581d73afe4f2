"""The queue of what windows proposed and nobody confirms (`kernel.queues`)."""

from zezhou_portal.kernel.queues import WorkQueue
from zezhou_portal.parties.models import Mandate

LAPSE_MANDATES = WorkQueue(
    code="lapse-mandates", words="结束过期没有确认的代办登记", task="parties.lapse_mandates",
    rows=lambda: Mandate.objects.filter(state="PROPOSED", ended_at__isnull=True), since="",
)  # fmt: skip
QUEUES = (LAPSE_MANDATES,)
