"""What becomes of an application's files once nothing needs them any more (M.3, M.26)."""

from collections.abc import Iterable

from audit.trail.selectors import of_subject
from licences.models import Application, Attachment, LicenceFile, LicenceVersion, StockBatch
from seals.models import Seal
from zezhou_portal.kernel import files
from zezhou_portal.parties.models import Mandate
from zezhou_portal.regulation.actions import Action


def ever_attached(application: Application) -> list[str]:
    """The digests of every file that an application has or had, those taken out again included."""
    subject = application.subject
    told = of_subject(subject.kind, subject.key).filter(
        action=Action.FILE_ATTACHED.code, outcome="done"
    )
    present = application.attachments.values_list("digest", flat=True)
    before = (facts.get("file", "") for facts in told.values_list("facts", flat=True))
    return sorted({digest for digest in (*present, *before) if digest})


def let_go(digests: Iterable[str]) -> None:
    """Erases files; one that anything of the portal still names stays."""
    for digest in digests:
        if not _is_needed(digest):
            files.erase(digest)


def _is_needed(digest: str) -> bool:
    """Files are kept by what is in them: one and the same may belong to several."""
    return any(
        rows.exists()
        for rows in (
            Attachment.objects.filter(digest=digest),
            LicenceVersion.objects.filter(photo_digest=digest),
            LicenceFile.objects.filter(digest=digest),
            Seal.objects.filter(impression_digest=digest),
            StockBatch.objects.filter(file_digest=digest, file_erased_at__isnull=True),
            Mandate.objects.filter(consent_digest=digest),
        )
    )
