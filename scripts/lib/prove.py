"""scripts/prove [kills|faults|tamper|sheets|properties|requests|memory|all]: the long proofs.

kills: worker, web and database die by SIGKILL at seeded moments of a conversion (--rounds: how
many kills). faults: one bad row in every queue, far sides that drip or are away, a clock that is
ahead, silence, a Redis that hangs, a rotted file (its tests). tamper: any byte changed in a sealed
file (--rounds: how many changes). sheets: damaged permit sheets (--rounds: how many). properties:
the tests that draw their input, with new draws (the gate always draws the same). requests: every
address of the site map asked with every hostile value. memory: sheets of 100,000 rows.
Exit code 0 only if everything held.
"""

import argparse
import os
import secrets
import subprocess
import sys

from scripts.lib import apart, environment, installed, places, prove_kills
from scripts.lib.talk import Stop, done, fail, heading

_ROUNDS = {"kills": 50, "tamper": 3000, "sheets": 2000}
# Proofs that are tests: the gate runs a slice of each, here they go their whole length.
_TESTS = {
    "faults": (
        "tests/infrastructure/test_one_bad_row.py",
        "tests/kernel/test_outward.py",
        "tests/site/test_outages.py",
        "tests/site/test_watching.py",
        "tests/infrastructure/test_backup.py",
        "tests/exchange/test_killed.py",
    ),
    "properties": ("-m", "hypothesis"),
    "requests": (
        "tests/permissions/test_hostile_requests.py",
        "tests/permissions/test_odd_requests.py",
    ),
    "memory": ("tests/proofs/test_long_sheets.py",),
}
_ALL = (*_ROUNDS, *_TESTS)


def _held(what: str, seed: int, asked: argparse.Namespace) -> bool:
    rounds = asked.rounds or _ROUNDS.get(what, 0)
    if what == "kills":
        return prove_kills.run(prove_kills.Plan(seed, rounds, rows=asked.rows), keep=asked.keep)
    if what in _TESTS:
        return _tests(what)
    return _fuzz(what, seed, rounds)


def _tests(what: str) -> bool:
    """A proof that is a test, whole."""
    heading(f"{what}: pytest {' '.join(_TESTS[what])}")
    with apart.servers(for_tests=True) as env:
        command = [str(places.PYTHON), "-m", "pytest", "-q", *_TESTS[what]]
        env = {**environment.for_tests(env), "PORTAL_PROOF": "whole"}
        return subprocess.run(command, env=env, cwd=places.ROOT, check=False).returncode == 0


def _fuzz(what: str, seed: int, rounds: int) -> bool:
    """A proof that needs no servers, in the portal's own Python."""
    heading(f"{what}: seed {seed}, {rounds} rounds")
    installed.virtual_environment(for_tests=False)
    env = {**environment.whole(os.environ), "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test"}
    command = [
        str(places.PYTHON), "-m", "scripts.lib.prove_fuzz", what,
        "--seed", str(seed), "--rounds", str(rounds),
    ]  # fmt: skip
    return subprocess.run(command, env=env, cwd=places.ROOT, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """The command; 0 only if every proof held."""
    parser = argparse.ArgumentParser(prog="scripts/prove", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*_ALL, "all"], default="all")
    parser.add_argument("--seed", type=int, default=None, help="the same seed, the same moments")
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--rows", type=int, default=120, help="rows of a sheet (kills)")
    parser.add_argument("--keep", action="store_true", help="leave what was made for a look")
    asked = parser.parse_args(arguments)
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    if asked.seed is None:
        arguments = [*arguments, "--seed", str(seed)]
    apart.go_apart("prove", "scripts.lib.prove", arguments)
    failed = []
    try:
        for what in _ALL:
            if asked.what in (what, "all") and not _held(what, seed, asked):
                failed.append(what)
    except Stop as stop:
        fail(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
    for what in failed:
        fail(f"{what} did not hold (seed {seed})")
    if not failed:
        done(f"everything held (seed {seed})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
