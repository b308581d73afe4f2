"""The private Redis: Debian's server on a socket in a closed folder, no port."""

import shutil
import socket
import time
from pathlib import Path

from scripts.lib import places, server_process
from scripts.lib.talk import Stop


def _socket() -> Path:
    return places.socket_folder() / "redis.sock"


def _data() -> Path:
    return places.state_folder() / "redis"


def address(number: int = 0) -> str:
    """The address of a numbered database of the private server."""
    return f"unix://{_socket()}?db={number}"


def running() -> bool:
    """Whether the private server answers PING."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            line.connect(str(_socket()))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def start() -> None:
    """Start the server where it does not run yet. Raises Stop where it does not come up."""
    if running():
        return
    program = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:/usr/sbin")
    if program is None:
        raise Stop("redis-server is not installed; run scripts/setup demo first")
    data = places.closed_folder(_data(), account=server_process.account())
    log = data / "server.log"
    started = server_process.run([
        program, "--port", "0", "--unixsocket", _socket(), "--unixsocketperm", "700",
        "--daemonize", "yes", "--pidfile", data / "redis.pid", "--dir", data, "--logfile", log,
        # The queue only rings: what it loses, the sweeps find again. So nothing goes to disk.
        "--save", "", "--appendonly", "no", "--maxmemory", "256mb",
        "--maxmemory-policy", "noeviction",
    ])  # fmt: skip
    end = time.monotonic() + 10
    while time.monotonic() < end and started.returncode == 0:
        if running():
            return
        time.sleep(0.05)
    last = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
    raise Stop("Redis did not start:\n" + "\n".join(last or [started.stderr]))


def stop() -> None:
    """Stop the server; nothing happens where it does not run."""
    pid = server_process.pid_in(_data() / "redis.pid")
    if pid is not None:
        server_process.stop_process(pid, "redis-server")
    (_data() / "redis.pid").unlink(missing_ok=True)
