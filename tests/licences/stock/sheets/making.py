"""Small sheets for the tests: one sound row, changed one cell at a time."""

import csv
import io
import json
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from licences.stock.sheets.headings import FIELDS, guess_mapping
from licences.stock.sheets.judging import Fate, RowJudge
from licences.stock.sheets.kinds import KindRules, kind_rules
from licences.stock.sheets.reading import open_sheet

ROOT = Path(__file__).resolve().parents[4]
SAMPLE = ROOT / "sample_county"
ISSUER = "1114052529141777X1"
TODAY = date(2026, 11, 24)
HEADINGS = list(FIELDS.values())
SOUND = {
    "holder_name": "泽州县金村镇样例便利店",
    "holder_category": "个体工商户",
    "credit_code": "91140525MA0000023A",
    "legal_representative": "样例甲",
    "representative_id_type": "身份证",
    "representative_id_number": "140525199001011235",
    "document_name": "准予行政许可决定书",
    "document_number": "泽审批许字〔2024〕1号",
    "permit_category": "普通",
    "licence_kind": "食品经营许可证",
    "number": "JY11405250000019",
    "content": "热食类食品制售",
    "decided_on": "2024年6月21日",
    "valid_from": "20240621",
    "valid_until": "2029-06-20",
    "issuing_department": "泽州县行政审批服务管理局",
    "issuing_department_code": ISSUER,
    "status": "1",
    "source_department": "泽州县行政审批服务管理局",
    "source_department_code": ISSUER,
}


def rules(name: str = "食品经营许可证") -> KindRules:
    """The rules of one of the sample county's kinds."""
    catalogue = json.loads((SAMPLE / "catalogue.json").read_text(encoding="utf-8"))
    return kind_rules(next(entry for entry in catalogue if entry["name"] == name), ISSUER)


def row(**changes: object) -> list[object]:
    """A sound row with some cells changed."""
    cells = {**SOUND, **changes}
    return [cells.get(key, "") for key in FIELDS]


def text_of(rows: list[list[object]], delimiter: str = ",") -> str:
    """Headings and rows as delimited text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([HEADINGS, *rows])
    return buffer.getvalue()


def workbook_of(rows: list[list[object]]) -> bytes:
    """Headings and rows as an XLSX file."""
    book = Workbook(write_only=True)
    page = book.create_sheet("行政许可")
    for cells in [HEADINGS, *rows]:
        page.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def judged(
    content: bytes | Path,
    filename: str,
    kind: KindRules | None = None,
    *,
    takes_hidden: bool = False,
) -> list[Fate]:
    """The fates of a file's rows."""
    sheet = open_sheet(content, filename)
    mapping = guess_mapping(sheet.headings)
    judge = RowJudge(kind or rules(), ISSUER, TODAY, mapping, takes_hidden=takes_hidden)
    return list(judge.judge_all(sheet.rows()))


def fate_of(kind: KindRules | None = None, **changes: object) -> Fate:
    """The fate of one sound row after changes, without a file around it."""
    judge = RowJudge(kind or rules(), ISSUER, TODAY, guess_mapping(HEADINGS))
    return judge.judge(2, row(**changes))
