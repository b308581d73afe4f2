"""The queues of the use of licences (`kernel.queues`): reminders, presentations, mandates."""

from licences.models import Licence
from usage.models import LIVE, Presentation
from zezhou_portal.kernel.queues import WorkQueue
from zezhou_portal.parties.models import Basis, Mandate

REMIND = WorkQueue(
    code="remind", words="到期提醒", task="usage.remind",
    rows=lambda: Licence.objects.filter(state="IN_FORCE", valid_until__isnull=False), since="",
)  # fmt: skip
LAPSE = WorkQueue(
    code="lapse", words="结束到时的亮证", task="usage.lapse",
    rows=lambda: Presentation.objects.filter(state__in=LIVE), since="ends_at",
)  # fmt: skip
END_MANDATES = WorkQueue(
    code="end-mandates", words="结束失去依据的代办", task="usage.end_groundless_mandates",
    rows=lambda: Mandate.objects.filter(
        basis=Basis.BIRTH_CERTIFICATE, ended_at__isnull=True
    ),
    since="",
)  # fmt: skip
QUEUES = (REMIND, LAPSE, END_MANDATES)
