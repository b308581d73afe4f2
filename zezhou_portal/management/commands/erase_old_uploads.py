"""erase_old_uploads: uploads that nobody works on any more.

A web process removes an upload when the request ends; one that is killed leaves it behind.
"""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

# Longer than any request takes (ours).
OLD = timedelta(hours=1)


class Command(BaseCommand):
    """Removes old files from the folder of uploads."""

    help = "Removes uploads that are older than an hour."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Removes them and says how many."""
        before = time.time() - OLD.total_seconds()
        count = sum(_removed(path, before) for path in Path(settings.PORTAL_UPLOADS).glob("*"))
        if options["verbosity"]:
            self.stdout.write(f"{count} removed.")


def _removed(path: Path, before: float) -> bool:
    """Whether a file was old and is gone; one that its request has just removed is no fault."""
    try:
        if not path.is_file() or path.stat().st_mtime >= before:
            return False
        path.unlink()
    except FileNotFoundError:
        return False
    return True
