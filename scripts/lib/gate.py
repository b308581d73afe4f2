"""scripts/test [fast] [-- PYTEST ARGUMENTS]: the whole gate, stopping at the first red step.

Two lanes side by side: static checks and then the unit tests in two processes; beside them the
browser, which mostly waits. While it runs, var/log/gate-unit.log and gate-browser.log tell more.
"""

import argparse
import os
import sys
import time

from scripts.lib import environment, services, setup
from scripts.lib.gate_steps import STATIC, Counted, Tests
from scripts.lib.lanes import Lanes
from scripts.lib.talk import Stop, fail, heading, paint, say


def run(*, fast: bool, pytest_arguments: list[str]) -> str:
    """Every step; a line on the tests. Raises Stop at the first red step."""
    heading("Set-up")
    started = setup.base(for_tests=True)
    begun = time.monotonic()
    try:
        lanes = Lanes(test_environment())
        counted = Counted()
        tests = Tests(pytest_arguments, counted)
        heading("Static checks" if fast else "Static checks, unit tests; the browser beside them")
        if fast:
            lanes.run(STATIC)
            return ""
        lanes.run((*STATIC, tests.step("unit")), (tests.step("browser"),))
        counted.judge()
        return f"{counted.passed} passed in {time.monotonic() - begun:.2f}s"
    finally:
        if started:
            services.down()


def test_environment() -> dict[str, str]:
    """What every step runs in."""
    env = environment.for_tests(environment.whole(os.environ))
    # pytest takes its settings from pyproject.toml; a stray variable must not decide.
    env.pop("DJANGO_SETTINGS_MODULE", None)
    # Nor one that has every one of a few hundred processes compile the portal anew.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def main(arguments: list[str]) -> int:
    """The command; 0 only if every step was green."""
    own, rest = split(arguments)
    parser = argparse.ArgumentParser(prog="scripts/test", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["all", "fast"], default="all")
    fast = parser.parse_args(own).what == "fast"
    begun = time.monotonic()
    try:
        closing = run(fast=fast, pytest_arguments=rest)
    except Stop as stop:
        fail(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
    say()
    say(paint(f"The gate is green ({time.monotonic() - begun:.0f} s).", "green"))
    if closing:
        say(f"===== {closing} =====")
    return 0


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after `--`."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
