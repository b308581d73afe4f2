"""Counts provisional clocks again after the holidays of a year were announced and loaded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.deadlines.services import recomputing


class Command(BaseCommand):
    """manage.py recompute_clocks [--commit]"""

    help = "假日安排公布并载入后，重新计算暂定的时限。不加 --commit 只列出差别。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Dry unless --commit."""
        parser.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if options["commit"]:
            moved = recomputing.recompute_provisional()
            lines = [(one.article, one.label, one.before, one.after) for one in moved]
        else:
            lines = [
                (row.article, row.subject_label, recomputing.last_day_of(row), due.last_day)
                for row, due in recomputing.provisional()
                if (row.last_day, row.is_provisional) != (due.last_day, due.is_provisional)
            ]
        for article, label, before, after in lines:
            self.stdout.write(f"{article} {label}：{before} → {after}")
        done = "已更改" if options["commit"] else "将更改（加 --commit 才更改）"
        self.stdout.write(f"{done} {len(lines)} 个时限")
