"""manage.py backup TARGET: the database at one instant and every stored file, with digests.

Keys are not in it: they are kept elsewhere, or whoever finds the backup can read it.
"""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from zezhou_portal.kernel import clock, vault
from zezhou_portal.management import dump

# What the proofs of the keys are made of; says nothing about any person.
PROOF = "zezhou-portal backup"


class Command(BaseCommand):
    """manage.py backup TARGET"""

    help = "Writes the database and all files into a new folder, with a manifest of digests."
    # A backup is of tables and files; the checks would read every page of the site.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """TARGET: a folder that does not exist yet."""
        parser.add_argument("target", type=Path)

    def handle(self, *args: Any, target: Path, **options: Any) -> None:  # noqa: ARG002
        """Complete or not there: the folder gets its name last.

        Raises CommandError for an existing target, and after a complete backup where files that
        rows name are missing on disk or files are not what was stored: the backup counts, and
        whoever reads the exit code looks after them.
        """
        self._altered: list[str] = []
        if target.exists():
            raise CommandError(f"{target} exists already; a backup never overwrites another")
        draft = target.with_name(f".{target.name}.partial")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        try:
            manifest = self._write(draft)
            draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        rows = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"{target}: {len(manifest.tables)} tables, {rows} rows, {len(manifest.files)} files"
        )
        if self._altered:
            raise CommandError(
                f"The backup is complete, but {len(self._altered)} stored files are not what was"
                f" stored and were left out: {', '.join(self._altered[:5])}."
            )
        if manifest.missing_files:
            raise CommandError(
                f"The backup is complete, but {len(manifest.missing_files)} files that the"
                f" database names are missing on disk, the first is {manifest.missing_files[0]}."
            )

    def _write(self, folder: Path) -> dump.Manifest:
        (folder / "tables").mkdir()
        with transaction.atomic(), connection.cursor() as cursor:
            # One snapshot for all tables, however long the copying takes.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            dump.fix_output(cursor)
            tables = dump.tables(cursor)
            for table in tables:
                with dump.open_text(dump.path_of(folder, table), "wb") as text:
                    table.rows, table.sm3 = dump.copy_out(cursor, table, text)
            named = dump.referenced(cursor, {table.name for table in tables})
            # Files after the snapshot: every file a row of it names was stored before it.
            files = self._copy_files(folder / "files")
            manifest = dump.Manifest(
                made_at=clock.now().isoformat(),
                migrations=dump.migrations(cursor),
                tables=tables,
                sequences=dump.sequences(cursor),
                trail_months=dump.trail_months(cursor),
                files=files,
                missing_files=sorted(named - set(files)),
                index_proof=vault.blind(PROOF),
                data_proof=vault.encrypt(PROOF),
            )
        manifest.write(folder)
        return manifest

    def _copy_files(self, target: Path) -> dict[str, int]:
        """Copy every stored file that is as it was stored; sizes by digest."""
        found: dict[str, int] = {}
        target.mkdir()
        for path in dump.stored_files(Path(settings.PORTAL_FILES)):
            place = target / path.name[:2] / path.name[2:4] / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, place)
            except FileNotFoundError:
                continue  # erased this instant, as M.3 may demand
            if dump.file_digest(place) != path.name:
                place.unlink()  # a rotted file must not prevent the backup of all others
                self._altered.append(path.name)
                self.stderr.write(f"the stored file {path.name} is not what was stored: left out")
                continue
            found[path.name] = place.stat().st_size
        return found
