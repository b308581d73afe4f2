"""A slice of each long proof (scripts/prove) with fixed seeds; the length is for another day."""

import os
import subprocess

import pytest

from scripts.lib import places
from scripts.lib.prove_fuzz import sheets, tamper


@pytest.mark.article("S.9")
@pytest.mark.parametrize("seed", [11, 12])
def test_no_changed_byte_keeps_every_yes(seed):
    assert tamper(seed, 100) == []


@pytest.mark.article("M.10")
@pytest.mark.parametrize("seed", [21, 22])
def test_a_damaged_sheet_is_read_or_refused(seed):
    assert sheets(seed, 100) == []


@pytest.mark.article("M.10")
@pytest.mark.long
def test_every_row_comes_once_through_two_kills(tmp_path):
    """Worker and database die once each; servers, keys and files are the test's own."""
    # Whoever is killed leaves no word of what it ran: coverage would only make it slow.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    env = {**own, "PORTAL_VAR": str(tmp_path), "PORTAL_VENV": str(places.VENV)}
    env.pop("PORTAL_APART", None)
    ended = subprocess.run(
        [
            str(places.ROOT / "scripts" / "prove"), "kills",
            "--seed", "3", "--rounds", "2", "--rows", "24",
        ],
        env=env, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "licences: 24" in ended.stdout
    assert "held_by_the_city: 24" in ended.stdout
