"""Sealed licences a second: from the signed-off version to the stored file with its record."""

import multiprocessing
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from django.db import connections

from audit.trail.models import Record
from licences.models import Licence, LicenceFile, LicenceVersion
from licences.production.face.layout import place
from licences.production.face.ofd import stamps, write
from licences.production.face_input import input_of, metadata_of
from scripts.lib import bench_register, bench_worker
from scripts.lib.bench_clock import per_second
from seals.use.sealing import sealer_for
from zezhou_portal.kernel import clock, files
from zezhou_portal.regulation.actions import Action

WORKERS = 2  # as the Celery worker has
_WARM_UP = 400
_PARTS = ("draw", "seal", "sign", "zip", "store", "database")


def measure(total: int) -> dict[str, float]:
    """The rate of two worker processes over `total` licences, its shares and its bare parts.

    Every licence is looked for afterwards: in force, one file with its bytes, one record.
    """
    bench_register.enter(_WARM_UP, mark="w")
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(WORKERS + 1), context.Queue()
    connections.close_all()
    hands = [
        context.Process(target=bench_worker.work, args=(barrier, answers)) for _ in range(WORKERS)
    ]
    for hand in hands:
        hand.start()
    barrier.wait(300)
    entered = bench_register.enter(total, mark="m")
    barrier.wait(300)
    told = [answers.get(timeout=600) for _ in hands]
    barrier.wait(300)
    for hand in hands:
        hand.join()
    _check(entered)
    return _figures(total, told) | _bare(entered[0])


def _figures(total: int, told: list[dict[str, Any]]) -> dict[str, float]:
    wall = max(one["ended"] for one in told) - min(one["begun"] for one in told)
    busy = sum(one["ended"] - one["begun"] for one in told)
    processor = sum(one["processor"] for one in told) / total
    server = sum(one["server"] for one in told) / (total + _WARM_UP)
    figures = {
        "sealed_licences_per_second": total / wall,
        "sealed_licences_portal_cpu_ms": processor * 1000,
        "sealed_licences_database_cpu_ms": server * 1000,
        # What two cores give when nothing else runs on them; waiting for the disk left out.
        "sealed_licences_per_second_of_two_free_cores": WORKERS / (processor + server),
    }
    for part in _PARTS:
        figures[f"share_{part}"] = sum(one["parts"].get(part, 0.0) for one in told) / busy
    figures["share_rest"] = 1 - sum(figures[f"share_{part}"] for part in _PARTS)
    return figures


def _check(entered: list[Licence]) -> None:
    """A figure counts only if everything is there."""
    keys = [row.pk for row in entered]
    names = [str(row.uuid) for row in entered]
    in_force = Licence.objects.filter(pk__in=keys, state="IN_FORCE").count()
    made = list(
        LicenceFile.objects.filter(version__licence__in=keys).values_list("digest", flat=True)
    )
    records = Record.objects.filter(
        action=Action.LICENCE_IN_FORCE.code, subject_kind="licence", subject_key__in=names
    ).count()
    stored = sum(len(files.read(digest)) > 0 for digest in made)
    if not in_force == len(made) == stored == records == len(entered):
        raise SystemExit(
            f"{len(entered)} licences: {in_force} in force, {len(made)} files,"
            f" {stored} stored, {records} records"
        )


def _bare(row: Licence) -> dict[str, float]:
    """The parts by themselves, one process: faces, seals, files made durable, records."""
    version = LicenceVersion.objects.select_related("seal_use__seal__department").get(
        licence=row, no=1
    )
    entry = bench_register.entry()
    face = place(entry.layout, input_of(version, entry))
    package = write(face, metadata_of(version, entry))
    sealer, at = sealer_for(version.seal_use.seal), clock.now().replace(microsecond=0)
    data = sealer.seal(package, stamps(face), at)

    def draw() -> None:
        write(place(entry.layout, input_of(version, entry)), metadata_of(version, entry))

    with tempfile.TemporaryDirectory(dir=files.path_of("0" * 64).parents[2]) as folder:
        paths = iter(range(10**9))

        def keep() -> None:
            with (Path(folder) / str(next(paths))).open("wb") as file:
                file.write(data)
                file.flush()
                os.fdatasync(file.fileno())

        return {
            "licence_file_bytes": float(len(data)),
            "bare_faces_per_second": per_second(draw),
            "bare_seals_per_second": per_second(lambda: sealer.seal(package, stamps(face), at)),
            "bare_durable_files_per_second": per_second(keep),
            "bare_sm3_mb_per_second": per_second(lambda: files.digest(secrets.token_bytes(10**6))),
        }
