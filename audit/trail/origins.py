"""Where acts came from: kept beside the records for six months, then cleared (GB/T 22239)."""

from collections.abc import Sequence

from audit.trail.models import Record, RecordOrigin
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.kernel.network import origin
from zezhou_portal.regulation.limits import TRAIL_ORIGINS_KEPT

__all__ = ["RecordOrigin", "clear_old", "of_record", "write"]

_AT_ONCE = 5_000


def write(records: Sequence[Record], *, using: str) -> None:
    """Writes where the records' acts came from, in one statement of the caller's transaction.

    A machine's act comes from nowhere, also where a request set it off.
    """
    here = origin()
    if here is None:
        return
    rows = [
        RecordOrigin(record=one.id, at=one.at, address=here.address, device=here.device)
        for one in records
        if one.actor_kind != ActorKind.MACHINE.value
    ]
    if rows:
        RecordOrigin.objects.using(using).bulk_create(rows)


def of_record(record: Record) -> RecordOrigin | None:
    """Where an act came from; None for a machine's, and once it is cleared."""
    return RecordOrigin.objects.filter(record=record.id).first()


def clear_old() -> int:
    """Clears what has been kept long enough; gives how many."""
    old = RecordOrigin.objects.filter(at__lt=clock.now() - TRAIL_ORIGINS_KEPT)
    count = 0
    while keys := list(old.values_list("record", flat=True)[:_AT_ONCE]):
        count += RecordOrigin.objects.filter(record__in=keys).delete()[0]
    return count
