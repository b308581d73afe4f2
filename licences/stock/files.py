"""How long a permit sheet's file is kept: it names representatives with their numbers (M.26)."""

import structlog

from audit.trail.recording import acting
from licences.models import StockBatch
from licences.queues import ERASE_SHEETS
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.rows import one_by_one, reason_of
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import SHEET_FILE_KEPT

log = structlog.get_logger(__name__)


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
    old = ERASE_SHEETS.rows().filter(finished_at__lt=clock.now() - SHEET_FILE_KEPT)
    rows = list(
        old.exclude(pk__in=stalled.held_back(ERASE_SHEETS)).select_related("issuing_department")
    )
    failed = one_by_one(rows, lambda row: _erase(row.pk))
    for one in failed:
        log.error("sheet_file_not_erased", batch=one.row.pk, exc_info=one.error)
        about = stalled.About(one.row.subject, one.row.issuing_department)
        stalled.put_off(ERASE_SHEETS, one.row.pk, about, reason_of(one.error))
    done = {row.pk for row in rows} - {one.row.pk for one in failed}
    stalled.went_on(ERASE_SHEETS, done)
    return len(done)


def _erase(batch_id: int) -> bool:
    batch = StockBatch.objects.get(pk=batch_id)
    with acting(machine("licences.erase_old_sheets"), Action.SHEET_FILE_ERASED) as act:
        batch = lock(StockBatch.objects.all(), pk=batch_id)
        act.set_subject(batch.subject)
        act.note("file", batch.file_digest)
        batch.rows.filter(outcome="fault").update(label="", values=None)
    let_file_go(batch)
    return True
