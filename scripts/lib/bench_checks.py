"""Verifications over HTTP beside bare views on the same server; a long history; presenting.

Each code is read once, as in life: thousands of presentations are laid out before, each with a code
of its own, and every reading is a request of its own.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count

import psycopg2
from django.db import connection

from audit.trail.selectors import NEWEST_FIRST
from licences.models import Licence, LicenceFile, LicenceVersion
from licences.register import producing
from scripts.lib import bench_http, bench_register, commands, places
from scripts.lib.bench_urls import TABLES
from scripts.lib.processes import family, free_port, wait_until_ready
from usage.models import FileProof, Presentation, PresentationCode, PresentedLicence
from usage.verifying import codes
from usage.verifying.file_proofs import file_answers
from usage.verifying.version_facts import facts_of
from usage.wallet.selectors import looks_at
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.parties.models import Holder, HolderKind

PRESENTATIONS = 18_000
LICENCES = 300
# Bare view and check alternately, a breath each.
_ROUNDS, _ROUND = 8, 1.5
# So many times each licence is looked at before the clock runs.
_WARM = 12
_HISTORY_PAGE = 30
_API = "/api/v1/verifications/"
# What an answer has in it that led to a licence.
_FOUND, _FOUND_PAGE = '"licence":{', "证照信息"
_numbers = count(1)


def measure() -> dict[str, float]:
    """Readings of presentations, public checks by number, and a history of 100,000 entries."""
    _lay_tables()
    versions = _licences()
    secrets = _presentations(versions, PRESENTATIONS)
    _analyse()
    port = free_port(8400)
    with family() as group:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "scripts.lib.bench_settings",
            "PORTAL_ADDRESS": f"http://127.0.0.1:{port}",
            "PORTAL_LOG_LEVEL": "WARNING",
        }
        workers = commands.workers_for(os.cpu_count() or 1)
        web = commands.web(str(places.PYTHON), port=port, workers=workers)
        group.start("bench-web", web, env)
        wait_until_ready(group, f"http://127.0.0.1:{port}")
        figures = _readings(port, iter(secrets)) | _by_number(port, versions)
    return figures | _history(versions[0])


def _licences() -> list[LicenceVersion]:
    """Sealed licences in force, their files proved as the first look at each would."""
    bench_register.enter(LICENCES, mark="c")
    while producing.produce_waiting():
        pass
    made = LicenceFile.objects.order_by("-pk").values_list("version", flat=True)[:LICENCES]
    facts = facts_of(LicenceVersion.objects.filter(pk__in=list(made)))
    for one in facts:
        file_answers(one.file)
    return [one.version for one in facts]


def _presentations(versions: Sequence[LicenceVersion], total: int) -> list[str]:
    """Presentations that run for an hour, each with one code; their secrets."""
    now = clock.now()
    later = now + timedelta(hours=1)
    people = Holder.objects.bulk_create(
        Holder(kind=HolderKind.NATURAL_PERSON, name=f"测速{place}") for place in range(total)
    )
    rows = Presentation.objects.bulk_create(
        Presentation(presenter=one, principal=one, opened_at=now, ends_at=later) for one in people
    )
    PresentedLicence.objects.bulk_create(
        PresentedLicence(
            presentation=row, licence=version.licence, version=version, items=["premises"]
        )
        for row, version in zip(rows, _endless(versions), strict=False)
    )
    made = [codes.make(str(row.uuid), 0) for row in rows]
    # a short number can be taken already; the secret is what is read here
    PresentationCode.objects.bulk_create(
        PresentationCode(
            presentation=row,
            place=0,
            secret_index=codes.secret_index(code.secret),
            number_index=codes.number_index(f"{code.number}-{place}"),
            issued_at=now,
            expires_at=later,
        )
        for place, (row, code) in enumerate(zip(rows, made, strict=True))
    )
    return [code.secret for code in made]


def _endless(versions: Sequence[LicenceVersion]) -> Iterable[LicenceVersion]:
    while True:
        yield from versions


def _readings(port: int, secrets: Iterable[str]) -> dict[str, float]:
    """Codes read over HTTP, beside one UPDATE and two INSERTs; then the tail at 80 % load."""
    kept = iter(secrets)

    def readings(most: int) -> list[bytes]:
        return [
            bench_http.post(_API, json.dumps({"text": secret}).encode(), number=next(_numbers))
            for secret, _ in zip(kept, range(most), strict=False)
        ]

    def bare(most: int) -> list[bytes]:
        return [
            bench_http.post("/bench/write", json.dumps({"n": n}).encode(), number=n)
            for n in range(most)
        ]

    # each process meets nearly every licence before the clock runs
    bench_http.run(port, readings(_WARM * LICENCES), seconds=30)
    bench_http.run(port, bare(400))
    took = bench_http.in_turn(
        {
            "written": lambda: bench_http.run(port, bare(4000), seconds=_ROUND),
            "read": lambda: bench_http.run(port, readings(1500), seconds=_ROUND, saying=_FOUND),
        },
        times=_ROUNDS,
    )
    read, written = took["read"], took["written"]
    rate = 0.8 * bench_http.usual(read)
    tail = bench_http.run(port, readings(1600), seconds=8, rate=rate, saying=_FOUND)
    bench_http.demand_right("read at 80 %", [tail])
    return {
        "code_readings_per_second": bench_http.usual(read),
        "bare_update_two_inserts_per_second": bench_http.usual(written),
        "code_reading_ratio": bench_http.ratio(read, written),
        "code_reading_p50_ms_at_80_percent": tail.at(0.5),
        "code_reading_p99_ms_at_80_percent": tail.at(0.99),
        "code_reading_p99_over_p50": tail.at(0.99) / tail.at(0.5),
    }


def _by_number(port: int, versions: Sequence[LicenceVersion]) -> dict[str, float]:
    """The public check by what stands on the paper, beside one SELECT."""
    tails = [version.frozen["verify_url"].rsplit("/", 2)[1:] for version in versions]
    paths = [f"/V/{serial}/{code}" for serial, code in tails]
    # as the faces would have it that this very server prints: another's are refused sooner
    printed = [f"http://127.0.0.1:{port}{path}" for path in paths]

    def asked(most: int) -> list[bytes]:
        return [
            bench_http.post(_API, json.dumps({"text": text}).encode(), number=next(_numbers))
            for text, _ in zip(_endless_text(printed), range(most), strict=False)
        ]

    def pages(most: int) -> list[bytes]:
        return [
            bench_http.get(path, number=next(_numbers))
            for path, _ in zip(_endless_text(paths), range(most), strict=False)
        ]

    def bare(most: int) -> list[bytes]:
        return [
            bench_http.get(f"/bench/read/{version.check_code}", number=place)
            for place, version in zip(range(most), _endless(versions), strict=False)
        ]

    bench_http.run(port, asked(_WARM * LICENCES), seconds=30)
    bench_http.run(port, pages(400))
    took = bench_http.in_turn(
        {
            "selected": lambda: bench_http.run(port, bare(5000), seconds=_ROUND),
            "checked": lambda: bench_http.run(port, asked(2500), seconds=_ROUND, saying=_FOUND),
            "shown": lambda: bench_http.run(port, pages(2500), seconds=_ROUND, saying=_FOUND_PAGE),
        },
        times=_ROUNDS,
    )
    selected, checked, shown = took["selected"], took["checked"], took["shown"]
    return {
        "public_checks_per_second": bench_http.usual(checked),
        "public_check_pages_per_second": bench_http.usual(shown),
        "bare_select_per_second": bench_http.usual(selected),
        "public_check_ratio": bench_http.ratio(checked, selected),
        "public_check_page_ratio": bench_http.ratio(shown, selected),
    }


def _endless_text(texts: Sequence[str]) -> Iterable[str]:
    while True:
        yield from texts


def _history(version: LicenceVersion) -> dict[str, float]:
    """The first and a deep page of a licence's history of 100,000 entries."""
    licence = version.licence
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_trail_record (id, at, action, article, actor_kind, actor_key,"
            " actor_name, actor_role, department_code, department_name, channel, request_id,"
            " subject_kind, subject_key, subject_label, outcome, reason, facts, leaf)"
            " SELECT gen_random_uuid(), now() - n * interval '20 seconds', 'licence_looked_up',"
            " 'M.19', 'public', 'public', '公众', '', '', '', 'page', '', 'licence', %s, '',"
            " 'done', '', '{}', '' FROM generate_series(1, 100000) AS n",
            [str(licence.uuid)],
        )
        cursor.execute("ANALYZE audit_trail_record")

    def spent(token: str) -> tuple[float, str]:
        begun = time.perf_counter()
        page = page_of(looks_at(licence), order=NEWEST_FIRST, token=token, size=_HISTORY_PAGE)
        return time.perf_counter() - begun, page.after

    token, deep = "", ""
    for _ in range(400):
        _, token = spent(token)
        deep = token or deep
    first = min(spent("")[0] for _ in range(20))
    last = min(spent(deep)[0] for _ in range(20))
    return {
        "history_first_page_ms": first * 1000,
        "history_deep_page_ms": last * 1000,
        "history_deep_over_first": last / first,
    }


def _analyse() -> None:
    """Tells the planner what was laid out, as the database does by itself within a minute."""
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as line:
        line.autocommit = True
        with line.cursor() as cursor:
            for model in (Holder, Presentation, PresentationCode, PresentedLicence, LicenceFile,
                          LicenceVersion, Licence, FileProof):  # fmt: skip
                cursor.execute(f"ANALYZE {model._meta.db_table}")


def _lay_tables() -> None:
    """Makes the bare views' tables, as the database's owner."""
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as line, line.cursor() as cursor:
        cursor.execute(TABLES)
