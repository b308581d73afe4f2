"""Processes of a command: none is left behind, a dead one is named with its last words."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from scripts.lib import places, processes, tidy
from scripts.lib.talk import Stop

# A child that starts a grandchild and ignores being asked to end.
_STUBBORN = (
    "import signal, subprocess, sys, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(p.pid, flush=True); time.sleep(600)"
)


@pytest.fixture(autouse=True)
def _logs(monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(places, "LOGS", tmp_path)


def runs(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def first_line(path: Path) -> str:
    for _ in range(200):
        if path.exists() and "\n" in (text := path.read_text()):
            return text.splitlines()[0]
        time.sleep(0.05)
    raise AssertionError(f"{path} stays empty")


def test_a_stubborn_child_and_its_child_are_gone_afterwards(tmp_path: Path) -> None:
    with processes.family() as group:
        child = group.start("stubborn", [sys.executable, "-c", _STUBBORN], os.environ)
        grandchild = int(first_line(child.log))
        assert runs(grandchild)
        group.check()
        group.stop(patience=0.5)
    assert not runs(child.process.pid)
    for _ in range(100):
        if not runs(grandchild):
            break
        time.sleep(0.05)
    assert not runs(grandchild)


def test_a_child_dies_with_a_command_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from scripts.lib import places, processes; from pathlib import Path;"
        f"places.LOGS = Path({str(tmp_path)!r});"
        "g = processes.Family();"
        "c = g.start('c', [sys.executable, '-c', 'import time; time.sleep(600)'], os.environ);"
        "print(c.process.pid, flush=True); time.sleep(600)"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", script], cwd=places.ROOT, stdout=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    with command.stdout:
        pid = int(command.stdout.readline())
    assert runs(pid)
    command.send_signal(signal.SIGKILL)
    command.wait()
    for _ in range(100):
        if not runs(pid):
            break
        time.sleep(0.05)
    assert not runs(pid)


def test_a_child_that_ended_is_named_with_its_last_words() -> None:
    with processes.family() as group:
        child = group.start("web", [sys.executable, "-c", "print('no port'); exit(3)"], os.environ)
        child.process.wait()
        with pytest.raises(Stop, match=r"web ended with code 3:\n    no port"):
            group.check()


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert processes.free_port(port) > port


def test_a_port_that_another_command_chose_is_passed_over_until_that_one_ends() -> None:
    """Neither command has a server yet: two that choose at once choose two ports."""
    wanted = processes.free_port(18_000)
    script = (
        "import sys; from scripts.lib.processes import free_port;"
        f"print(free_port({wanted + 1}), free_port({wanted + 1}), flush=True); sys.stdin.read()"
    )
    commands = [
        subprocess.Popen(
            [sys.executable, "-c", script], cwd=places.ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    chosen = []
    for command in commands:
        assert command.stdout is not None
        chosen += [int(word) for word in command.stdout.readline().split()]
    assert len(set(chosen)) == 6
    assert processes.free_port(wanted + 1) not in chosen
    for command in commands[:2]:
        command.kill()
        command.communicate()
    ours = {processes.free_port(wanted + 1) for _ in range(5)}
    assert ours & set(chosen[:4])
    assert not ours & set(chosen[4:])
    commands[2].communicate("")


def test_waiting_ends_with_what_the_portal_said() -> None:
    port = processes.free_port(18000)
    with pytest.raises(Stop, match="not ready after 0 s"):
        processes.wait_until_ready(processes.Family(), f"http://127.0.0.1:{port}", seconds=0.3)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.py", b"x = 1\n", []),
        ("a.py", b"x = 1", ["no line feed at its end"]),
        ("a.pem", b"-----BEGIN " + b"PRIVATE KEY-----\n", ["a private key"]),
        ("a.md", b"<<<<" + b"<<< ours\n", ["a conflict mark"]),
        ("a.bin", bytes(2 * 1024 * 1024), ["2048 kB: larger than 1024 kB"]),
        ("a.ttf", bytes(2 * 1024 * 1024), []),
    ],
)
def test_what_a_commit_must_not_bring(
    tmp_path: Path, name: str, content: bytes, expected: list[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert tidy.faults(tmp_path / name) == expected


def test_a_web_worker_knows_every_page_before_its_first_caller() -> None:
    asked = (
        "import zezhou_portal.wsgi; from django.urls import get_resolver;"
        " print(get_resolver()._populated)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=places.ROOT
    )
    assert told.stdout.split() == ["True"]
