"""A command waits for others on the machine, with the real package manager and real processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import machine, places, talk
from scripts.lib.locks import alone

# Locks as the package manager does, says so, and keeps the lock until its input ends.
_HOLD = """
import fcntl, sys
with open(sys.argv[1], "w") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""
_ASK = "import sys; from scripts.lib.machine import patiently; patiently(sys.argv[1:])"
_ALONE = """
import sys
from pathlib import Path
from scripts.lib.locks import alone
with alone(Path(sys.argv[1]), "the servers"):
    print("inside", flush=True)
    sys.stdin.read()
"""
_LISTS, _PACKAGES = "var/lib/apt/lists/lock", "var/lib/dpkg/lock-frontend"
_DOWNLOADS = "var/cache/apt/archives/lock"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: Any) -> Path:
    """A package manager's world of its own: no packages, no sources, no other's locks."""
    world = tmp_path / "world"
    for folder in (
        "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg",
        "var/log/apt", "etc/apt/apt.conf.d", "etc/apt/preferences.d",
    ):  # fmt: skip
        (world / folder).mkdir(parents=True)
    (world / "var/lib/dpkg/status").touch()
    configuration = tmp_path / "apt.conf"
    configuration.write_text(
        f'Dir "{world}/"; Dir::State::status "{world}/var/lib/dpkg/status";'
        ' Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "/dev/null";',
        encoding="utf-8",
    )
    monkeypatch.setenv("APT_CONFIG", str(configuration))
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    monkeypatch.setattr(places, "LOGS", tmp_path / "log")
    return world


@contextmanager
def process(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process of the scripts, ended with the block."""
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", script, *arguments],
        cwd=places.ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def next_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        (_LISTS, ["apt-get", "update", "-q"]),
        (_PACKAGES, ["apt-get", "install", "-y", "-q"]),
        (_DOWNLOADS, ["apt-get", "install", "-y", "-q"]),
    ],
)
def test_package_manager_when_busy_then_waited_for(
    packages: Path, lock: str, words: list[str]
) -> None:
    with process(_HOLD, str(packages / lock)) as other:
        assert next_line(other) == "held"
        with process(_ASK, *words) as ours:
            assert next_line(ours) == (
                "! another installation is at work on this machine; waiting for it"
            )
            assert ours.poll() is None
            other.communicate("")
            said, _ = ours.communicate()
            assert (ours.returncode, said) == (0, "")


def test_package_manager_when_it_fails_otherwise_then_told_at_once(packages: Path) -> None:
    with pytest.raises(talk.Stop, match="Unable to locate package no-such-package"):
        machine.patiently(["apt-get", "install", "-y", "-q", "no-such-package"])


def test_package_manager_when_nothing_is_missing_then_not_asked(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """This machine has what the tests need, or they would not run."""
    for name in ("apt-get", "sudo"):
        refusing = tmp_path / name
        refusing.write_text("#!/bin/sh\nexit 77\n", encoding="ascii")
        refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("PORTAL_PACKAGES", raising=False)
    assert machine.missing(for_tests=True) == []
    machine.prepare(for_tests=True)


def test_block_when_another_command_is_in_it_then_waits_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "services.lock"
    with process(_ALONE, str(path)) as first:
        assert next_line(first) == "inside"
        with process(_ALONE, str(path)) as second:
            assert next_line(second) == "! another command is at the servers; waiting for it"
            first.kill()
            assert next_line(second) == "inside"
            second.communicate("")
    with alone(path, "the servers"):
        assert path.exists()
