"""From version to sealed file: claimed, drawn and sealed outside any lock, confirmed in batches.

A worker claims waiting versions (short transaction), draws and seals them with no lock held,
and confirms them together: only then is a licence in force and the city message posted. Files
go to the disk while the next faces are drawn. What is killed half-way is claimed again when its
lease runs out, and sealed again: a file that was stored and not confirmed is nobody's.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db.models import OuterRef, Subquery
from django.urls import reverse

from audit.trail.recording import acting
from licences.lifecycle import LICENCE
from licences.models import CatalogueEntry, Licence, LicenceFile, LicenceStatus, LicenceVersion
from licences.production.face.inputs import CannotDraw
from licences.production.face_rules import Metadata
from licences.production.sealing import Sealed, draw_and_seal
from licences.queues import PRODUCE
from licences.register.collection import Issued, post_issued, post_replaced
from seals.models import SealUse
from seals.use.sealing import CannotSeal, KeyUnavailable, Sealer
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import again, claim, lock_all
from zezhou_portal.kernel.rows import (
    DIED,
    NOT_THE_ROWS,
    is_suspect,
    is_technical,
    reason_of,
    together,
)
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

BATCH = 100
ENTER = "enter_into_force"
# What the history of states calls the move that a file completes.
_ACTS = {ENTER: Action.LICENCE_IN_FORCE, "extend": Action.LICENCE_EXTENDED}
# A batch takes seconds. Short, because the versions of a worker that was killed wait for its end;
# should a slow one be overtaken, its files are sealed twice and confirmed once.
_LEASE = timedelta(seconds=20)
_NO_KEY = "签章私钥没有装好。证照没有生效，时限在走。请找印章保管人。"


@dataclass(frozen=True)
class Made:
    """A version whose file is stored."""

    version: LicenceVersion
    digest: str
    size: int
    sealed_at: datetime
    metadata: Metadata


def produce_waiting(*, most: int = BATCH) -> int:
    """Makes up to `most` waiting files and confirms them; gives how many were claimed.

    Article: M.7, M.13.
    """
    waiting = (
        LicenceVersion.objects.filter(is_made=False)
        .select_related("seal_use")
        .prefetch_related("seal_use__seal__department")  # a seal is 30 kB: once, not a row
    )
    claimed = claim(waiting, most=most, lease=_LEASE)
    if not claimed:
        return 0
    # Whatever killed the workers that took them up before kills one more at most by itself.
    suspects = [row for row in claimed if is_suspect(row.tries, row.last_error)]
    _make([row for row in claimed if row not in suspects])
    for row in suspects:
        at = stalled.put_off(PRODUCE, row.pk, _about(row), DIED)
        again(row, at=at, error=DIED)
        _make([row])
    return len(claimed)


def _make(versions: Sequence[LicenceVersion]) -> None:
    """Makes the files of claimed versions and confirms them; each has its own reason if not."""
    made = _make_files(versions)
    failed = together(made, confirm)
    for one in failed:
        log.error("file_not_confirmed", version=one.row.version.pk, exc_info=one.error)
        _put_off(one.row.version, one.error)
    unconfirmed = {one.row.version.pk for one in failed}
    done = {one.version.pk for one in made} - unconfirmed
    stalled.went_on(PRODUCE, done)


def _make_files(versions: Sequence[LicenceVersion]) -> list[Made]:
    """Files of claimed versions, each on the disk; a version without one is put off."""
    entries = _entries(versions)
    sealers: dict[int, Sealer] = {}
    stored: list[tuple[Sealed, Future[str]]] = []
    with files.storing() as store:
        for version in versions:
            try:
                one = draw_and_seal(version, entries[version.frozen["entry"]], sealers)
                stored.append((one, store(one.data)))
            except (CannotDraw, CannotSeal, KeyUnavailable) as fault:
                _put_off(version, fault)
            except NOT_THE_ROWS:
                raise
            except Exception as fault:
                log.exception("file_not_made", version=version.pk)
                _put_off(version, fault)
    made = []
    for one, digest in stored:
        try:
            made.append(
                Made(one.version, digest.result(), len(one.data), one.sealed_at, one.metadata)
            )
        except OSError as fault:
            log.exception("file_not_stored", version=one.version.pk)
            _put_off(one.version, fault)
    return made


def confirm(made: Sequence[Made]) -> list[Licence]:
    """Brings licences into force whose file is stored, all of them in one transaction.

    A licence that was annulled meanwhile, or confirmed by another worker, is left as it is;
    each of the others gets its own record. Article: M.7, M.8.
    """
    if not made:
        return []
    by_licence = {one.version.licence_id: one for one in made}
    actor = machine("licences.produce")
    confirmed: list[Licence] = []
    with acting(actor, Action.LICENCE_IN_FORCE) as act:
        now = clock.now()
        rows = lock_all(
            Licence.objects.filter(pk__in=by_licence).prefetch_related("issuing_department")
        )
        taken = set(
            LicenceFile.objects.filter(version__licence__in=rows).values_list("version", flat=True)
        )
        ready = [row for row in rows if by_licence[row.pk].version.pk not in taken]
        _close_versions([by_licence[row.pk] for row in rows])
        confirmed = [row for row in ready if LICENCE.may(row.state, _verb(by_licence[row.pk]))]
        before = {row.pk: row.state for row in confirmed}
        _store(confirmed, by_licence, now)
        for row in confirmed:
            act.add_record(
                row.subject,
                {"state": [before[row.pk], row.state], "file": by_licence[row.pk].digest},
            )
        act.note("count", len(confirmed))
        issued = {pk: Issued(o.version, o.digest, o.metadata) for pk, o in by_licence.items()}
        new = [row for row in confirmed if _verb(by_licence[row.pk]) == ENTER]
        post_issued(new, issued)
        post_replaced([row for row in confirmed if row not in new], issued)
    return confirmed


def _verb(made: Made) -> str:
    """The move that a version's file completes: a first one enters into force."""
    return str(made.version.frozen.get("verb", ENTER))


def _take_over(rows: Sequence[Licence], by_licence: dict[int, Made]) -> None:
    """The register takes over what a later version changes: its number, identifier and term."""
    for row in rows:
        version = by_licence[row.pk].version
        row.version_no, row.identifier = version.no, version.identifier
        row.issued_on = date.fromisoformat(version.frozen["issued_on"])
        row.valid_until = date.fromisoformat(version.frozen["valid_until"])
    Licence.objects.bulk_update(rows, ["version_no", "identifier", "issued_on", "valid_until"])


def _store(rows: Sequence[Licence], by_licence: dict[int, Made], now: datetime) -> None:
    moved: dict[str, list[int]] = {}
    for row in rows:
        row.state = LICENCE.move(row.state, _verb(by_licence[row.pk]))
        moved.setdefault(row.state, []).append(row.pk)
    for state, keys in moved.items():
        Licence.objects.filter(pk__in=keys).update(state=state)
    LicenceStatus.objects.filter(licence__in=rows, until__isnull=True).update(until=now)
    _take_over([row for row in rows if _verb(by_licence[row.pk]) != ENTER], by_licence)
    LicenceStatus.objects.bulk_create(
        LicenceStatus(
            licence=row, state=row.state, since=now, act=_ACTS[_verb(by_licence[row.pk])].code
        )
        for row in rows
    )
    LicenceFile.objects.bulk_create(
        LicenceFile(version=one.version, digest=one.digest, size=one.size, sealed_at=one.sealed_at)
        for one in (by_licence[row.pk] for row in rows)
    )
    file = LicenceFile.objects.filter(version__seal_use=OuterRef("pk"))
    SealUse.objects.filter(pk__in=[by_licence[row.pk].version.seal_use_id for row in rows]).update(
        used_at=Subquery(file.values("sealed_at")), file_digest=Subquery(file.values("digest"))
    )


def _close_versions(made: Sequence[Made]) -> None:
    LicenceVersion.objects.filter(pk__in=[one.version.pk for one in made]).update(
        is_made=True, leased_until=None, last_error=""
    )


def _entries(versions: Sequence[LicenceVersion]) -> dict[str, CatalogueEntry]:
    wanted = {version.frozen.get("entry") for version in versions} - {None}
    rows = CatalogueEntry.objects.filter(uuid__in=wanted).select_related("issuing_department")
    return {str(row.uuid): row for row in rows}


def _put_off(version: LicenceVersion, fault: Exception) -> None:
    """Gives the version back with the reason for the desk; the clock of M.9 goes on."""
    reason = f"{fault} {_NO_KEY}" if isinstance(fault, KeyUnavailable) else reason_of(fault)
    at = stalled.put_off(
        PRODUCE, version.pk, _about(version), reason,
        is_technical=is_technical(fault), action=Action.PRODUCTION_FAILED,
    )  # fmt: skip
    again(version, at=at, error=reason)


def _about(version: LicenceVersion) -> stalled.About:
    return stalled.About(
        version.licence.subject,
        version.licence.issuing_department,
        reverse("licences:licence", args=[version.identifier]),
        Capability.ISSUE_LICENCES,
    )
