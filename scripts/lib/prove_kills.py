"""The proof of the kills: worker, web and database die at seeded moments of a conversion, and
every sound row ends exactly once in register, files, trail and city (M.10)."""

import csv
import itertools
import json
import random  # noqa: TID251 (seeded: a proof that fails must fail again)
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.lib import apart, places
from scripts.lib.processes import family
from scripts.lib.prove_supervisor import TARGETS, Supervisor, quiet
from scripts.lib.talk import Stop, done, fail, heading, say

_SHEET = places.ROOT / "sample_county" / "stock" / "food-licences-utf8.csv"
_PATIENCE = 420.0  # seconds for the last row to reach the city after the last kill
_FIRST_SERIAL = 500_000
_EVERYWHERE = (
    "rows_with_a_licence", "licences", "in_force", "files_with_their_bytes", "records",
    "messages_posted", "messages_accepted", "held_by_the_city", "taken_by_the_city",
    "same_file_in_the_city",
)  # fmt: skip


@dataclass
class Plan:
    """What is to be done: a seed, how many kills, rows a sheet, seconds between kills."""

    seed: int
    kills: int
    rows: int = 120
    between: tuple[float, float] = (0.3, 4.0)
    numbers: list[str] = field(default_factory=list)


def run(plan: Plan, *, keep: bool = False) -> bool:
    """The whole proof with servers of its own; whether every count is right."""
    chance = random.Random(plan.seed)  # noqa: S311 (a proof, no secret)
    heading(f"Kills: seed {plan.seed}, {plan.kills} kills, sheets of {plan.rows} rows")
    with apart.state(pages=False, keep=keep) as env, family() as group:
        supervisor = Supervisor(group, env)
        supervisor.start()
        begun = time.monotonic()
        _kill(plan, chance, supervisor)
        told = _until_done(plan, supervisor)
        took = time.monotonic() - begun
    say(f"  kills: {dict(supervisor.kills)}, ended by themselves: {dict(supervisor.ended_alone)}")
    return _judged(plan, told, took)


def _kill(plan: Plan, chance: random.Random, supervisor: Supervisor) -> None:
    for number in range(plan.kills):
        # Every other kill meets rows on their way from the sheet to the register.
        if number % 2 == 0:
            _submit(plan, supervisor)
        time.sleep(chance.uniform(*plan.between))
        what = supervisor.kill(chance.choice(TARGETS), chance)
        supervisor.look_after()
        told = _ask(supervisor, "prove_progress", patience=60)
        say(
            f"  {number + 1:>3} {what:<28} register {told['in_register']},"
            f" in force {told['in_force']}, city {told['accepted']} of {len(plan.numbers)}"
        )


def _submit(plan: Plan, supervisor: Supervisor) -> None:
    path = places.VAR / f"sheet-{len(plan.numbers)}.csv"
    fresh = write_sheet(path, plan.rows, _FIRST_SERIAL + len(plan.numbers))
    told = _ask(supervisor, "prove_portal", "submit", str(path), patience=90)
    if told["sound"] != len(fresh):
        raise Stop(f"the sheet has {len(fresh)} sound rows, the portal finds {told['sound']}")
    plan.numbers += fresh


def write_sheet(path: Path, rows: int, first: int) -> list[str]:
    """A sheet of sound rows with numbers of their own; gives the numbers."""
    answers = json.loads((_SHEET.parent / f"{_SHEET.stem}.answers.json").read_text("utf-8"))
    sound = {one["row"] for one in _rows_of(answers) if one["outcome"] == "convert"}
    with _SHEET.open(encoding="utf-8-sig", newline="") as file:
        headings, *lines = list(csv.reader(file))
    place = headings.index("许可编号")
    good = [line for at, line in enumerate(lines, start=2) if at in sound]
    numbers = []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(headings)
        for serial, line in enumerate(itertools.islice(itertools.cycle(good), rows), start=first):
            stem = f"1140525{serial:06}"
            numbers.append(f"JY{stem}{_check(stem)}")
            out.writerow([*line[:place], numbers[-1], *line[place + 1 :]])
    return numbers


def _rows_of(answers: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answers["rows"] if isinstance(answers, dict) else answers
    return rows


def _check(digits: str) -> str:
    """The check digit of ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _until_done(plan: Plan, supervisor: Supervisor) -> dict[str, Any]:
    """Waits until the city has every licence; counts everything then, or when patience ends."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        supervisor.look_after()
        told = _ask(supervisor, "prove_progress", patience=60)
        if told["accepted"] >= len(plan.numbers):
            break
        time.sleep(2)
    return _ask(supervisor, "prove_portal", "count", str(supervisor.store), patience=60)


def _ask(supervisor: Supervisor, module: str, *words: str, patience: float) -> dict[str, Any]:
    """An answer of a process of the portal; asked again while the database is coming back."""
    end = time.monotonic() + patience
    while True:
        supervisor.look_after()
        answer = subprocess.run(
            [str(places.PYTHON), "-m", f"scripts.lib.{module}", *words],
            env=quiet(supervisor.env), cwd=places.ROOT, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if answer.returncode == 0:
            told: dict[str, Any] = json.loads(answer.stdout)
            return told
        if time.monotonic() > end:
            raise Stop(f"{module}: {answer.stderr.strip()[-1500:]}")
        time.sleep(0.5)


def _judged(plan: Plan, told: Mapping[str, Any], took: float) -> bool:
    total = len(plan.numbers)
    wanted = {**dict.fromkeys(_EVERYWHERE, total), "twice": 0, "sheets_open": 0}
    wrong = [name for name, figure in wanted.items() if told[name] != figure]
    for name, figure in wanted.items():
        if name in wrong:
            fail(f"{name}: {told[name]}, and should be {figure}")
        else:
            done(f"{name}: {figure}")
    if told["numbers"] != sorted(plan.numbers):
        wrong.append("numbers")
    say(
        f"  seed {plan.seed}: {plan.kills} kills, {total} sound rows, {took:.0f} s,"
        f" {told['files_of_nobody']} files sealed and never confirmed"
    )
    return not wrong
