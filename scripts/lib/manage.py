"""scripts/manage ARGS: manage.py with this checkout's services, addresses and secrets."""

import os
import subprocess
import sys

from scripts.lib import environment, places, setup
from scripts.lib.talk import Stop, fail

# These change tables or roles, so they reach the database as its owner.
_OWNER = {"migrate", "grant_roles", "restore", "sqlflush", "flush", "showmigrations"}


def main(arguments: list[str]) -> int:
    """The command; the exit code of manage.py."""
    try:
        setup.base(for_tests=False)
        env = environment.whole(os.environ)
    except Stop as stop:
        fail(str(stop))
        return 1
    name = arguments[0] if arguments else ""
    if name in _OWNER:
        env = environment.as_owner(env)
    elif name == "backup":
        env = environment.as_backup(env)
    manage = [str(places.PYTHON), str(places.ROOT / "manage.py")]
    code = subprocess.run([*manage, *arguments], env=env, check=False).returncode
    if code == 0 and name == "migrate":
        # A table that was just made belongs to the owner; the runtime role needs its rights.
        code = subprocess.run([*manage, "grant_roles"], env=env, check=False).returncode
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
