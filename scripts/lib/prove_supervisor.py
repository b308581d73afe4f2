"""The portal's processes under a supervisor that brings back what was killed."""

import os
import random  # noqa: TID251 (seeded: a proof that fails must fail again)
import signal
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scripts.lib import commands, environment, places, postgres, server_process, services
from scripts.lib.processes import Child, Family, free_port, wait_for_port, wait_until_ready
from scripts.lib.talk import Stop

TARGETS = ("worker", "web", "database")
_PATIENCE = 60.0  # seconds that a killed database may take to come back


class Supervisor:
    """Starts web, worker, beat and the city; kills one of TARGETS and starts it again."""

    def __init__(self, group: Family, env: dict[str, str]) -> None:
        self._group = group
        port = free_port(8300)
        city = free_port(8500)
        self.env = {
            **env,
            "PORTAL_ADDRESS": f"http://127.0.0.1:{port}",
            "CITY_ADDRESS": f"http://127.0.0.1:{city}",
        }
        python = str(places.PYTHON)
        for name in ("beat", "city"):
            (places.VAR / name).mkdir(parents=True, exist_ok=True)
        self.store = places.VAR / "city" / "store.sqlite3"
        self._commands: Mapping[str, list[str]] = {
            "city": commands.city(
                python, port=city, portal=self.env["PORTAL_ADDRESS"], store=self.store,
                trust=places.KEYS / "trust",
            ),
            "web": commands.web(python, port=port),
            "worker": commands.worker(python),
            "beat": commands.beat(python, places.VAR / "beat" / "schedule"),
        }  # fmt: skip
        self._children: dict[str, Child] = {}
        self._starts: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.ended_alone: Counter[str] = Counter()
        self._city_port = city

    def start(self) -> None:
        """All of them, each checked to be there."""
        for name in self._commands:
            self._start(name)
        wait_for_port(self._group, self._city_port, "the stand-in city")
        wait_until_ready(self._group, self.env["PORTAL_ADDRESS"])

    def _start(self, name: str) -> None:
        self._starts[name] += 1
        child = self._group.start(f"{name}-{self._starts[name]}", self._commands[name], self.env)
        self._children[name] = child

    def look_after(self) -> None:
        """Starts again what has ended by itself."""
        for name, child in list(self._children.items()):
            if child.process.poll() is not None:
                self.ended_alone[name] += 1
                self._bring_back(name)

    def _bring_back(self, name: str) -> None:
        child = self._children[name]
        child.signal_group(signal.SIGKILL)
        child.process.wait()
        self._group.children.remove(child)
        self._start(name)

    def kill(self, name: str, chance: random.Random) -> str:
        """SIGKILL, then a start as a supervisor would; gives what was hit."""
        self.kills[name] += 1
        if name == "database":
            return self._kill_database(chance)
        child = self._children[name]
        hands = _children_of(child.process.pid)
        if hands and chance.random() < 0.4:
            os.kill(chance.choice(hands), signal.SIGKILL)  # its parent is the supervisor of these
            return f"one process of the {name}"
        self._bring_back(name)
        return f"the {name}"

    def _kill_database(self, chance: random.Random) -> str:
        pid = server_process.pid_in(postgres._data() / "postmaster.pid")
        if pid is None:
            raise Stop("the database is not there to be killed")
        hands = _children_of(pid)
        if hands and chance.random() < 0.4:
            os.kill(chance.choice(hands), signal.SIGKILL)
            what = "one process of the database"
        else:
            os.kill(pid, signal.SIGKILL)
            what = "the database"
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                services.up()
                return what
            except Stop:
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)


def _children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(word) for word in path.read_text(encoding="ascii").split()]
    except OSError:
        return []


def quiet(env: Mapping[str, str]) -> dict[str, str]:
    """The environment for a question to the portal: the private database's own addresses."""
    return {**environment.whole(env), "PORTAL_LOG_LEVEL": "ERROR"}
