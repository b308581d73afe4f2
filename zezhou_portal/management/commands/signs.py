"""manage.py signs NAME…: whether each was heard of within two minutes; for health checks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zezhou_portal.kernel import signs


class Command(BaseCommand):
    """manage.py signs NAME…"""

    help = "Fails where one of the names (beat, worker.produce …) was not heard of lately."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME: beat, or worker. and a queue."""
        parser.add_argument("names", nargs="+")

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:  # noqa: ARG002
        """Raises CommandError with those who are silent."""
        silent = [name for name, age in signs.ages(names).items() if signs.is_silent(age)]
        if silent:
            raise CommandError(f"silent: {', '.join(silent)}")
        self.stdout.write("all of them were heard of")
