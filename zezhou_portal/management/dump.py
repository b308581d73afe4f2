"""What backup and restore share: a table as text, its digest, the manifest.

The dump is PostgreSQL's own COPY text, in the order of the primary key and under fixed output
settings, so that the same rows give the same bytes and a restored table can be compared with
the one that was backed up, digest by digest. No client program of a certain version is needed.
"""

import gzip
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from psycopg2 import sql

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_DIGEST = "manifest.sm3"
TRAIL = "audit_trail_record"
# Log-ins end with a restore; who was logged in belongs into no backup.
LEFT_OUT = frozenset({"django_session"})
# What migrating an empty database writes by itself.
WRITTEN_BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})
# Columns that name a stored file by its digest, and which rows of the table do.
NAMES_A_FILE = (
    ("licences_licencefile", "digest", "TRUE"),
    ("licences_licenceversion", "photo_digest", "TRUE"),
    ("licences_attachment", "digest", "TRUE"),
    ("licences_stockbatch", "file_digest", "file_erased_at IS NULL"),
    ("seals_seal", "impression_digest", "TRUE"),
    ("parties_mandate", "consent_digest", "consent_digest <> ''"),
)

_FIXED = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle TO 'ISO, YMD'",
    "SET LOCAL intervalstyle TO 'iso_8601'",
    "SET LOCAL bytea_output TO 'hex'",
    "SET LOCAL extra_float_digits TO 1",
)


class Digest(Protocol):
    """What hashlib's objects offer."""

    def update(self, data: bytes, /) -> None:
        """Takes more bytes in."""

    def hexdigest(self) -> str:
        """64 hex digits."""


def sm3() -> Digest:
    """A fresh SM3 (GB/T 32905)."""
    return hashlib.new("sm3")


def file_digest(path: Path) -> str:
    """The SM3 digest of a file's bytes, read piece by piece."""
    found = sm3()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


@dataclass
class Table:
    """One table of a backup: `sm3` over its whole text, `rows` lines in it.

    `key` is what the text is ordered by; `words` are those of its columns that hold text.
    """

    name: str
    columns: list[str]
    key: list[str]
    words: list[str]
    rows: int = 0
    sm3: str = ""


@dataclass
class Manifest:
    """What a backup holds; the proofs fit only the keys that were in use."""

    made_at: str
    migrations: list[list[str]]
    tables: list[Table]
    sequences: dict[str, list[Any]]
    trail_months: list[str]
    files: dict[str, int]
    missing_files: list[str]
    index_proof: str
    data_proof: str
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the manifest and, beside it, its digest."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()
        (folder / MANIFEST).write_bytes(text)
        (folder / MANIFEST_DIGEST).write_text(file_digest(folder / MANIFEST), encoding="ascii")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a backup. Raises ValueError where it is not what was written."""
        try:
            expected = (folder / MANIFEST_DIGEST).read_text(encoding="ascii").strip()
            if file_digest(folder / MANIFEST) != expected:
                raise ValueError("the manifest is not the one that was written")
            content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"no complete backup lies here ({error.strerror})") from error
        if content.get("format") != FORMAT:
            raise ValueError(f"format {content.get('format')} is not known here")
        content["tables"] = [Table(**table) for table in content["tables"]]
        return cls(**content)


def fix_output(cursor: Any) -> None:
    """Inside a transaction: the output settings under which equal rows are equal bytes."""
    for statement in _FIXED:
        cursor.execute(statement)


def tables(cursor: Any) -> list[Table]:
    """Every table of the portal, partitioned ones as one, with columns and primary key."""
    cursor.execute(
        "SELECT c.relname,"
        " array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),"
        " (SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))"
        "  FROM pg_index i JOIN pg_attribute k"
        "  ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)"
        "  WHERE i.indrelid = c.oid AND i.indisprimary),"
        " coalesce(array_agg(a.attname::text) FILTER (WHERE a.attcollation <> 0), '{}')"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped"
        " GROUP BY c.oid, c.relname ORDER BY c.relname"
    )
    return [
        Table(name, columns, key or columns, sorted(set(key or columns) & set(words)))
        for name, columns, key, words in cursor.fetchall()
        if name not in LEFT_OUT
    ]


def sequences(cursor: Any) -> dict[str, list[Any]]:
    """Each sequence's last value and whether it was given out."""
    cursor.execute(
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname"
    )
    found: dict[str, list[Any]] = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        found[name] = list(cursor.fetchone())
    return found


def trail_months(cursor: Any) -> list[str]:
    """The first days of the months the trail has partitions for."""
    cursor.execute(
        "SELECT substring(relname FROM '[0-9]{6}$') FROM pg_class"
        " WHERE relispartition AND relname ~ %s ORDER BY relname",
        [f"^{TRAIL}_[0-9]{{6}}$"],
    )
    return [f"{text[:4]}-{text[4:]}-01" for (text,) in cursor.fetchall()]


def migrations(cursor: Any) -> list[list[str]]:
    """What has been applied, by app and name."""
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [[str(app), str(name)] for app, name in cursor.fetchall()]


class _Counting(io.RawIOBase):
    """A sink for COPY: counts lines and digests bytes, hands them on to a file if there is one."""

    def __init__(self, target: IO[bytes] | None) -> None:
        super().__init__()
        self.target, self.digest, self.rows = target, sm3(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        piece = bytes(data)
        self.digest.update(piece)
        self.rows += piece.count(b"\n")  # COPY writes a line feed inside a value as \n
        if self.target is not None:
            self.target.write(piece)
        return len(piece)


def _names(columns: list[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _order(table: Table) -> sql.Composable:
    """The order of a table's text: the same on a server that sorts words another way."""
    return sql.SQL(", ").join(
        sql.SQL('{} COLLATE "C"' if column in table.words else "{}").format(sql.Identifier(column))
        for column in table.key
    )


def copy_out(cursor: Any, table: Table, target: IO[bytes] | None = None) -> tuple[int, str]:
    """Read a table to its end: its rows and digest; the text goes to `target` if there is one."""
    sink = _Counting(target)
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _names(table.columns), sql.Identifier(table.name), _order(table)
    )
    cursor.cursor.copy_expert(statement, sink)
    return sink.rows, sink.digest.hexdigest()


def copy_in(cursor: Any, table: Table, source: IO[bytes]) -> None:
    """Fill a table with a dump's text."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), _names(table.columns)
    )
    cursor.cursor.copy_expert(statement, source)


def path_of(folder: Path, table: Table) -> Path:
    """Where a backup keeps a table's text."""
    return folder / "tables" / f"{table.name}.copy.gz"


def open_text(path: Path, mode: str) -> Any:
    """A dump's text, packed; the same text gives the same bytes."""
    return gzip.GzipFile(path, mode, compresslevel=6, mtime=0)


def stored_files(folder: Path) -> Iterator[Path]:
    """Every complete file under a folder of files by digest, in order of name."""
    for path in sorted(folder.glob("??/??/*")):
        if path.is_file() and not path.name.startswith("."):
            yield path


def referenced(cursor: Any, present: set[str]) -> set[str]:
    """The digests that rows name; tables in `present` only."""
    found: set[str] = set()
    for table, column, condition in NAMES_A_FILE:
        if table in present:
            cursor.execute(
                sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} <> '' AND {2}").format(
                    sql.Identifier(column), sql.Identifier(table), sql.SQL(condition)
                )
            )
            found.update(digest for (digest,) in cursor.fetchall())
    return found
