"""scripts/setup demo|test: everything the portal, or its tests, need on this machine."""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from scripts.lib import environment, installed, machine, places, services
from scripts.lib.talk import Stop, done, fail, heading, step


def manage(arguments: list[str], env: dict[str, str]) -> None:
    """Run a manage.py command, output in var/log/setup.log. Raises Stop where it fails."""
    command = [str(places.PYTHON), str(places.ROOT / "manage.py"), *arguments]
    machine.logged(command, "setup.log", env=env)


def base(*, for_tests: bool) -> list[str]:
    """Packages, virtual environment, private servers; the names of the servers it started."""
    machine.prepare(for_tests=for_tests)
    installed.virtual_environment(for_tests=for_tests)
    if for_tests:
        installed.browser_package()
    started = services.up()
    if started:
        done("services", f"started {' and '.join(started)}")
    return started


def _static_digest() -> str:
    """Changes whenever a static file does, or the packages that bring some."""
    seen = hashlib.sha256((places.ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted((places.ROOT / "static").rglob("*")):
        if path.is_file():
            seen.update(f"{path}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def _collect_static(env: dict[str, str]) -> None:
    stamp, digest = places.VAR / "static.stamp", _static_digest()
    if _text(stamp) == digest:
        return
    with step("static files"):
        manage(["collectstatic", "--no-input", "--clear"], env)
    stamp.write_text(digest, encoding="ascii")


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def database(env: dict[str, str]) -> None:
    """Migrations and grants as the owner, then the static files."""
    with step("database: migrations and roles"):
        manage(["migrate", "--no-input"], environment.as_owner(env))
        manage(["grant_roles"], environment.as_owner(env))
    _collect_static(env)


def sample_county(env: dict[str, str]) -> None:
    """Load the sample county; harmless to repeat."""
    with step("sample county"):
        manage(["load_sample_county"], env)


def main(arguments: list[str]) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="scripts/setup", description=__doc__)
    parser.add_argument("what", choices=["demo", "test"])
    what = parser.parse_args(arguments).what
    try:
        heading("Set-up")
        base(for_tests=what == "test")
        if what == "demo":
            env = environment.whole(os.environ)
            database(env)
            sample_county(env)
        done("set-up complete")
    except Stop as stop:
        fail(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
