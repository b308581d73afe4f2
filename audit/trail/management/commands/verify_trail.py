"""Recomputes every leaf digest; exits non-zero on the first break (M.25)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.trail.digest import leaf
from audit.trail.models import Record


class Command(BaseCommand):
    """manage.py verify_trail"""

    help = "Recomputes the digest of every record of the trail."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Reads the whole trail in order and names the first record that does not fit."""
        count = 0
        for row in Record.objects.order_by("at", "seq").iterator(chunk_size=2000):
            if leaf(row.content()) != row.leaf:
                raise CommandError(f"record {row.id} of {row.at.isoformat()} was altered")
            count += 1
        self.stdout.write(f"{count} records, every digest as written")
