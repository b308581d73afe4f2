"""The queues of the licences (`kernel.queues`): files to be made, sheets, terms that ended."""

from django.db.models import QuerySet

from licences.models import Licence, LicenceVersion, StockBatch
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.queues import WorkQueue


def _over() -> "QuerySet[Licence]":
    """Licences whose last day has passed and whose state does not say so yet."""
    return Licence.objects.filter(state__in=["IN_FORCE", "DETAINED"], valid_until__lt=clock.today())


PRODUCE = WorkQueue(
    code="produce", words="制证", task="licences.produce_waiting",
    rows=lambda: LicenceVersion.objects.filter(is_made=False),
)  # fmt: skip
CONVERT = WorkQueue(
    code="convert", words="存量证照转换", task="licences.convert_batches",
    rows=lambda: StockBatch.objects.filter(state="SIGNED_OFF", is_stopped=False),
)  # fmt: skip
# Due from the day after the last one; recorded in the hour after that.
EXPIRE = WorkQueue(
    code="expire", words="记录有效期届满", task="licences.expire", rows=_over,
    since="valid_until", patience=48 * 3600,
)  # fmt: skip
ERASE_SHEETS = WorkQueue(
    code="erase-sheets", words="清除清单原文件", task="licences.erase_old_sheets",
    rows=lambda: StockBatch.objects.filter(state="CONVERTED", file_erased_at__isnull=True),
    since="",
)  # fmt: skip
QUEUES = (PRODUCE, CONVERT, EXPIRE, ERASE_SHEETS)
