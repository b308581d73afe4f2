"""Checks a permit sheet from the shell and, where asked, takes it through to licences (M.10).

The rules are those of the page. A run that was killed is run again: the sheet that was taken in
is found by its file and gone on with, and no row is converted twice.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from licences.models import CatalogueEntry, RowOutcome, StockBatch
from licences.register import producing
from licences.stock import checking, converting, judged_rows
from licences.stock.mappings import columns_for
from licences.stock.selectors import batch_of_file, fault_words, progress_of
from licences.stock.sheets.reading import NotASheet, Sheet, open_sheet
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor, Channel
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

Line = dict[str, Any]
_MARKS = {
    "convert": "可转换",
    "not_in_force": "已不在有效期",
    "fault": "有误",
    "left_out": "没有读",
}


class Command(BaseCommand):
    """manage.py import_stock FILE --kind NAME --on DATE; dry unless --commit."""

    help = "核对许可清单；加 --commit 则提交、签批并转换。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="许可清单：CSV 或 XLSX")
        parser.add_argument("--kind", required=True, help="证照名称，例如 食品经营许可证")
        parser.add_argument("--issuer", default="", help="制发单位名称；几个单位都制发的要写")
        parser.add_argument("--on", type=_day, help="按哪一天核对和转换（年-月-日），默认当天")
        parser.add_argument("--json", action="store_true", help="逐行结果用 JSON 打印")
        parser.add_argument("--commit", action="store_true", help="真的转换，不只是核对")
        parser.add_argument("--as", dest="clerk", help="提交人的账号")
        parser.add_argument("--approved-by", dest="signatory", help="签批人的账号")
        parser.add_argument("--tab", help="读工作簿里的哪张表，默认第一张看得见、有列名的")
        parser.add_argument("--with-hidden", action="store_true", help="表格里隐藏的行也读")
        parser.add_argument("--produce", action="store_true", help="在本进程制证，不等后台")

    def handle(self, *_args: Any, **options: Any) -> None:
        entry = _entry(options["kind"], options["issuer"])
        on: date = options["on"] or clock.today()
        try:
            if options["commit"]:
                lines = self._convert(entry, options)
            else:
                lines = self._dry(entry, options, on)
        except NotASheet as refusal:
            raise CommandError(f"{refusal.sentence}。") from refusal
        except (RuleBroken, NotPermitted) as refusal:
            raise CommandError(refusal.reason) from refusal
        except OSError as error:
            raise CommandError(f"“{options['file']}”打不开。请核对文件在不在。") from error
        if options["json"]:
            self.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1))
        else:
            self._show(lines, on)

    def _dry(self, entry: CatalogueEntry, options: dict[str, Any], on: date) -> list[Line]:
        path: Path = options["file"]
        sheet = open_sheet(path, path.name, tab=options["tab"])
        columns = columns_for(entry, sheet, judged_rows.rules_for(entry))
        if complaint := columns.complaint():
            raise RuleBroken("M.10", f"{complaint}。")
        self._say_left_out(sheet)
        fates = judged_rows.judge(
            entry, sheet.rows(), columns, on, takes_hidden=options["with_hidden"]
        )
        lines = []
        for fate in fates:
            if fate.outcome == "no_data":
                self.stderr.write(fate.reason)
                continue
            lines.append(
                {
                    "row": fate.row,
                    "outcome": fate.outcome,
                    "fault": fate.fault,
                    "reason": fate.reason,
                }
            )
        return lines

    def _say_left_out(self, sheet: Sheet) -> None:
        """Which other tabs the file has, and what it hides: nothing is passed over in silence."""
        for tab in sheet.left_out:
            aside = "（隐藏的）" if tab in sheet.hidden_tabs else ""
            self.stderr.write(f"还有一张表“{tab}”{aside}没有读。要读它，加 --tab {tab}")

        for heading in sheet.hidden_headings:
            self.stderr.write(f"{heading}在表格里是隐藏的，照样读了，请看是不是要用的列")

    def _convert(self, entry: CatalogueEntry, options: dict[str, Any]) -> list[Line]:
        if not options["clerk"] or not options["signatory"]:
            raise CommandError("转换要有两个人：用 --as 写提交人，用 --approved-by 写签批人。")
        clerk = _acting(options["clerk"], entry)
        signatory = _acting(options["signatory"], entry)
        batch = _signed_off(entry, options, clerk, signatory)
        self._run(batch)
        if options["produce"]:
            self._produce(batch)
        batch.refresh_from_db()
        reached = progress_of(batch)
        self.stderr.write(
            f"已入库 {reached.entered:,} 份，其中已签章生效 {reached.sealed:,} 份，"
            f"共 {reached.total:,} 份。"
        )
        if batch.state != "CONVERTED" or (options["produce"] and not reached.is_finished):
            raise CommandError(reached.trouble or "转换已暂停，还没有做完。再运行一次会接着做。")
        return [
            {"row": row, "outcome": outcome, "fault": fault or None, "reason": reason}
            for row, outcome, fault, reason in batch.rows.order_by("row_number").values_list(
                "row_number", "outcome", "fault", "reason"
            )
        ]

    def _run(self, batch: StockBatch) -> None:
        """Converts in this process; a worker may do chunks of the same sheet beside it."""
        batch.refresh_from_db()
        with tqdm(total=batch.rows_convert, initial=batch.rows_done, desc="转换", unit="行") as bar:
            while batch.state == "SIGNED_OFF" and converting.convert_chunk(batch.pk):
                batch.refresh_from_db(fields=["rows_done"])
                bar.update(batch.rows_done - bar.n)
        batch.refresh_from_db()

    def _produce(self, batch: StockBatch) -> None:
        reached = progress_of(batch)
        with tqdm(total=reached.total, initial=reached.sealed, desc="制证", unit="份") as bar:
            while not reached.is_finished and producing.produce_waiting():
                reached = progress_of(batch)
                bar.update(reached.sealed - bar.n)

    def _show(self, lines: list[Line], on: date) -> None:
        self.stdout.write("    行  结论          说明")
        for line in lines:
            mark = _MARKS[line["outcome"]]
            padded = mark + "  " * (7 - len(mark))
            reason = line["reason"].removeprefix(f"第 {line['row']} 行：")
            self.stdout.write(f"{line['row']:>6}  {padded}{reason}".rstrip())
        found = Counter(line["outcome"] for line in lines)
        told = [one for one in RowOutcome.values if one != "left_out" or found[one]]
        figures = "，".join(f"{_MARKS[one]} {found[one]:,} 行" for one in told)
        self.stdout.write(f"按{on.year}年{on.month}月{on.day}日核对 {len(lines):,} 行：{figures}。")
        faults = Counter(line["fault"] for line in lines if line["fault"])
        for code, count in faults.most_common():
            self.stdout.write(f"  {fault_words(code)}：{count:,} 行")


def _signed_off(
    entry: CatalogueEntry, options: dict[str, Any], clerk: Actor, signatory: Actor
) -> StockBatch:
    """The sheet signed off by two hands: taken in anew, or gone on with from where it stood."""
    path: Path = options["file"]
    # refuses by size and form before the file is read whole
    sheet = open_sheet(path, path.name, tab=options["tab"])
    data = path.read_bytes()
    batch = batch_of_file(entry, files.digest(data), sheet.tab)
    if batch is None:
        batch = checking.take_in(
            actor=clerk, entry=entry, file_name=path.name, data=data, tab=options["tab"]
        )
    if batch.state in ("READ", "CHECKED"):
        hidden = True if options["with_hidden"] else None
        batch = checking.check(actor=clerk, batch=batch, on=options["on"], takes_hidden=hidden)
        batch = checking.submit(actor=clerk, batch=batch)
    if batch.state == "SUBMITTED":
        batch = checking.sign_off(actor=signatory, batch=batch)
    return batch


def _entry(name: str, issuer: str) -> CatalogueEntry:
    rows = CatalogueEntry.objects.filter(name=name, state="PUBLISHED")
    if issuer:
        rows = rows.filter(issuing_department__name=issuer)
    found = list(rows.select_related("issuing_department").order_by("pk"))
    if not found:
        raise CommandError(f"公布的目录里没有“{issuer}{name}”。请写证照和单位的全名。")
    if len(found) > 1:
        issuers = "、".join(one.issuing_department.name for one in found)
        raise CommandError(f"“{name}”有几个单位制发：{issuers}。请用 --issuer 写明哪一个。")
    return found[0]


def _acting(username: str, entry: CatalogueEntry) -> Actor:
    """The person acting for the issuing department with the postings they have there today."""
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise CommandError(f"没有“{username}”这个账号，或已停用。")
    postings = live_postings(account, clock.today())
    return official(account, entry.issuing_department, postings, channel=Channel.COMMAND)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"日期“{text}”看不懂，请写成 2026-11-24 的样子。") from error
