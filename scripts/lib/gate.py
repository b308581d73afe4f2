"""scripts/test [fast] [-- PYTEST ARGUMENTS]: the whole gate, stopping at the first red step."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from scripts.lib import environment, places, services, setup
from scripts.lib.talk import Stop, done, fail, heading, paint, say

# What the county's server is told too, and cannot be mended by us: an instrument whose term is
# over, a calendar that has not been announced, an identity service that the county has to name.
KNOWN_WARNINGS = frozenset({"portal.W001", "portal.W002", "portal.W003"})
_MESSAGE = re.compile(r"\(([A-Za-z_]+\.[EW]\d+)\)")
_PACKAGES = ("zezhou_portal", "audit", "seals", "licences", "usage", "sample_county")
_NOTHING_COLLECTED = 5
# Two processes, each with a database, a Redis database and scratch folders of its own; the one
# that is done first takes over from the other.
_SPLIT = ("--numprocesses=2", "--dist=worksteal")


@dataclass
class Gate:
    """The steps' common ground: environment, bin folder, what pytest is told."""

    env: dict[str, str]
    pytest_arguments: list[str]
    closing: str = ""

    def run(
        self, *command: str, env: Mapping[str, str] | None = None, allowed: tuple[int, ...] = (0,)
    ) -> int:
        """Run a tool of the virtual environment with its output shown. Raises Stop on red."""
        program, *rest = command
        path = places.VENV / "bin" / program
        code = subprocess.run(
            [str(path), *rest], env=dict(env or self.env), cwd=places.ROOT, check=False
        ).returncode
        if code not in allowed:
            raise Stop(f"{' '.join(command[:4])} ended with code {code}")
        return code

    def manage(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Run a manage.py command. Raises Stop on red."""
        self.run("python", "manage.py", *arguments, env=env)


@dataclass
class Counted:
    """What the runs of pytest came to, read from their reports."""

    passed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def add(self, report: Path) -> None:
        """Count one run's report in."""
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314
            skipped = int(suite.get("skipped", "0"))
            self.skipped += skipped
            self.passed += int(suite.get("tests", "0")) - skipped
            self.seconds += float(suite.get("time", "0"))


def _format(gate: Gate) -> None:
    gate.run("ruff", "format", "--check", "--quiet", ".")


def _lint(gate: Gate) -> None:
    gate.run("ruff", "check", "--quiet", ".")


def _templates(gate: Gate) -> None:
    folders = [name for name in ("templates",) if (places.ROOT / name).is_dir()]
    if folders:
        gate.run("djlint", "--check", "--quiet", *folders)
        gate.run("djlint", "--lint", "--quiet", *folders)


def _types(gate: Gate) -> None:
    gate.run("mypy", *_PACKAGES, "scripts")


def _layers(gate: Gate) -> None:
    gate.run("lint-imports", "--no-logo")


def _dependencies(gate: Gate) -> None:
    gate.run("deptry", "--config", "requirements/deptry.toml", "--no-ansi", ".")


def _deploy(gate: Gate) -> None:
    """Production settings with dummy secrets; every warning but the known ones is red."""
    with tempfile.TemporaryDirectory() as scratch:
        keys = Path(scratch) / "data"
        keys.mkdir()
        for name in ("d1", "index"):
            (keys / f"{name}.key").write_text(os.urandom(32).hex(), encoding="ascii")
        env = {
            **gate.env,
            "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.production",
            "PORTAL_SECRET_KEY": os.urandom(40).hex(),
            "CITY_SHARED_SECRET": os.urandom(32).hex(),
            "PORTAL_KEYS": scratch,
        }
        answer = subprocess.run(
            [str(places.PYTHON), "manage.py", "check", "--deploy"],
            env=env, cwd=places.ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    text = answer.stdout + answer.stderr
    unknown = sorted(set(_MESSAGE.findall(text)) - KNOWN_WARNINGS)
    if answer.returncode != 0 or unknown:
        say(text)
        raise Stop(f"check --deploy: {', '.join(unknown) or f'code {answer.returncode}'}")


def _migrations(gate: Gate) -> None:
    env = {
        **environment.as_owner(gate.env),
        "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test",
    }
    gate.manage("makemigrations", "--check", "--dry-run", env=env)


def _tests(gate: Gate) -> None:
    """Unit tests, then the browser's in a process of their own; one coverage of both.

    Playwright leaves an event loop in the process, which Django's ORM refuses to work under.
    """
    for old in places.ROOT.glob(".coverage*"):
        old.unlink()
    whole = not gate.pytest_arguments
    found = Counted()
    for name, mark, split in (("unit", "not e2e", _SPLIT), ("e2e", "e2e", ())):
        # A database each, so that what one run leaves behind says nothing in the other.
        env = {**gate.env, "PORTAL_TEST_DATABASE": f"test_portal_{name}"}
        report = places.VAR / "test" / f"{name}.xml"
        report.parent.mkdir(parents=True, exist_ok=True)
        gate.run(
            "python", "-m", "coverage", "run", "-m", "pytest", "-q", "-m", mark,
            f"--junit-xml={report}", *split, *gate.pytest_arguments,
            env=env, allowed=(0, _NOTHING_COLLECTED),
        )  # fmt: skip
        found.add(report)
    if not found.passed:
        raise Stop("no test was found")
    if found.skipped:
        raise Stop(f"{found.skipped} tests were skipped; a test runs or is taken out")
    gate.run("coverage", "combine", "--quiet")
    gate.run(
        "coverage", "report", "--skip-covered", "--sort", "cover", allowed=(0,) if whole else (0, 2)
    )
    gate.closing = f"{found.passed} passed in {found.seconds:.2f}s"


def _has_command(name: str) -> bool:
    return any(
        (places.ROOT / package / "management" / "commands" / f"{name}.py").exists()
        for package in _PACKAGES
    )


def _generated(gate: Gate) -> None:
    """Files that are written from the code say what the code says now."""
    env = {**gate.env, "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test"}
    with tempfile.TemporaryDirectory() as scratch:
        makers = {}
        if _has_command("report_articles"):
            makers["docs/articles.md"] = ["report_articles", "--output"]
        if (places.ROOT / "docs" / "openapi.yaml").exists():
            makers["docs/openapi.yaml"] = ["spectacular", "--fail-on-warn", "--file"]
        for name, command in makers.items():
            fresh = Path(scratch) / Path(name).name
            gate.manage(*command, str(fresh), env=env)
            kept = places.ROOT / name
            if not kept.exists() or kept.read_bytes() != fresh.read_bytes():
                raise Stop(f"{name} is not up to date: scripts/manage {' '.join(command)} {name}")


STEPS: tuple[tuple[str, Callable[[Gate], None]], ...] = (
    ("ruff format", _format),
    ("ruff check", _lint),
    ("djlint", _templates),
    ("mypy", _types),
    ("lint-imports", _layers),
    ("deptry", _dependencies),
    ("check --deploy", _deploy),
    ("makemigrations --check", _migrations),
    ("pytest", _tests),
    ("generated files", _generated),
)


@contextmanager
def _timed(name: str) -> Iterator[None]:
    started = time.monotonic()
    heading(name)
    yield
    done(name, f"{time.monotonic() - started:.1f} s")


def run(*, fast: bool, pytest_arguments: list[str]) -> str:
    """Every step in order; pytest's closing line. Raises Stop at the first red one."""
    heading("Set-up")
    started = setup.base(for_tests=True)
    try:
        env = environment.for_tests(environment.whole(os.environ))
        # pytest takes its settings from pyproject.toml; a stray variable must not decide.
        env.pop("DJANGO_SETTINGS_MODULE", None)
        gate = Gate(env, pytest_arguments)
        for name, step in STEPS:
            if fast and step is _tests:
                continue
            with _timed(name):
                step(gate)
        return gate.closing
    finally:
        if started:
            services.down()


def main(arguments: list[str]) -> int:
    """The command; 0 only if every step was green."""
    own, rest = _split(arguments)
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


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What stands before and after `--`."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
