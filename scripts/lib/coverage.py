"""scripts/coverage [-- PYTEST ARGUMENTS]: what the tests reach; the bar is in pyproject.toml.

A command of its own: measuring doubles the processor time of the tests.
"""

import argparse
import sys

from scripts.lib import places, services, setup
from scripts.lib.gate import split, test_environment
from scripts.lib.gate_steps import Counted, Tests
from scripts.lib.lanes import Lanes, Work
from scripts.lib.talk import Stop, fail, heading, say


def run(pytest_arguments: list[str]) -> None:
    """Both runs of pytest under coverage, then one report. Raises Stop below the bar."""
    started = setup.base(for_tests=True)
    for old in places.ROOT.glob(".coverage*"):
        old.unlink()
    counted = Counted()
    tests = Tests(pytest_arguments, counted, measured=True)

    def report(work: Work) -> None:
        work.run("coverage", "combine", "--quiet")
        # A part of the tests reaches a part of the code: only the whole is held to the bar.
        allowed = (0, 2) if pytest_arguments else (0,)
        say(work.run("coverage", "report", "--skip-covered", "--sort", "cover", allowed=allowed))

    heading("Tests, measured")
    try:
        lanes = Lanes(test_environment())
        lanes.run((tests.step("unit"),), (tests.step("browser"),))
        counted.judge()
        lanes.run((("report", report),))
    finally:
        if started:
            services.down()


def main(arguments: list[str]) -> int:
    """The command; 0 only if the tests are green and reach enough."""
    own, rest = split(arguments)
    argparse.ArgumentParser(prog="scripts/coverage", description=__doc__).parse_args(own)
    try:
        run(rest)
    except Stop as stop:
        fail(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
