"""What the stand-in remembers: messages, its verdicts, receipts to deliver, licences it holds."""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

_TABLES = """
CREATE TABLE IF NOT EXISTS store (series TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    place INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, number TEXT UNIQUE NOT NULL,
    path TEXT NOT NULL, digest TEXT NOT NULL, body BLOB, verdict TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '', judge_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS to_judge ON messages (judge_at) WHERE verdict = '';
CREATE TABLE IF NOT EXISTS receipts (
    place INTEGER PRIMARY KEY, key TEXT NOT NULL, number TEXT NOT NULL, verdict TEXT NOT NULL,
    reason TEXT NOT NULL, is_delivered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS to_deliver ON receipts (place) WHERE is_delivered = 0;
CREATE TABLE IF NOT EXISTS licences (
    stem TEXT PRIMARY KEY, identifier TEXT NOT NULL, version INTEGER NOT NULL,
    digest TEXT NOT NULL, state TEXT NOT NULL, marks TEXT NOT NULL DEFAULT ''
);
"""


@dataclass(frozen=True)
class Held:
    """A licence as the city holds it."""

    stem: str
    identifier: str
    version: int
    digest: str
    state: str
    marks: str = ""


@dataclass(frozen=True)
class Message:
    """A message as it was taken; `body` is empty once it was judged."""

    place: int
    key: str
    number: str
    path: str
    digest: str
    verdict: str
    reason: str
    body: bytes = b""


@dataclass(frozen=True)
class Receipt:
    """A verdict on its way to the portal."""

    place: int
    key: str
    number: str
    verdict: str
    reason: str


class Store:
    """One SQLite file; every method is one transaction and may be called by any thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._guard = RLock()
        self._line = sqlite3.connect(path, check_same_thread=False)
        self._line.execute("PRAGMA journal_mode = WAL")
        self._line.execute("PRAGMA synchronous = NORMAL")
        self._line.executescript(_TABLES)
        self._series = self._read_series()

    def _read_series(self) -> str:
        """What sets the numbers of this store apart from those of one begun anew."""
        with self._guard, self._line:
            row = self._line.execute("SELECT series FROM store").fetchone()
            if row is None:
                row = (secrets.token_hex(3).upper(),)
                self._line.execute("INSERT INTO store VALUES (?)", row)
        return str(row[0])

    def close(self) -> None:
        """Closes the file."""
        with self._guard:
            self._line.close()

    def message(self, key: str) -> Message | None:
        """The message of a key."""
        with self._guard:
            row = self._line.execute(
                "SELECT place, key, number, path, digest, verdict, reason FROM messages"
                " WHERE key = ?",
                (key,),
            ).fetchone()
        return Message(*row) if row else None

    def take(self, key: str, path: str, digest: str, body: bytes, judge_at: float) -> str:
        """Keeps a new message, or a refused one that comes again; gives its number."""
        with self._guard, self._line:
            last = self._line.execute("SELECT coalesce(max(place), 0) FROM messages").fetchone()[0]
            self._line.execute("DELETE FROM messages WHERE key = ?", (key,))
            number = f"SIM-{self._series}-{last + 1:08}"
            self._line.execute(
                "INSERT INTO messages (place, key, number, path, digest, body, judge_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (last + 1, key, number, path, digest, body, judge_at),
            )
        return number

    def to_judge(self, now: float, most: int) -> list[Message]:
        """Messages whose moment has come, in the order they came."""
        with self._guard:
            rows = self._line.execute(
                "SELECT place, key, number, path, digest, verdict, reason, body FROM messages"
                " WHERE verdict = '' AND judge_at <= ? ORDER BY place LIMIT ?",
                (now, most),
            ).fetchall()
        return [Message(*row) for row in rows]

    def judged(
        self, message: Message, verdict: str, reason: str, held: Held | None, receipts: int
    ) -> None:
        """Keeps a verdict, what the city now holds, and so many receipts to deliver."""
        with self._guard, self._line:
            self._line.execute(
                "UPDATE messages SET verdict = ?, reason = ?, body = NULL WHERE place = ?",
                (verdict, reason, message.place),
            )
            if held is not None:
                self._line.execute(
                    "INSERT OR REPLACE INTO licences VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        held.stem, held.identifier, held.version, held.digest, held.state,
                        held.marks,
                    ),
                )  # fmt: skip
            self._line.executemany(
                "INSERT INTO receipts (key, number, verdict, reason) VALUES (?, ?, ?, ?)",
                [(message.key, message.number, verdict, reason)] * receipts,
            )

    def to_deliver(self, most: int) -> list[Receipt]:
        """Receipts that the portal has not taken yet, the oldest first."""
        with self._guard:
            rows = self._line.execute(
                "SELECT place, key, number, verdict, reason FROM receipts"
                " WHERE is_delivered = 0 ORDER BY place LIMIT ?",
                (most,),
            ).fetchall()
        return [Receipt(*row) for row in rows]

    def delivered(self, receipts: Sequence[Receipt]) -> None:
        """The portal has these."""
        with self._guard, self._line:
            self._line.executemany(
                "UPDATE receipts SET is_delivered = 1 WHERE place = ?",
                [(one.place,) for one in receipts],
            )

    def held(self, stem: str) -> Held | None:
        """The licence of a stem, if the city holds it."""
        with self._guard:
            row = self._line.execute("SELECT * FROM licences WHERE stem = ?", (stem,)).fetchone()
        return Held(*row) if row else None

    def listing(self, after: str, most: int) -> list[Held]:
        """Licences by stem, those after a stem."""
        with self._guard:
            rows = self._line.execute(
                "SELECT * FROM licences WHERE stem > ? ORDER BY stem LIMIT ?", (after, most)
            ).fetchall()
        return [Held(*row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How much of everything there is."""
        with self._guard:
            asked = {
                "licences": "SELECT count(*) FROM licences",
                "messages": "SELECT count(*) FROM messages",
                "accepted": "SELECT count(*) FROM messages WHERE verdict = 'accepted'",
                "refused": "SELECT count(*) FROM messages WHERE verdict = 'refused'",
                "undecided": "SELECT count(*) FROM messages WHERE verdict = ''",
                "undelivered": "SELECT count(*) FROM receipts WHERE is_delivered = 0",
            }
            return {name: self._line.execute(sql).fetchone()[0] for name, sql in asked.items()}
