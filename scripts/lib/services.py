"""scripts/services up|down|status|env|erase: the private PostgreSQL and Redis of this checkout.

Where DATABASE_URL (or REDIS_URL) is set, that server is used and none is started for it.
"""

import argparse
import os
import shlex
import shutil
import sys
from contextlib import AbstractContextManager

from scripts.lib import environment, places, postgres, redis_server, server_process
from scripts.lib.locks import alone
from scripts.lib.talk import Stop, done, fail, say

EXPORTED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def _alone() -> AbstractContextManager[None]:
    """Two commands that start or stop the servers at once wait for each other."""
    return alone(places.VAR / "services.lock", "the servers of this checkout")


def _make_folders() -> None:
    """The servers' folders: as root only the service account gets in, and only below ours."""
    server_process.make_account()
    state = places.state_folder()
    if places.is_root():
        state.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        state.mkdir(mode=0o750, exist_ok=True)
        shutil.chown(state, user="root", group=places.SERVICE_ACCOUNT)
        state.chmod(0o750)
    else:
        places.closed_folder(state)
    places.closed_folder(places.socket_folder(), account=server_process.account())


def up() -> list[str]:
    """Start what is not given from outside and not running yet; the names of what was started."""
    started = []
    with _alone():
        own = environment.own_database(os.environ), environment.own_redis(os.environ)
        if any(own):
            _make_folders()
        if own[0]:
            if not postgres.running():
                started.append("PostgreSQL")
            postgres.start()
        if own[1] and not redis_server.running():
            redis_server.start()
            started.append("Redis")
        _write_addresses()
    return started


def _write_addresses() -> None:
    """Keep the addresses in var/services.env, where the test settings find them.

    Tests have a Redis database of their own: a demo's worker must not hear their rings.
    """
    found = environment.for_tests(environment.addresses(os.environ))
    lines = [f"{name}={value}" for name, value in found.items()]
    path = places.VAR / "services.env"
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(path)


def down() -> None:
    """Stop both private servers; data stays."""
    with _alone():
        redis_server.stop()
        postgres.stop()


def erase() -> None:
    """Stop both private servers and remove everything they left."""
    with _alone():
        redis_server.stop()
        postgres.stop()
        shutil.rmtree(places.socket_folder(), ignore_errors=True)
        shutil.rmtree(places.state_folder(), ignore_errors=True)


def _status() -> int:
    code = 0
    for name, own, running in (
        ("PostgreSQL", environment.own_database(os.environ), postgres.running),
        ("Redis", environment.own_redis(os.environ), redis_server.running),
    ):
        if not own:
            say(f"{name}: given from outside")
        elif running():
            say(f"{name}: running")
        else:
            say(f"{name}: stopped")
            code = 3
    return code


def main(arguments: list[str]) -> int:
    """The command; its exit code (status: 3 where a server is stopped)."""
    parser = argparse.ArgumentParser(prog="scripts/services", description=__doc__)
    parser.add_argument("what", choices=["up", "down", "env", "status", "erase"])
    what = parser.parse_args(arguments).what
    try:
        if what == "up":
            started = up()
            done("services are up", "started " + ", ".join(started) if started else "were running")
        elif what == "down":
            down()
            done("services are down")
        elif what == "erase":
            erase()
            done("services are down, their data is gone")
        elif what == "env":
            found = environment.addresses(os.environ)
            for name in EXPORTED:
                say(f"export {name}={shlex.quote(found[name])}")
        else:
            return _status()
    except Stop as stop:
        fail(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
