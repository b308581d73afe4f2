"""How long a permit sheet's file is kept: it names representatives with their numbers (M.26)."""

from audit.trail.recording import acting
from licences.models import StockBatch
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import SHEET_FILE_KEPT


def let_file_go(batch: StockBatch) -> None:
    """Erases a sheet's file that nobody needs any more; one that another sheet shares stays.

    Call it after the act that ends the need has been committed. Article: M.26.
    """
    others = StockBatch.objects.filter(file_digest=batch.file_digest).exclude(pk=batch.pk)
    if not others.filter(file_erased_at__isnull=True).exclude(state="DROPPED").exists():
        files.erase(batch.file_digest)
    StockBatch.objects.filter(pk=batch.pk, file_erased_at__isnull=True).update(
        file_erased_at=clock.now()
    )


def erase_old() -> int:
    """Erases the files of sheets whose faulty rows could be mended for long enough.

    Gives how many. Article: M.26.
    """
    ids = StockBatch.objects.filter(
        state="CONVERTED",
        file_erased_at__isnull=True,
        finished_at__lt=clock.now() - SHEET_FILE_KEPT,
    ).values_list("pk", flat=True)
    return sum(_erase(batch_id) for batch_id in list(ids))


def _erase(batch_id: int) -> bool:
    batch = StockBatch.objects.get(pk=batch_id)
    with acting(machine("licences.erase_old_sheets"), Action.SHEET_FILE_ERASED) as act:
        batch = lock(StockBatch.objects.all(), pk=batch_id)
        act.set_subject(batch.subject)
        act.note("file", batch.file_digest)
        batch.rows.filter(outcome="fault").update(label="", values=None)
    let_file_go(batch)
    return True
