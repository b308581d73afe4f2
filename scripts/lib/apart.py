"""A state of its own for commands that must never touch the demo's data: bench and prove.

The command starts itself again with PORTAL_VAR in a folder below the checkout's: servers, keys,
files, secrets and logs are all its own then, and are gone when it ends.
"""

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.lib import environment, places, services, setup
from scripts.lib.talk import Stop, step

_MARK = "PORTAL_APART"
# What would lead to somebody else's servers, keys or files.
_FOREIGN = (
    "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_FILES", "PORTAL_KEYS",
    "PORTAL_SECRET_KEY", "CITY_SHARED_SECRET", "PORTAL_ADDRESS", "CITY_ADDRESS",
    "DJANGO_SETTINGS_MODULE",
)  # fmt: skip


def go_apart(name: str, module: str, arguments: list[str]) -> None:
    """Starts `module` again in a state named `name`; comes back at once where that was done."""
    if os.environ.get(_MARK) == name:
        return
    env = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    env.update({
        _MARK: name,
        "PORTAL_VENV": str(places.VENV),
        "PORTAL_VAR": str(places.VAR / name),
    })  # fmt: skip
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], env)  # noqa: S606


@contextmanager
def servers(*, keep: bool = False, for_tests: bool = False) -> Iterator[dict[str, str]]:
    """The environment of empty servers of its own, erased at the end.

    Raises Stop where the same command is at work already. `keep` leaves what was made.
    `for_tests`: with what pytest and the browser need.
    """
    if not os.environ.get(_MARK):
        raise Stop("this needs a state of its own")
    places.VAR.mkdir(parents=True, exist_ok=True)
    with (places.VAR / "alone.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"this command is at work already (its state is {places.VAR})") from None
        _erase()
        setup.base(for_tests=for_tests)
        try:
            yield environment.whole(os.environ)
        finally:
            if not keep:
                with step("clearing up"):
                    _erase()


@contextmanager
def state(
    *, pages: bool = True, keep: bool = False, browser: bool = False
) -> Iterator[dict[str, str]]:
    """The environment of a fresh sample county on servers of its own, erased at the end.

    Raises Stop as `servers` does. `pages`: with the static files that pages need. `keep` leaves
    what was made. `browser`: with what drives Chromium.
    """
    with servers(keep=keep, for_tests=browser) as env:
        env["DJANGO_SETTINGS_MODULE"] = "zezhou_portal.settings.development"
        env["PORTAL_LOG_LEVEL"] = env.get("PORTAL_LOG_LEVEL", "WARNING")
        if pages:
            setup.database(env)
        else:
            _tables(env)
        setup.sample_county(env)
        yield env


def _tables(env: dict[str, str]) -> None:
    with step("database: migrations and roles"):
        setup.manage(["migrate", "--no-input", "--skip-checks"], environment.as_owner(env))
        setup.manage(["grant_roles"], environment.as_owner(env))


def _erase() -> None:
    """The servers' data, and everything else but the logs, which tell what happened."""
    services.erase()
    for path in places.VAR.iterdir():
        if path.name in {"log", "alone.lock"}:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
