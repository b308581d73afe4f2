"""Proofs by seeded chance that need no servers: changed bytes of a sealed file, damaged sheets."""

import argparse
import random  # noqa: TID251 (seeded: a proof that fails must fail again)
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from licences.stock.sheets.reading import NotASheet, open_sheet  # noqa: E402
from seals.crypto.trust import TrustStore  # noqa: E402
from seals.documents.package import Package, read_package  # noqa: E402
from seals.documents.questions import Verdict  # noqa: E402
from seals.documents.verification import verify_ofd, verify_package  # noqa: E402

_ROOT = Path(__file__).resolve().parents[2]
_SEALED = _ROOT / "tests" / "vectors" / "ofd" / "sealed-all-protected.ofd"
_SHEETS = _ROOT / "sample_county" / "stock"
_NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_LONGEST = 20.0  # seconds a damaged file may take, on a machine that does other things too


def tamper(seed: int, rounds: int) -> list[str]:
    """Changes one byte a round, in a member or in the file as it lies; gives what was wrong.

    A byte changed in a member turns at least one yes into something else; one changed anywhere
    in the file ends in a verdict or a refusal, never in a traceback.
    """
    chance, wrong = random.Random(seed), []  # noqa: S311 (a proof, no secret)
    data = _SEALED.read_bytes()
    package = read_package(data)
    paths, trust = list(package), TrustStore((), (), ())
    before = _yes(package, trust)
    for number in range(rounds):
        path = chance.choice(paths)
        at, change = chance.randrange(len(package[path])), chance.randrange(1, 256)
        changed = bytearray(package[path])
        changed[at] ^= change
        found = _yes(package.with_members({path: bytes(changed)}), trust)
        if not before - found:
            wrong.append(f"round {number}: {path} byte {at} xor {change} loses no yes")
        spot = chance.randrange(len(data))
        whole = data[:spot] + bytes([data[spot] ^ change]) + data[spot + 1 :]
        if verify_ofd(whole, trust=trust, now=_NOW).verdict is Verdict.PASSED:
            wrong.append(f"round {number}: byte {spot} xor {change} of the file passes")
    return wrong


def _yes(package: Package, trust: TrustStore) -> set[str]:
    found = verify_package(package, trust=trust, now=_NOW)
    return {
        f"{number} {one.question.value}"
        for number, signature in enumerate(found.signatures)
        for one in signature.answers
        if one.answer.value == "yes"
    }


def sheets(seed: int, rounds: int) -> list[str]:
    """Damages a sheet a round; it is read or refused with a sentence, in bounded time."""
    chance, wrong = random.Random(seed), []  # noqa: S311 (a proof, no secret)
    sources = {
        path.name: path.read_bytes() for path in sorted(_SHEETS.glob("food-licences*.[cx]*"))
    }
    ends: Counter[str] = Counter()
    for number in range(rounds):
        name = chance.choice(sorted(sources))
        damaged = _damaged(sources[name], chance)
        begun = time.monotonic()
        try:
            for _ in open_sheet(damaged, name).rows():
                pass
            ends["read"] += 1
        except NotASheet as refusal:
            ends["refused"] += 1
            if not refusal.sentence:
                wrong.append(f"round {number}: {name} is refused without a sentence")
        except Exception as error:  # the very thing that is looked for
            wrong.append(f"round {number}: {name}: {type(error).__name__}: {error}")
        if time.monotonic() - begun > _LONGEST:
            wrong.append(f"round {number}: {name} took {time.monotonic() - begun:.0f} s")
    print(f"  {dict(ends)}")
    return wrong


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut off, a stretch overwritten, doubled or left out, or single bytes changed."""
    at = chance.randrange(len(data))
    length = min(len(data) - at, chance.choice((1, 16, 500, 20_000)))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + chance.randbytes(length) + data[at + length :]
    if kind == 2:
        return data[: at + length] + data[at:]
    if kind == 3:
        return data[:at] + data[at + length :]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 5, 50))):
        changed[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    return bytes(changed)


def main(arguments: list[str]) -> int:
    """The command; 0 only if nothing was wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["tamper", "sheets"])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    asked = parser.parse_args(arguments)
    prove = tamper if asked.what == "tamper" else sheets
    wrong = prove(asked.seed, asked.rounds)
    for one in wrong[:20]:
        print(f"  {one}", file=sys.stderr)
    print(f"  seed {asked.seed}: {asked.rounds} rounds, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
