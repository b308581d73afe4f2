"""Where this checkout keeps what it makes: one place for every path."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from scripts.lib.talk import Stop

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("PORTAL_VAR") or ROOT / "var").resolve()
VENV = Path(os.environ.get("PORTAL_VENV") or VAR / "venv").resolve()
PYTHON = VENV / "bin" / "python"
LOGS = VAR / "log"
SECRETS = VAR / "secrets"
KEYS = Path(os.environ.get("PORTAL_KEYS") or VAR / "keys").resolve()

# The account that runs PostgreSQL and Redis where this is started by root: a database server
# refuses to run as root, and should.
SERVICE_ACCOUNT = "zezhou-portal"
# Linux takes 107 bytes for the path of a socket; the server adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 90


def is_root() -> bool:
    """True where the commands run as root."""
    return os.geteuid() == 0


def checkout_id() -> str:
    """A short name of this checkout's state, so that two checkouts on a machine do not meet."""
    return hashlib.sha256(str(VAR).encode()).hexdigest()[:10]


def state_folder() -> Path:
    """Where the private servers keep their data.

    As root it lies outside every home: the service account must reach it, and a home that is
    closed to others stays closed.
    """
    if is_root():
        return Path("/var/lib/zezhou-portal") / checkout_id()
    return VAR / "services"


def socket_folder() -> Path:
    """The closed folder of the servers' sockets; a short path where the checkout's is too long."""
    folder = state_folder() / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / f"zezhou-portal-{os.geteuid()}-{checkout_id()}"


def closed_folder(path: Path, *, account: str | None = None) -> Path:
    """Make `path` with mode 0700, owned by `account` where one is named.

    Raises Stop where somebody else's folder, or a link, already lies there.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise Stop(f"{path} is a link; it must be a folder of its own: remove the link")
    if account is not None:
        shutil.chown(path, user=account, group=account)
    elif path.stat().st_uid != os.geteuid():
        raise Stop(f"{path} belongs to somebody else; remove it or set PORTAL_VAR elsewhere")
    path.chmod(0o700)
    return path
