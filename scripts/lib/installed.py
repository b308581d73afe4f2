"""The virtual environment and the tests' node packages, installed from their locks."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from scripts.lib import places
from scripts.lib.locks import alone
from scripts.lib.machine import base_python, logged
from scripts.lib.talk import step

_REQUIREMENTS = places.ROOT / "requirements"
_BROWSER = places.ROOT / "tests" / "browser"
NODE = places.VAR / "node"


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _works(python: Path) -> bool:
    """Whether the environment's interpreter still runs: its base may have been upgraded away."""
    try:
        command = [str(python), "-c", "import pip"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def virtual_environment(*, for_tests: bool) -> None:
    """Make var/venv and install the lock into it, unless that lock is what it holds already.

    Two commands that begin at once do not install into one folder at once.
    """
    with alone(places.VENV.with_name(f"{places.VENV.name}.lock"), "the virtual environment"):
        _virtual_environment(for_tests=for_tests)


def _virtual_environment(*, for_tests: bool) -> None:
    stamp = places.VENV / "portal-locks.json"
    wanted = {"base": _digest(_REQUIREMENTS / "base.txt")}
    lock = "base.txt"
    if for_tests:
        wanted["test"] = _digest(_REQUIREMENTS / "test.txt")
        lock = "test.txt"
    sound = _works(places.PYTHON)
    held = _read(stamp)
    if sound and all(held.get(name) == digest for name, digest in wanted.items()):
        return
    if not sound:
        with step("virtual environment"):
            shutil.rmtree(places.VENV, ignore_errors=True)
            places.VENV.parent.mkdir(parents=True, exist_ok=True)
            logged([base_python(), "-m", "venv", str(places.VENV)], "pip.log")
    with step(f"Python packages of requirements/{lock} (some minutes the first time)"):
        environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        environment.pop("PYTHONPATH", None)
        logged(
            [str(places.PYTHON), "-m", "pip", "install", "--no-input", "--require-hashes",
             "--only-binary", ":all:", "--requirement", str(_REQUIREMENTS / lock)],
            "pip.log", env=environment,
        )  # fmt: skip
    stamp.write_text(json.dumps({**held, **wanted}), encoding="utf-8")


def browser_package() -> None:
    """Install the tests' accessibility checker and OpenID provider from the lock into var/node."""
    with alone(NODE.with_name("node.lock"), "the tests' node packages"):
        _browser_package()


def _browser_package() -> None:
    names = ("package.json", "package-lock.json")
    digest = _digest(*(_BROWSER / name for name in names))
    stamp = NODE / "portal-lock"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    with step("accessibility checker and OpenID provider for the tests"):
        NODE.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(_BROWSER / name, NODE / name)
        environment = {**os.environ, "npm_config_cache": str(NODE / "cache")}
        logged(
            ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            "npm.log", env=environment, cwd=NODE,
        )  # fmt: skip
    stamp.write_text(digest, encoding="ascii")
