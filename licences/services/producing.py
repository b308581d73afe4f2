"""From version to sealed file: claimed, drawn and sealed outside any lock, confirmed in batches.

A worker claims waiting versions (short transaction), draws and seals them with no lock held,
and confirms them together: only then is a licence in force and the city message posted. What
is killed half-way is claimed again when its lease runs out; a file already stored is the same
file, because a name is a digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from audit.trail.recording import acting
from licences.face.inputs import CannotDraw
from licences.face.layout import place
from licences.face.ofd import stamps, write
from licences.lifecycle import LICENCE
from licences.models import (
    CatalogueEntry,
    Licence,
    LicenceFile,
    LicenceStatus,
    LicenceVersion,
)
from licences.rules.faces import seal_misfit
from licences.services.collection import post_issued
from licences.services.drawing import input_of, metadata_of
from licences.services.registering import subject_of
from seals.models import SealUse
from seals.services.sealing import CannotSeal, KeyUnavailable, Sealer, sealer_for
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import again, claim, lock_all
from zezhou_portal.parties.models import Role
from zezhou_portal.parties.services.notifications import tell
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

BATCH = 100
_RETRY = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))
_NO_KEY = "签章私钥没有装好。证照没有生效，时限在走。请找印章保管人。"


@dataclass(frozen=True)
class Made:
    """A version whose file is stored."""

    version: LicenceVersion
    digest: str
    size: int
    sealed_at: datetime


def produce_waiting(*, most: int = BATCH) -> int:
    """Makes up to `most` waiting files and confirms them; gives how many were claimed.

    Article: M.7, M.13.
    """
    waiting = LicenceVersion.objects.filter(is_made=False).select_related(
        "licence__issuing_department", "seal_use__seal__department", "seal_use__seal__certificate"
    )
    claimed = claim(waiting, most=most)
    if not claimed:
        return 0
    entries = _entries(claimed)
    sealers: dict[int, Sealer] = {}
    made = []
    for version in claimed:
        try:
            made.append(make_file(version, entries[version.frozen["entry"]], sealers))
        except (CannotDraw, CannotSeal, KeyUnavailable) as fault:
            _put_off(version, fault)
        except (files.FileMissing, files.FileAltered, vault.Unreadable, OSError) as fault:
            log.exception("file_not_made", version=version.pk)
            _put_off(version, fault)
    confirm(made)
    return len(claimed)


def make_file(version: LicenceVersion, entry: CatalogueEntry, sealers: dict[int, Sealer]) -> Made:
    """Draws, seals and stores one version's file; no transaction, no lock.

    Raises CannotDraw, CannotSeal, KeyUnavailable; an unsealed file is never stored.
    """
    seal = version.seal_use.seal
    if misfit := seal_misfit(entry.layout, seal.name, seal.width_mm, seal.height_mm):
        raise CannotSeal("seal_size", misfit)
    if seal.pk not in sealers:
        sealers[seal.pk] = sealer_for(seal)
    face = place(entry.layout, input_of(version, entry))
    package = write(face, metadata_of(version, entry))
    at = clock.now().replace(microsecond=0)
    data = sealers[seal.pk].seal(package, stamps(face), at)
    return Made(version, files.store(data), len(data), at)


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
            Licence.objects.filter(pk__in=by_licence).select_related("issuing_department", "entry")
        )
        taken = set(
            LicenceFile.objects.filter(version__licence__in=rows).values_list("version", flat=True)
        )
        ready = [row for row in rows if by_licence[row.pk].version.pk not in taken]
        _close_versions([by_licence[row.pk] for row in rows])
        confirmed = [row for row in ready if LICENCE.may(row.state, "enter_into_force")]
        _store(confirmed, by_licence, now)
        for row in confirmed:
            act.also(
                subject_of(row),
                {"state": ["AWAITING_FILE", row.state], "file": by_licence[row.pk].digest},
            )
        act.note("count", len(confirmed))
        post_issued(
            confirmed,
            {row.pk: by_licence[row.pk].version for row in confirmed},
            {row.pk: by_licence[row.pk].digest for row in confirmed},
        )
    return confirmed


def _store(rows: Sequence[Licence], by_licence: dict[int, Made], now: datetime) -> None:
    for row in rows:
        row.state = LICENCE.move(row.state, "enter_into_force")
    Licence.objects.bulk_update(rows, ["state"])
    LicenceStatus.objects.filter(licence__in=rows, until__isnull=True).update(until=now)
    LicenceStatus.objects.bulk_create(
        LicenceStatus(licence=row, state=row.state, since=now, act=Action.LICENCE_IN_FORCE.code)
        for row in rows
    )
    LicenceFile.objects.bulk_create(
        LicenceFile(version=one.version, digest=one.digest, size=one.size, sealed_at=one.sealed_at)
        for one in (by_licence[row.pk] for row in rows)
    )
    uses = []
    for row in rows:
        use = by_licence[row.pk].version.seal_use
        use.used_at, use.file_digest = by_licence[row.pk].sealed_at, by_licence[row.pk].digest
        uses.append(use)
    SealUse.objects.bulk_update(uses, ["used_at", "file_digest"])


def _close_versions(made: Sequence[Made]) -> None:
    LicenceVersion.objects.filter(pk__in=[one.version.pk for one in made]).update(
        is_made=True, leased_until=None, last_error=""
    )


def _entries(versions: Sequence[LicenceVersion]) -> dict[str, CatalogueEntry]:
    wanted = {version.frozen["entry"] for version in versions}
    rows = CatalogueEntry.objects.filter(uuid__in=wanted).select_related("issuing_department")
    return {str(row.uuid): row for row in rows}


def _put_off(version: LicenceVersion, fault: Exception) -> None:
    """Gives the version back with the reason for the desk; the clock of M.9 goes on."""
    if isinstance(fault, KeyUnavailable):
        reason = f"{fault} {_NO_KEY}"
    else:
        reason = (
            getattr(fault, "sentence", "")
            or "制证没有成功，系统会再试。若一直不成，请找系统管理员。"
        )
    if version.last_error != reason[:500]:
        with acting(machine("licences.produce"), Action.PRODUCTION_FAILED) as act:
            act.about(subject_of(version.licence))
            act.note("reason", reason[:300])
            tell(
                department=version.licence.issuing_department,
                role=Role.SIGNATORY,
                action=Action.PRODUCTION_FAILED,
                title=f"{version.licence.kind_name}制证没有成功",
                body=reason[:400],
                link=f"/licences/{version.identifier}/",
                urgent=True,
            )
    wait = _RETRY[min(version.tries, len(_RETRY)) - 1]
    again(version, at=clock.now() + wait, error=reason)
