"""Documents: links lead somewhere, decisions keep their shape, every guide is listed."""

import re
from pathlib import Path

import pytest

from tests.conventions.sources import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_document_when_it_links_then_the_file_is_there(path: Path) -> None:
    links = [one for one in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in one]
    assert [one for one in links if not (path.parent / one).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda one: one.stem)
def test_decision_when_read_then_has_number_date_status_and_three_parts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = path.stem.split("-", 1)[0]
    assert text.startswith(f"# {number} ")
    assert re.search(r"^\d{4}-\d{2}-\d{2} · (accepted|superseded)", text, re.MULTILINE)
    parts = [line for line in text.splitlines() if line.startswith("## ")]
    assert parts == ["## Context", "## Decision", "## Consequences"]


def test_decisions_when_counted_then_numbers_run_on() -> None:
    numbers = [int(path.stem.split("-", 1)[0]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_handbook_when_listed_then_every_guide_is_in_it() -> None:
    folder = ROOT / "docs" / "handbook"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_security_page_when_it_names_a_test_then_the_test_is_there() -> None:
    """A security officer relies on each point's test (GB/T 22239, level 3)."""
    page = (ROOT / "docs/handbook/security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[^`]+)`", page)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []
