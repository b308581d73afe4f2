"""What the proof of the kills asks of the portal; each question a process of its own.

prove_portal submit FILE      takes a sheet in, checks it and has it signed off
prove_portal count STORE      one JSON object: every sound row counted everywhere
"""

import json
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from audit.trail.models import Record  # noqa: E402
from licences.models import CatalogueEntry, Licence, LicenceFile, StockBatch, StockRow  # noqa: E402
from licences.stock import checking  # noqa: E402
from scripts.lib.bench_register import KIND  # noqa: E402
from zezhou_portal.exchange.models import Outbound  # noqa: E402
from zezhou_portal.kernel import clock, files  # noqa: E402
from zezhou_portal.kernel.actors import Actor, Channel  # noqa: E402
from zezhou_portal.parties.models import Account  # noqa: E402
from zezhou_portal.parties.staff.officials import live_postings, official  # noqa: E402
from zezhou_portal.regulation.actions import Action  # noqa: E402


def _acting(username: str) -> Actor:
    account = Account.objects.select_related("department").get(username=username)
    return official(
        account,
        account.department,
        live_postings(account, clock.today()),
        channel=Channel.COMMAND,
    )


def submit(path: Path) -> dict[str, Any]:
    """Goes on from where an earlier call was cut off."""
    kind = CatalogueEntry.objects.select_related("issuing_department").get(
        name=KIND, state="PUBLISHED"
    )
    data = path.read_bytes()
    clerk, signatory = _acting("approval.clerk"), _acting("approval.signatory")
    batch = StockBatch.objects.filter(entry=kind, file_digest=files.digest(data)).first()
    if batch is None:
        batch = checking.take_in(actor=clerk, entry=kind, file_name=path.name, data=data)
    if batch.state in {"READ", "CHECKED"}:
        batch = checking.check(actor=clerk, batch=batch)
        batch = checking.submit(actor=clerk, batch=batch)
    if batch.state == "SUBMITTED":
        batch = checking.sign_off(actor=signatory, batch=batch)
    return {"sound": batch.rows_convert}


def count(store: Path) -> dict[str, Any]:
    """Every place counted by itself; a licence that is in one twice is in `twice`."""
    licences = {str(row.uuid): row for row in Licence.objects.all()}
    numbers = Counter(row.number for row in licences.values())
    made = dict(LicenceFile.objects.values_list("version__licence__stem", "digest"))
    whole = 0
    for digest in made.values():
        files.read(digest)  # raises where the bytes are gone or are others
        whole += 1
    records = Counter(
        Record.objects.filter(
            action=Action.LICENCE_IN_FORCE.code, outcome="done", subject_kind="licence"
        ).values_list("subject_key", flat=True)
    )
    messages = Counter(
        Outbound.objects.filter(state="ACCEPTED").values_list("subject_key", flat=True)
    )
    with closing(sqlite3.connect(store)) as city:
        held = dict(city.execute("SELECT stem, digest FROM licences").fetchall())
        taken = city.execute("SELECT count(*) FROM messages").fetchone()[0]
    rows = StockRow.objects.exclude(licence=None)
    stored = [path for path in Path(settings.PORTAL_FILES).rglob("*") if path.is_file()]
    sheet_files = StockBatch.objects.values("file_digest").distinct().count()
    return {
        "rows_with_a_licence": rows.count(),
        "licences": len(licences),
        "in_force": sum(row.state == "IN_FORCE" for row in licences.values()),
        "numbers": sorted(numbers),
        "files_with_their_bytes": whole,
        "records": len(set(records) & set(licences)),
        "messages_accepted": len(set(messages) & set(licences)),
        "messages_posted": Outbound.objects.count(),
        "held_by_the_city": len(held),
        "taken_by_the_city": taken,
        "same_file_in_the_city": sum(made.get(stem) == digest for stem, digest in held.items()),
        "twice": sum(n - 1 for found in (numbers, records, messages) for n in found.values()),
        "sheets_open": StockBatch.objects.exclude(state="CONVERTED").count(),
        "files_of_nobody": len(stored) - whole - sheet_files,
    }


def main(arguments: list[str]) -> int:
    """Prints one JSON object."""
    what, *rest = arguments
    path = Path(rest[0])
    told = submit(path) if what == "submit" else count(path)
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
