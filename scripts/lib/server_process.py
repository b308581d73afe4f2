"""Running the private servers' programs, as the service account where we are root."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.lib import places
from scripts.lib.talk import Stop


def account() -> str | None:
    """The account the servers run as; None where they run as the person who started them."""
    return places.SERVICE_ACCOUNT if places.is_root() else None


def make_account() -> None:
    """Make the service account (no login, no home) where root needs it and it is missing."""
    name = account()
    if name is None:
        return
    try:
        pwd.getpwnam(name)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home",
             "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        # 9: another checkout's command has made it meanwhile.
        if made.returncode not in {0, 9}:
            raise Stop(f"cannot make the account {name}: {made.stderr.strip()}") from None


def run(
    command: Sequence[str | Path], *, stdin: str | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as the service account; output is captured."""
    name = account()
    # No HOME: the servers and their clients must not read anybody's configuration files.
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8"}
    return subprocess.run(
        [str(part) for part in command],
        input=stdin, stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True, text=True, check=False, timeout=timeout, cwd="/", env=environment,
        user=name, group=name, extra_groups=[] if name else None,
    )  # fmt: skip


def alive(pid: int, program: str) -> bool:
    """Whether `pid` runs and is `program`: a number in an old file may belong to anybody by now."""
    try:
        name = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    except OSError:
        return False
    return program in name


def pid_in(path: Path) -> int | None:
    """The number on the first line of a pid file; None where there is none."""
    try:
        return int(path.read_text(encoding="ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def stop_process(pid: int, program: str, *, patience: float = 10) -> None:
    """Ask a process to end, insist after `patience` seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not alive(pid, program):
            return
        os.kill(pid, number)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not alive(pid, program):
                return
            time.sleep(0.05)
