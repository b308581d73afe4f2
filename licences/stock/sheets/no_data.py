"""Rows of a ledger that are no permits: totals, signatures, notes, headings again, blanks."""

import re
import unicodedata

from licences.stock.sheets.cells import Row, plain_text
from licences.stock.sheets.dates import DateFault, read_date
from licences.stock.sheets.headings import recognised
from zezhou_portal.regulation.identifiers import credit_code_fault

_TOTAL = re.compile(r"(?:本页|本表|本年|全县|全年)?(?:合计|总计|小计|共计|累计)(?:[:：(].*|\d.*)?")
_SIGNED = re.compile(
    r"(?:制表|填表|填报|审核|复核|审批|经办|负责|统计|报送|编制|校对|联系|主管|单位负责)"
    r"(?:人|人员|单位|部门|日期|时间|领导|电话)?(?:签字|签名|盖章|\(.*\))?:.*"
)
_NOTE = re.compile(r"(?:注|备注|说明|附注|填表说明)\d*:.*|以下空白|(?:以下|此页)无正文|第\d+页.*")
_SHORT = 5  # characters: a count in the column of numbers, no number of a licence
_DAYS = ("decided_on", "valid_from", "valid_until")


def why_no_data(row: Row) -> str:
    """What a row is that is no permit, in a few words; empty for a permit."""
    if not any(plain_text(row.raw(key)) for key in row.fields):
        return "没有内容"
    if recognised(row.cells) >= 3:
        return "又一行列名"
    if not credit_code_fault(row.code("credit_code")) or any(_is_day(row, key) for key in _DAYS):
        return ""
    remarks = row.text("remarks")
    texts = [_squeezed(cell) for cell in row.cells if plain_text(cell) != remarks]
    number = row.code("number")
    if len(number) <= _SHORT and any(_TOTAL.fullmatch(text) for text in texts):
        return "合计"
    if not number or _SIGNED.fullmatch(_squeezed(number)):
        if any(_SIGNED.fullmatch(text) for text in texts):
            return "落款"
        if any(_NOTE.fullmatch(text) for text in texts):
            return "说明"
    return ""


def _squeezed(value: object) -> str:
    return "".join(unicodedata.normalize("NFKC", plain_text(value)).split())


def _is_day(row: Row, key: str) -> bool:
    try:
        return read_date(row.raw(key)) is not None
    except DateFault:
        return False
