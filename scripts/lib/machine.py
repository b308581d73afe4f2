"""What the operating system must provide, and putting it there on Debian and Ubuntu."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.lib import places
from scripts.lib.talk import Stop, step, warn

# WeasyPrint needs the first four; without libharfbuzz-subset0 a Chinese font takes several
# times as long to subset. The fonts are those of the licences' faces.
RUN_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fontconfig",
    "fonts-noto-cjk",
    "fonts-lxgw-wenkai",
    "redis-server",
    "openssl",
)
# Program -> package, for what may be there without the distribution's package.
_TEST_PROGRAMS = {
    "chromium-headless-shell": "chromium-headless-shell",
    "node": "nodejs",
    "npm": "npm",
}

_INSTALL = ("apt-get", "install", "-y", "-q", "--no-install-recommends")
_LOCKED = re.compile(r"Could not get lock|Unable to (?:acquire|lock)")

_ELSEWHERE = (
    "This set-up knows Debian 12 and Ubuntu 24.04 or later; on other systems install Python 3.11+,"
    " OpenSSL 3, Pango with HarfBuzz, fontconfig, the fonts Noto CJK and LXGW WenKai, and Redis,"
    " then run it again with PORTAL_PACKAGES=installed."
)


def _is_debian() -> bool:
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    found = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    words = f"{found.get('ID', '')} {found.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in words


def _installed(packages: Sequence[str]) -> set[str]:
    """Those of the packages that are there and set up; asks no lock of the package manager."""
    answer = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = (line.partition(" ") for line in answer.stdout.splitlines())
    return {name for name, _, state in told if state == "installed"}


def missing(*, for_tests: bool) -> list[str]:
    """The packages that are not there yet."""
    there = _installed(RUN_PACKAGES)
    if os.environ.get("REDIS_URL") or shutil.which("redis-server"):
        there.add("redis-server")
    wanted = [package for package in RUN_PACKAGES if package not in there]
    if importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    if for_tests:
        wanted += [name for program, name in _TEST_PROGRAMS.items() if not shutil.which(program)]
    return wanted


def prepare(*, for_tests: bool) -> None:
    """Install the missing packages. Raises Stop on another system or where it is not allowed."""
    if os.environ.get("PORTAL_PACKAGES") == "installed":
        return
    if not _is_debian():
        raise Stop(_ELSEWHERE)
    wanted = missing(for_tests=for_tests)
    if not wanted:
        return
    prefix: list[str] = []
    if not places.is_root():
        by_hand = f"Packages are missing; as root run: {' '.join([*_INSTALL, *wanted])}"
        if shutil.which("sudo") is None:
            raise Stop(by_hand)
        prefix = ["sudo", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]
        # Ask for the password before the progress line, where it can be seen.
        if subprocess.run(["sudo", "-v"], check=False).returncode != 0:
            raise Stop(by_hand)
    with step("system packages: " + " ".join(wanted)):
        patiently([*prefix, "apt-get", "update", "-q"])
        # Whoever was waited for may have brought some of them.
        if wanted := missing(for_tests=for_tests):
            patiently([*prefix, *_INSTALL, *wanted])


def patiently(command: list[str], *, seconds: float = 900) -> None:
    """Run the package manager, waiting for another that is at work.

    It has three locks (lists, downloads, packages) and waits for one of them only, so that it is
    asked again here. Raises Stop with its last words on any other failure, or after `seconds`.
    """
    end, told = time.monotonic() + seconds, False
    while True:
        try:
            return logged(command, "apt.log", env={**os.environ, "LC_ALL": "C"})
        except Stop as stop:
            if not _LOCKED.search(str(stop)) or time.monotonic() > end:
                raise
        if not told:
            warn("another installation is at work on this machine; waiting for it")
            told = True
        time.sleep(1)


def logged(
    command: list[str], log: str, *, env: dict[str, str] | None = None, cwd: Path = places.ROOT
) -> None:
    """Run a program with its output in var/log/LOG. Raises Stop with the end of it on failure."""
    places.LOGS.mkdir(parents=True, exist_ok=True)
    path = places.LOGS / log
    environment = dict(os.environ if env is None else env)
    environment.setdefault("DEBIAN_FRONTEND", "noninteractive")
    with path.open("ab") as file:
        begin = file.tell()
        code = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
            env=environment, cwd=cwd, check=False,
        ).returncode  # fmt: skip
    if code != 0:
        with path.open("rb") as file:
            file.seek(begin)
            last = file.read().decode(errors="replace").splitlines()[-15:]
        shown = "\n    ".join(last)
        raise Stop(f"{' '.join(command[:4])} … ended with code {code}:\n    {shown}\n    ({path})")


def base_python() -> str:
    """The interpreter that virtual environments are made from."""
    return getattr(sys, "_base_executable", None) or sys.executable
