"""scripts/demo [--once] [--reset] [--port N]: sets up, runs the portal and its main job.

Stays up until Ctrl-C; --once ends after the job, with its exit code. --reset starts afresh.
"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.lib import commands, environment, places, services, setup
from scripts.lib.processes import Family, family, free_port, wait_for_port, wait_until_ready
from scripts.lib.talk import Stop, done, fail, heading, paint, say, step, warn

# Everything the demo makes, beside the servers' data.
_MADE = ("files", "keys", "city", "beat")


@contextmanager
def _alone() -> Iterator[None]:
    """One demo a checkout: two would share the database and fight over the queue."""
    places.VAR.mkdir(parents=True, exist_ok=True)
    with (places.VAR / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "another terminal"
            raise Stop(f"the demo of this checkout is running already: {where}") from None
        lock.truncate(0)
        yield
        lock.truncate(0)


def _note_address(address: str) -> None:
    (places.VAR / "demo.lock").write_text(address, encoding="ascii")


def _erase() -> None:
    """Start afresh: the private servers' data, files, keys and the city's store."""
    if not environment.own_database(os.environ):
        raise Stop(
            "--reset erases the private database only, and DATABASE_URL names another:"
            " empty that one yourself"
        )
    with step("starting afresh"):
        services.erase()
        for name in _MADE:
            shutil.rmtree(places.VAR / name, ignore_errors=True)


def _port(wanted: int, what: str) -> int:
    port = free_port(wanted)
    if port != wanted:
        warn(f"port {wanted} is in use; {what} takes {port}")
    return port


def _start(
    group: Family, env: dict[str, str], port: int, city_port: int, identity_port: int
) -> None:
    """The processes, each checked to be there."""
    python = str(places.PYTHON)
    for name in ("beat", "city"):
        (places.VAR / name).mkdir(parents=True, exist_ok=True)
    city = commands.city(
        python,
        port=city_port,
        portal=env["PORTAL_ADDRESS"],
        store=places.VAR / "city" / "store.sqlite3",
        trust=places.KEYS / "trust",
    )
    identity = commands.identity(python, port=identity_port, portal=env["PORTAL_ADDRESS"])
    with step("stand-in city, stand-in identity service, web server, workers and beat"):
        group.start("city", city, env)
        group.start("identity", identity, env)
        group.start("web", commands.web(python, port=port), env)
        for name, command in commands.workers(python).items():
            group.start(name, command, env)
        group.start("beat", commands.beat(python, places.VAR / "beat" / "schedule"), env)
        wait_for_port(group, city_port, "the stand-in city")
        wait_for_port(group, identity_port, "the stand-in identity service")
        wait_until_ready(group, env["PORTAL_ADDRESS"])


def _job(group: Family, env: dict[str, str]) -> int:
    """The main job, printed by the portal itself; its exit code."""
    command = [str(places.PYTHON), str(places.ROOT / "manage.py"), "run_demo"]
    code = subprocess.run(command, env=env, check=False).returncode
    group.check()
    return code


def _stay(group: Family, address: str) -> None:
    heading(f"The portal is up: {paint(address, 'green')}")
    say(f"  logs in {places.LOGS.relative_to(places.ROOT)}/; Ctrl-C ends it")
    while True:
        group.check()
        time.sleep(1)


def run(*, once: bool, port: int) -> int:
    """Set up, start, do the job, stay; the job's exit code."""
    heading("Set-up")
    started = setup.base(for_tests=False)
    try:
        env = environment.whole(os.environ)
        web_port = _port(port, "the web server")
        city_port = _port(8090, "the stand-in city")
        identity_port = _port(8091, "the stand-in identity service")
        env["PORTAL_ADDRESS"] = f"http://127.0.0.1:{web_port}"
        env["CITY_ADDRESS"] = f"http://127.0.0.1:{city_port}"
        env = environment.with_sample_identity(env, f"http://127.0.0.1:{identity_port}")
        env.setdefault("DJANGO_SETTINGS_MODULE", "zezhou_portal.settings.development")
        setup.database(env)
        setup.sample_county(env)
        with family() as group:
            try:
                _start(group, env, web_port, city_port, identity_port)
                _note_address(env["PORTAL_ADDRESS"])
                code = _job(group, env)
                if code != 0:
                    fail(f"the main job ended with code {code}")
                if not once:
                    _stay(group, env["PORTAL_ADDRESS"])
            except KeyboardInterrupt:
                say()
                done("stopping")
                code = 130 if once else 0
        return code
    finally:
        if started:
            services.down()


def main(arguments: list[str]) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the job, with its exit code")
    parser.add_argument("--reset", action="store_true", help="erase database, files and keys first")
    parser.add_argument("--port", type=int, default=8000, help="of the web server (8000)")
    options = parser.parse_args(arguments)
    try:
        with _alone():
            if options.reset:
                _erase()
            return run(once=options.once, port=options.port)
    except Stop as stop:
        fail(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
