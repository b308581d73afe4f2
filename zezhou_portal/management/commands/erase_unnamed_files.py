"""Erases stored files that no row names: what a killed worker sealed and nobody confirmed (M.26).

A file younger than a day stays, because the act that will name it may still be under way.
"""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from zezhou_portal.kernel import clock, files
from zezhou_portal.management.dump import NAMES_A_FILE, referenced

YOUNG = timedelta(days=1)


class Command(BaseCommand):
    """manage.py erase_unnamed_files [--commit]"""

    help = "Erases files older than a day that nothing in the database names; dry unless --commit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--commit erases; without it the files are only counted."""
        parser.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        old = set(_old_files(Path(settings.PORTAL_FILES)))
        with connection.cursor() as cursor:
            unnamed = old - referenced(cursor, {table for table, _, _ in NAMES_A_FILE})
        if options["commit"]:
            for digest in unnamed:
                files.erase(digest)
        verb = "已清除" if options["commit"] else "可清除（加 --commit 执行）"
        self.stdout.write(f"没有登记的文件 {len(unnamed)} 个，{verb}")


def _old_files(folder: Path) -> Iterator[str]:
    """The digests of files that have stood for a day."""
    before = (clock.now() - YOUNG).timestamp()
    for root, _, names in os.walk(folder):
        for name in names:
            if (Path(root) / name).stat().st_mtime < before:
                yield name
