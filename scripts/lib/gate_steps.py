"""The steps of the gate: each a function of what it may do (lanes.Work)."""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from scripts.lib import environment, places
from scripts.lib.lanes import Step, Work
from scripts.lib.talk import Stop

# What the county's server is told too, and cannot be mended by us: an instrument whose term is
# over, a calendar that has not been announced, an identity service that the county has to name.
KNOWN_WARNINGS = frozenset({"portal.W001", "portal.W002", "portal.W003"})
_MESSAGE = re.compile(r"\(([A-Za-z_]+\.[EW]\d+)\)")
PACKAGES = ("zezhou_portal", "audit", "seals", "licences", "usage", "sample_county")
_NOTHING_COLLECTED = 5
# Two processes, each with a database, a Redis database and scratch folders of its own; the one
# that is done first takes over from the other.
_SPLIT = ("--numprocesses=2", "--dist=worksteal")
# The browser's tests stand together: reading the others' files would take half a minute.
_WALKS = ("--override-ini=testpaths=tests/browser",)
# The runs of pytest: what they take, and how.
RUNS = {"unit": ("not e2e", _SPLIT), "browser": ("e2e", _WALKS)}


def _format(work: Work) -> None:
    work.run("ruff", "format", "--check", ".")


def _lint(work: Work) -> None:
    work.run("ruff", "check", ".")


def _templates(work: Work) -> None:
    work.run("djlint", "--check", "templates")
    work.run("djlint", "--lint", "templates")


def _types(work: Work) -> None:
    work.run("mypy", *PACKAGES, "scripts")


def _layers(work: Work) -> None:
    work.run("lint-imports", "--no-logo")


def _dependencies(work: Work) -> None:
    work.run("deptry", "--config", "requirements/deptry.toml", "--no-ansi", ".")


def _deploy(work: Work) -> None:
    """Production settings with dummy secrets; every warning but the known ones is red."""
    with tempfile.TemporaryDirectory() as scratch:
        keys = Path(scratch) / "data"
        keys.mkdir()
        for name in ("d1", "index"):
            (keys / f"{name}.key").write_text(os.urandom(32).hex(), encoding="ascii")
        env = {
            **work.env,
            "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.production",
            "PORTAL_SECRET_KEY": os.urandom(40).hex(),
            "CITY_SHARED_SECRET": os.urandom(32).hex(),
            "PORTAL_KEYS": scratch,
            "PORTAL_PROXIES": "1",
            "PORTAL_ADDRESS": "https://licences.example.gov.cn",
            "CITY_ADDRESS": "https://city.example.gov.cn",
        }
        text = work.run("python", "manage.py", "check", "--deploy", env=env)
    unknown = unknown_warnings(text)
    if unknown:
        raise Stop(f"{text}\ncheck --deploy: {', '.join(unknown)}")


def unknown_warnings(text: str) -> list[str]:
    """The messages of Django's checks that nobody has accepted."""
    return sorted(set(_MESSAGE.findall(text)) - KNOWN_WARNINGS)


def _migrations(work: Work) -> None:
    env = {
        **environment.as_owner(work.env),
        "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test",
    }
    work.run("python", "manage.py", "makemigrations", "--check", "--dry-run", env=env)


def _generated(work: Work) -> None:
    """Files that are written from the code say what the code says now."""
    env = {**work.env, "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.test"}
    makers = {
        "docs/articles.md": ("report_articles", "--output"),
        "docs/openapi.yaml": ("spectacular", "--fail-on-warn", "--file"),
    }
    with tempfile.TemporaryDirectory() as scratch:
        for name, command in makers.items():
            fresh = Path(scratch) / Path(name).name
            work.run("python", "manage.py", *command, str(fresh), env=env)
            if (places.ROOT / name).read_bytes() != fresh.read_bytes():
                raise Stop(f"{name} is not up to date: scripts/manage {' '.join(command)} {name}")


STATIC: tuple[Step, ...] = (
    ("ruff format", _format),
    ("ruff check", _lint),
    ("djlint", _templates),
    ("mypy", _types),
    ("lint-imports", _layers),
    ("deptry", _dependencies),
    ("check --deploy", _deploy),
    ("makemigrations --check", _migrations),
    ("generated files", _generated),
)


@dataclass
class Counted:
    """What the runs of pytest came to, read from their reports."""

    passed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> int:
        """Count one run's report in; how many tests passed in it."""
        here = 0
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314
            skipped = int(suite.get("skipped", "0"))
            self.skipped += skipped
            here += int(suite.get("tests", "0")) - skipped
        self.passed += here
        return here

    def judge(self) -> None:
        """Raises Stop where no test ran, or one did not."""
        if not self.passed:
            raise Stop("no test was found")
        if self.skipped:
            raise Stop(f"{self.skipped} tests were skipped; a test runs or is taken out")


@dataclass
class Tests:
    """The runs of pytest, each with a database of its own; `measured` with coverage."""

    arguments: list[str]
    counted: Counted
    measured: bool = False

    def step(self, name: str) -> Step:
        """One of RUNS as a step."""

        def run(work: Work) -> None:
            mark, how = RUNS[name]
            # What one run leaves behind says nothing in the other.
            env = {**work.env, "PORTAL_TEST_DATABASE": f"test_portal_{name}"}
            report = places.VAR / "test" / f"{name}.xml"
            report.parent.mkdir(parents=True, exist_ok=True)
            coverage = ("-m", "coverage", "run") if self.measured else ()
            work.run(
                "python", *coverage, "-m", "pytest", "-q", "-m", mark,
                f"--junit-xml={report}", *how, *self.arguments,
                env=env, allowed=(0, _NOTHING_COLLECTED),
            )  # fmt: skip
            work.note = f"{self.counted.add(report)} passed"

        return name, run
