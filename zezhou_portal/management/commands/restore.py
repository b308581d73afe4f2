"""manage.py restore SOURCE: a backup into an empty database, proven before it counts.

Run as the database's owner. Everything is checked first; the rows come in one transaction that
commits only if every table reads back with the digest of the backup and every record of the
trail with its own.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg2 import sql

from zezhou_portal.kernel import files, vault
from zezhou_portal.management import dump
from zezhou_portal.management.commands.backup import PROOF


class Command(BaseCommand):
    """manage.py restore SOURCE"""

    help = "Restores a backup into an empty database and an empty files folder, and proves it."
    # An empty database has nothing to check yet; the checks would read every page of the site.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:  # noqa: ARG002
        """Raises CommandError with what does not fit; the database is then as empty as before."""
        try:
            manifest = dump.Manifest.read(source)
        except ValueError as error:
            raise CommandError(f"{source}: {error}") from error
        self._check_source(source, manifest)
        self._check_keys(manifest)
        self._check_code(manifest)
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic(), connection.cursor() as cursor:
            dump.fix_output(cursor)
            self._check_empty(cursor)
            self._load(cursor, source, manifest)
            self._prove(cursor, manifest)
            call_command("verify_trail", stdout=self.stdout)
            self._store_files(source, manifest)
        call_command("grant_roles", verbosity=0)
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"restored and proven: {len(manifest.tables)} tables, {rows} rows,"
            f" {len(manifest.files)} files, as of {manifest.made_at}"
        )
        for still in self._still_to_do(manifest):
            self.stdout.write(f"still to do: {still}")

    def _still_to_do(self, manifest: dump.Manifest) -> list[str]:
        """What no backup carries and the portal does not work without."""
        keys = Path(settings.PORTAL_KEYS)
        words = {
            "trust": "the roots and lists that seals are verified by: without them every file is"
            " “not known”",
            "seals": "the keys of the seals: without them nothing is sealed",
        }
        todo = [
            f"put {what} into {keys / name}"
            for name, what in words.items()
            if not any((keys / name).glob("*"))
        ]
        if manifest.missing_files:
            todo.append(f"find {len(manifest.missing_files)} files that the backup lacks")
        if not any(Path(settings.STATIC_ROOT).glob("*")):
            todo.append("collect the static files (manage.py collectstatic)")
        return todo

    def _check_source(self, source: Path, manifest: dump.Manifest) -> None:
        """Every file and every table's text is what the manifest says."""
        for digest in manifest.files:
            path = source / "files" / digest[:2] / digest[2:4] / digest
            if not path.is_file() or dump.file_digest(path) != digest:
                raise CommandError(f"the backup's file {digest} is missing or altered")
        for table in manifest.tables:
            found = dump.sm3()
            try:
                with dump.open_text(dump.path_of(source, table), "rb") as text:
                    while piece := text.read(1 << 20):
                        found.update(piece)
            except (OSError, EOFError) as error:
                raise CommandError(f"the backup's table {table.name} cannot be read") from error
            if found.hexdigest() != table.sm3:
                raise CommandError(f"the backup's table {table.name} was altered")
        lost = [digest for digest in manifest.missing_files if digest not in manifest.files]
        if lost:
            self.stderr.write(f"{len(lost)} files were missing when the backup was made")

    def _check_keys(self, manifest: dump.Manifest) -> None:
        """The keys in place are those of the backup: else its values can never be read."""
        try:
            fits = (
                vault.blind(PROOF) == manifest.index_proof
                and vault.decrypt(manifest.data_proof) == PROOF
            )
        except (vault.KeysMissing, vault.Unreadable):
            fits = False
        if not fits:
            raise CommandError(
                f"The keys in {settings.PORTAL_KEYS}/data are not those of this backup:"
                " put the keys that were in use then there first."
            )

    def _check_code(self, manifest: dump.Manifest) -> None:
        """The rows fit the tables that this version of the portal makes."""
        loader = MigrationLoader(connection)
        here = set(loader.graph.nodes)
        there = {(app, name) for app, name in manifest.migrations}
        if here != there:
            odd = sorted(f"{app}.{name}" for app, name in here ^ there)
            raise CommandError(
                "The backup was made by another version of the portal; restore it with that"
                f" version and migrate then. They differ in {', '.join(odd[:5])}."
            )

    def _check_empty(self, cursor: Any) -> None:
        for table in dump.tables(cursor):
            if table.name in dump.WRITTEN_BY_MIGRATE:
                continue
            cursor.execute(
                sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table.name))
            )
            if cursor.fetchone()[0]:
                raise CommandError(
                    f"The database is not empty ({table.name} has rows): restore into a new one."
                )

    def _load(self, cursor: Any, source: Path, manifest: dump.Manifest) -> None:
        for month in manifest.trail_months:
            cursor.execute("SELECT audit_trail_make_partition(%s)", [month])
        for name in sorted(dump.WRITTEN_BY_MIGRATE, reverse=True):
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is not None:
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for table in manifest.tables:
            with dump.open_text(dump.path_of(source, table), "rb") as text:
                dump.copy_in(cursor, table, text)
        for name, (value, is_called) in manifest.sequences.items():
            cursor.execute(
                sql.SQL("SELECT setval({}::regclass, %s, %s)").format(sql.Literal(f'"{name}"')),
                [value, is_called],
            )

    def _prove(self, cursor: Any, manifest: dump.Manifest) -> None:
        """Every table, read back out of the database, is the one that was backed up."""
        for table in manifest.tables:
            rows, digest = dump.copy_out(cursor, table)
            if (rows, digest) != (table.rows, table.sm3):
                raise CommandError(f"the table {table.name} does not read back as it was")

    def _store_files(self, source: Path, manifest: dump.Manifest) -> None:
        """Each file under its digest, read back from where the portal will read it."""
        for digest in manifest.files:
            path = source / "files" / digest[:2] / digest[2:4] / digest
            files.store(path.read_bytes())
            try:
                files.read(digest)
            except (files.FileMissing, files.FileAltered) as error:
                raise CommandError(f"the file {digest} does not read back as it was") from error
