"""The gate: its steps, its lanes with real processes, what CI calls."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import gate, gate_steps, places
from scripts.lib.lanes import Lanes, Work
from scripts.lib.talk import Stop

# Tells that it runs, and would go on for ten minutes.
_LONG = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"


@pytest.fixture(autouse=True)
def _logs(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "LOGS", tmp_path)


def test_steps_when_read_then_the_quick_ones_come_first() -> None:
    assert [name for name, _ in gate_steps.STATIC] == [
        "ruff format", "ruff check", "djlint", "mypy", "lint-imports", "deptry",
        "check --deploy", "makemigrations --check", "generated files",
    ]  # fmt: skip


def test_runs_of_pytest_when_put_together_then_every_test_is_in_one_of_them() -> None:
    assert {name: mark for name, (mark, _) in gate_steps.RUNS.items()} == {
        "unit": "not e2e",
        "browser": "e2e",
    }
    # The browser's run reads one folder.
    marked = {path.parent for path in (places.ROOT / "tests").rglob("test_*.py") if _is_e2e(path)}
    assert marked == {places.ROOT / "tests" / "browser"}


def _is_e2e(path: Path) -> bool:
    return re.search(r"\bmark\.e2e\b", path.read_text(encoding="utf-8")) is not None


def test_deploy_when_a_warning_is_unknown_then_it_is_named() -> None:
    text = "?: (portal.W001) ended\n?: (security.W018) DEBUG\n?: (portal.W002) 2027"
    assert gate_steps.unknown_warnings(text) == ["security.W018"]


def test_arguments_after_the_dashes_go_to_pytest() -> None:
    assert gate.split(["fast", "--", "-k", "trail"]) == (["fast"], ["-k", "trail"])
    assert gate.split([]) == ([], [])


def test_reports_are_counted(tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(
        '<testsuites><testsuite tests="7" skipped="1" time="1.5"/></testsuites>', encoding="utf-8"
    )
    found = gate_steps.Counted()
    assert found.add(report) == 6
    found.add(report)
    assert (found.passed, found.skipped) == (12, 2)
    with pytest.raises(Stop, match="2 tests were skipped"):
        found.judge()
    with pytest.raises(Stop, match="no test was found"):
        gate_steps.Counted().judge()


def test_lanes_when_green_then_each_keeps_its_order_and_its_output() -> None:
    order: list[str] = []
    said: dict[str, str] = {}

    def step(name: str) -> tuple[str, Any]:
        def run(work: Work) -> None:
            order.append(name)
            said[name] = work.run("python", "-c", f"print({name!r})")
            work.note = "1 passed"

        return name, run

    lanes = Lanes(os.environ)
    lanes.run((step("a 1"), step("a 2")), (step("b"),))
    assert order.index("a 1") < order.index("a 2")
    assert said == {"a 1": "a 1\n", "a 2": "a 2\n", "b": "b\n"}
    assert set(lanes.seconds) == {"a 1", "a 2", "b"}


def test_lanes_when_a_step_is_red_then_its_words_are_told_and_the_others_end(
    tmp_path: Path,
) -> None:
    begun, reached = tmp_path / "begun", []

    def long(work: Work) -> None:
        work.run("python", "-c", _LONG, str(begun))

    def red(work: Work) -> None:
        wait = (
            f"import pathlib, time\nwhile not pathlib.Path({str(begun)!r}).exists():"
            " time.sleep(0.01)\nprint('E501 line too long'); raise SystemExit(3)"
        )
        work.run("python", "-c", wait)

    def later(work: Work) -> None:
        reached.append("later")

    lanes = Lanes(os.environ)
    with pytest.raises(Stop, match=r"(?s)E501 line too long\n\npython -c .* ended with code 3"):
        lanes.run((("long", long), ("later", later)), (("red", red),))
    assert reached == []
    assert lanes.seconds == {}


def test_ci_is_the_gate_and_nothing_else() -> None:
    lines = (places.ROOT / ".ci" / "run").read_text().splitlines()
    work = [line for line in lines if line and not line.startswith("#")]
    assert work[0] == "set -euo pipefail"
    assert len(work) == 2
    assert re.fullmatch(r'exec "\$\(dirname .*\)/\.\./scripts/test" "\$@"', work[1])
