"""The verdict on files from the shell; --json prints one list with one object a file."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from seals.documents.questions import Verdict
from usage.verifying.advice import advice_on, given
from usage.verifying.file_verdicts import MOST_BYTES, FileVerdict, verify_file

# What the shell is told; the worst of all files counts.
ALL_PASSED, SOME_DID_NOT, SOME_UNREAD = 0, 1, 2
_WORDS = {"yes": "是", "no": "否", "not_known": "不知道", "not_asked": "未问"}


class Command(BaseCommand):
    """manage.py verify_file FILE... [--json]

    Exit code 0: every file passed. 1: a file failed or is indeterminate. 2: a file could not be
    read from the disk (said on standard error; the others are judged all the same).
    """

    help = (
        "查验 OFD 电子证照：印章、证书、登记库。"
        "退出码：0 全部通过；1 有的没有通过或者无法确定；2 有的文件打不开。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="打印 JSON：一个列表，每个文件一项")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        code, told = ALL_PASSED, []
        for path in options["files"]:
            name = os.fsencode(path.name).decode(errors="replace")
            try:
                with path.open("rb") as file:
                    data = file.read(MOST_BYTES + 1)
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", "") or "路径不对"
                self.stderr.write(f"{name}：打不开（{reason}）。其余文件照常查验。")
                code = SOME_UNREAD
                continue
            verdict = verify_file(data, file_name=name)
            if verdict.verdict is not Verdict.PASSED:
                code = max(code, SOME_DID_NOT)
            if options["json"]:
                told.append(verdict.as_json())
            else:
                self._print(verdict)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        if code:
            sys.exit(code)

    def _print(self, verdict: FileVerdict) -> None:
        advice = advice_on(verdict.finding)
        self.stdout.write(f"{verdict.file_name}：{verdict.verdict.word}。{advice.sentence}")
        for one in given(verdict.finding):
            reason = f"　{one.reason}" if one.reason else ""
            self.stdout.write(f"  {_WORDS[one.answer.value]}　{one.question.sentence}{reason}")
