"""The present one-time codes of the sample county's accounts; for demonstrations only."""

from typing import Any

from django.core.management.base import BaseCommand

from sample_county.loading import parties as sample


class Command(BaseCommand):
    """manage.py sample_codes"""

    help = "Prints every sample account with its present one-time code."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        for one in sample.load_people():
            self.stdout.write(
                f"{one.username:<24}{one.code}  {one.department} {one.name}（{one.role}）"
            )
