"""Verifications are kept as they are made, and never changed (M.19)."""

from collections.abc import Sequence

from usage.models import Verification
from zezhou_portal.kernel.prepared import PreparedInsert

_ONE = PreparedInsert(Verification)


def keep(rows: Sequence[Verification]) -> None:
    """Keeps verifications, each as it stands; inside the act that they belong to."""
    if len(rows) == 1:  # nearly always: a window waits for it
        _ONE.write(rows[0])
    else:
        Verification.objects.bulk_create(rows)
