"""Takes the figures inside the portal; started by scripts/bench, which gives it its servers."""

import argparse
import json
import sys
from collections.abc import Callable

import django

django.setup()

from scripts.lib import (  # noqa: E402
    bench_checks,
    bench_files,
    bench_licences,
    bench_pages,
    bench_screen,
    bench_sheets,
    bench_sm2,
)

Figures = dict[str, float]


def main(arguments: list[str]) -> int:
    """Prints one JSON object: figure by name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--licences", type=int, default=1200)
    parser.add_argument("--only", action="append", default=[])
    asked = parser.parse_args(arguments)
    parts: dict[str, Callable[[], Figures]] = {
        "licences": lambda: bench_licences.measure(asked.licences),
        "sheets": bench_sheets.measure,
        "sm2": bench_sm2.measure,
        "files": bench_files.measure,
        "pages": bench_pages.measure,
        "checks": bench_checks.measure,
        "screen": bench_screen.measure,
    }
    figures: Figures = {}
    for name, measure in parts.items():
        if name in asked.only or not asked.only:
            print(f"  {name} …", file=sys.stderr, flush=True)
            figures |= {key: round(value, 4) for key, value in measure().items()}
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
