"""The verdict on files from the shell; --json prints one object a file."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from seals.documents.questions import Verdict
from usage.services.file_verdicts import verify_file

MOST_BYTES = 50 * 1024 * 1024


class Command(BaseCommand):
    """manage.py verify_file FILE... [--json]"""

    help = "Verifies OFD files: seal, certificates, register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, and how to print."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Prints every verdict; exit code 1 unless all of them passed."""
        told = []
        for path in options["files"]:
            try:
                with path.open("rb") as file:
                    data = file.read(MOST_BYTES + 1)
            except OSError as error:
                self.stderr.write(f"{path.name}：打不开（{error.strerror}）")
                sys.exit(2)
            verdict = verify_file(data, file_name=path.name)
            told.append(verdict.as_json())
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            for one in told:
                self._print(one)
        if any(one["verdict"] != Verdict.PASSED.value for one in told):
            sys.exit(1)

    def _print(self, told: dict[str, Any]) -> None:
        self.stdout.write(f"{told['file']}：{Verdict(told['verdict']).word}")
        if told["problem"]:
            self.stdout.write(f"  {told['problem']}")
        answers = [*(a for one in told["signatures"] for a in one["answers"]), *told["answers"]]
        for answer in answers:
            self.stdout.write(f"  {answer['code']:<26}{answer['answer']:<10}{answer['reason']}")
