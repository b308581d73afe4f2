"""The portal's processes, each in a group of its own, all gone when the command ends."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.lib import places
from scripts.lib.talk import Stop

_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """Runs in the child: the kernel ends it should this command be killed outright."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process and where it logs."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self, lines: int = 12) -> str:
        """The last lines of its log."""
        text = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n    ".join(text[-lines:])

    def signal_group(self, number: int) -> bool:
        """Send a signal to the whole group; False where nothing is left of it."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return False
        return True


@dataclass
class Family:
    """All the children of one command."""

    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Child:
        """Start a process in a session of its own; its output goes to var/log/NAME.log."""
        places.LOGS.mkdir(parents=True, exist_ok=True)
        log = places.LOGS / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT,
                env=dict(env), cwd=places.ROOT, start_new_session=True,
                preexec_fn=_die_with_parent,
            )  # fmt: skip
        child = Child(name, process, log)
        self.children.append(child)
        return child

    def check(self) -> None:
        """Raises Stop with the end of its log where a child is not running any more."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise Stop(
                    f"{child.name} ended with code {code}:\n    {child.tail()}\n    ({child.log})"
                )

    def stop(self, patience: float = 12) -> None:
        """Ask every group to end, newest first; insist after `patience` seconds."""
        for child in reversed(self.children):
            child.signal_group(signal.SIGTERM)
        end = time.monotonic() + patience
        for child in reversed(self.children):
            try:
                child.process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal_group(signal.SIGKILL)
                child.process.wait()
            # Grandchildren that outlived their parent.
            child.signal_group(signal.SIGKILL)
        self.children.clear()


@contextmanager
def family() -> Iterator[Family]:
    """Processes that live as long as the block, whatever ends it; SIGTERM ends it like Ctrl-C."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    previous = {
        number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)
    }
    group = Family()
    try:
        yield group
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave anything behind
        group.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, handler in previous.items():
            signal.signal(number, handler)


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """`wanted`, or the next port that nobody listens on and nobody has claimed; it is ours then.

    Between the choice and the server's start seconds go by, in which a second command would
    choose the same. So the choice is claimed under a name that the kernel gives once a machine,
    and everything of this portal's scripts asks for it. Raises Stop where 200 ports are taken.
    """
    for port in range(wanted, wanted + 200):
        if _nobody_listens(host, port) and _claimed(port):
            return port
    raise Stop(f"no free port from {wanted} on")


def _nobody_listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _claimed(port: int) -> bool:
    """Claims a port under an abstract name (unix(7)): no file; gone with this process, however
    that ends."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0zezhou-portal-port-{port}")
    except OSError:
        claim.close()
        return False
    claim.detach()  # nobody closes it but the end of the process
    return True


def wait_for_port(group: Family, port: int, what: str, seconds: float = 60) -> None:
    """Until something accepts connections at the port. Raises Stop where it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        group.check()
        with socket.socket() as line:
            line.settimeout(1)
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise Stop(f"{what} does not answer at port {port} after {seconds:.0f} s")


def wait_until_ready(group: Family, address: str, seconds: float = 90) -> None:
    """Until /readyz says 200. Raises Stop with its answers where it does not."""
    end, last = time.monotonic() + seconds, "no answer"
    while time.monotonic() < end:
        group.check()
        try:
            # The address is our own, made of a port.
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            last = error.read().decode(errors="replace")[:500]
        except OSError as error:
            last = str(error)
        time.sleep(0.2)
    raise Stop(f"the portal is not ready after {seconds:.0f} s: {last}")
