"""scripts/bench [--json] [--only PART ...]: the speed figures, each beside its bare parts.

With servers, keys and files of its own, erased at the end; the demo's data is never touched.
--json prints one object, figure by name, and nothing else on the standard output.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping

from scripts.lib import apart, places
from scripts.lib.talk import Stop, fail, heading, say

PARTS = ("licences", "sheets", "sm2", "files", "pages", "checks", "screen")


def _measure(env: Mapping[str, str], parts: list[str], licences: int) -> dict[str, float]:
    """Runs the measures in the portal's own Python; raises Stop where one of them fails."""
    command = [
        str(places.PYTHON), "-m", "scripts.lib.bench_run",
        "--licences", str(licences), *(word for part in parts for word in ("--only", part)),
    ]  # fmt: skip
    answer = subprocess.run(
        command, env=dict(env), cwd=places.ROOT, stdout=subprocess.PIPE, check=False
    )
    if answer.returncode != 0:
        raise Stop(f"the measures ended with code {answer.returncode}")
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def main(arguments: list[str]) -> int:
    """The command; its exit code (0: every figure was taken, whatever it is)."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part (repeatable)")
    parser.add_argument("--licences", type=int, default=1200, help="how many are made")
    parser.add_argument("--keep", action="store_true", help="leave servers and data for a look")
    asked = parser.parse_args(arguments)
    apart.go_apart("bench", "scripts.lib.bench", arguments)
    # With --json the standard output belongs to the object.
    aside = contextlib.redirect_stdout(sys.stderr) if asked.json else contextlib.nullcontext()
    try:
        with aside:
            heading("Set-up")
            parts = asked.only or list(PARTS)
            with apart.state(keep=asked.keep, browser="screen" in parts) as env:
                heading("Measures")
                figures = _measure(env, parts, asked.licences)
    except Stop as stop:
        fail(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
    figures["load_average"] = round(os.getloadavg()[0], 2)
    if asked.json:
        print(json.dumps(figures, indent=1))
        return 0
    for name, figure in figures.items():
        say(f"  {name:<44}{figure:>12,.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
