"""Counts clocks again by the calendar as it stands; the timer does the same by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.deadlines.services import recomputing


class Command(BaseCommand):
    """manage.py recompute_clocks [--commit]"""

    help = "放假安排确认或撤回以后，重新计算进行中的时限。不加 --commit 只列出差别。"

    def add_arguments(self, parser: CommandParser) -> None:
        """Dry unless --commit."""
        parser.add_argument("--commit", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        if options["commit"]:
            moved = recomputing.recompute()
            lines = [(one.article, one.label, one.before, one.after) for one in moved]
        else:
            lines = [
                (row.article, row.subject_label, recomputing.last_day_of(row), due.last_day)
                for row, due in recomputing.would_move()
            ]
        for article, label, before, after in lines:
            self.stdout.write(f"{article} {label}：{before} → {after}")
        done = "已更改" if options["commit"] else "将更改（加 --commit 才更改）"
        self.stdout.write(f"{done} {len(lines)} 个时限")
