"""Steps in lanes that run side by side, each in its order; the first red step stops them all.

What a step prints goes to var/log/gate-STEP.log and is shown where the step is red, so that two
lanes never mix their words.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from scripts.lib import places
from scripts.lib.processes import Family, family
from scripts.lib.talk import Stop, done


@dataclass
class Work:
    """What a step may do: run the virtual environment's programs, output kept apart."""

    name: str
    env: Mapping[str, str]
    group: Family
    ended: threading.Event
    note: str = ""

    def run(
        self, *command: str, env: Mapping[str, str] | None = None, allowed: tuple[int, ...] = (0,)
    ) -> str:
        """Run a program to its end; what it printed. Raises Stop with that where it is red."""
        program, *rest = command
        log = f"gate-{'-'.join(re.findall(r'[a-z0-9]+', self.name))}"
        path = str(places.VENV / "bin" / program)
        child = self.group.start(log, [path, *rest], env or self.env)
        code = child.process.wait()
        self.group.children.remove(child)
        text = child.log.read_text(encoding="utf-8", errors="replace")
        if self.ended.is_set():
            raise Stop(f"{self.name} was stopped")
        if code not in allowed:
            raise Stop(f"{text}\n{' '.join(command[:4])} ended with code {code} ({child.log})")
        return text


Step = tuple[str, Callable[[Work], None]]


@dataclass
class Lanes:
    """Lanes of steps; `seconds` holds afterwards what each step took."""

    env: Mapping[str, str]
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, *lanes: Sequence[Step]) -> None:
        """Every step of every lane. Raises Stop at the first red one; the others are ended."""
        ended = threading.Event()
        with family() as group, ThreadPoolExecutor(len(lanes)) as pool:
            running = [pool.submit(self._lane, lane, group, ended) for lane in lanes]
            try:
                for lane in as_completed(running):
                    lane.result()
            except BaseException:
                ended.set()
                group.stop()
                raise

    def _lane(self, steps: Sequence[Step], group: Family, ended: threading.Event) -> None:
        for name, step in steps:
            begun = time.monotonic()
            work = Work(name, self.env, group, ended)
            step(work)
            if ended.is_set():
                return
            self.seconds[name] = time.monotonic() - begun
            done(name, f"{self.seconds[name]:.1f} s {work.note}".rstrip())
