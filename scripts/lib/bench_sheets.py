"""Rows of a permit sheet checked a second, and what that takes of memory at 100,000 rows."""

import csv
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 100_000
_NUMBER = "许可编号"


def measure() -> dict[str, float]:
    """The product's judge over a generated sheet, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "清单.csv"
        _write(path)
        begun = time.perf_counter()
        with path.open(encoding="gb18030", newline="") as file:
            bare = sum(1 for _ in csv.reader(file)) / (time.perf_counter() - begun)
        answer = subprocess.run(
            [sys.executable, "-m", "scripts.lib.bench_sheets", str(path)],
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    told: dict[str, float] = json.loads(answer.stdout)
    return told | {"bare_csv_rows_per_second": bare}


def _write(path: Path) -> None:
    """The sample sheet's rows, faulty ones too, over and over, each under a number of its own."""
    from django.conf import settings

    from zezhou_portal.regulation.identifiers import mod11_10

    source = settings.BASE_DIR / "sample_county" / "stock" / "food-licences-gb18030.csv"
    with source.open(encoding="gb18030", newline="") as file:
        headings, *rows = list(csv.reader(file))
    place = headings.index(_NUMBER)
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(headings)
        for serial, row in enumerate(itertools.islice(itertools.cycle(rows), ROWS)):
            if len(row) > place and row[place][:2] == "JY" and row[place][2:3] in "123":
                stem = f"{row[place][2]}140525{serial:06}"
                row = [*row[:place], f"JY{stem}{mod11_10(stem)}", *row[place + 1 :]]
            out.writerow(row)


def _judge(path: Path) -> dict[str, float]:
    """What scripts and pages do before anything is written, and the process's peak (MB)."""
    import django

    django.setup()
    from licences.stock import judged_rows
    from licences.stock.sheets.headings import guess_mapping
    from licences.stock.sheets.reading import open_sheet
    from scripts.lib import bench_register

    kind = bench_register.entry()
    begun, processor, count = time.perf_counter(), time.process_time(), 0
    sheet = open_sheet(path, path.name)
    columns = guess_mapping(sheet.headings, judged_rows.rules_for(kind).item_names)
    for _ in judged_rows.judge(kind, sheet.rows(), columns, bench_register.JUDGED_ON):
        count += 1
    took, used = time.perf_counter() - begun, time.process_time() - processor
    return {
        "sheet_rows": float(count),
        "sheet_rows_per_second": count / took,
        "sheet_rows_per_cpu_second": count / used,
        "sheet_peak_mb_100k": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(_judge(Path(sys.argv[1]))))
