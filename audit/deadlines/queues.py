"""The queues of the clocks: what ran out, what is counted again (`kernel.queues`)."""

from django.db.models import Q

from audit.deadlines.models import Deadline
from zezhou_portal.kernel.queues import WorkQueue

BREACH = WorkQueue(
    code="breach", words="记录超期", task="deadlines.sweep",
    rows=lambda: Deadline.objects.filter(state="RUNNING"),
)  # fmt: skip
# Counted in working days; of those of before, the provisional ones. Nothing waits in it.
RECOUNT = WorkQueue(
    code="recount", words="重新计算时限", task="deadlines.recompute",
    rows=lambda: Deadline.objects.filter(
        Q(is_provisional=True) | Q(limit_days__isnull=False), state="RUNNING"
    ),
    since="",
)  # fmt: skip
QUEUES = (BREACH, RECOUNT)
