"""What becomes of each row of a permit sheet: converted, no longer in force, or faulty (M.10).

The rules and their order are those behind the sample county's answers: rows are judged in order,
of two rows with one number the first stands whatever became of it, a text that is too long is a
fault and never cut, and what the notice does not hold is no fault.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal, TypedDict

from licences.stock.sheets.cells import (
    Row,
    RowFault,
    RowFaultKind,
    fitting,
    plain_text,
    row_fault,
    shown,
)
from licences.stock.sheets.dates import FAR_AWAY, is_long_term, say
from licences.stock.sheets.headings import ITEM_PREFIX, Mapping
from licences.stock.sheets.kinds import Item, KindRules
from licences.stock.sheets.numbers import Number, NumberPattern, plain_number
from zezhou_portal.regulation.errors import Fault
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault

Outcome = Literal["convert", "not_in_force", "fault"]
HolderKind = Literal["natural_person", "legal_person", "unincorporated"]
AlreadyRegistered = Callable[[Sequence[str]], set[str]]

CREDIT_CODE_TYPE = "001"  # identity types of GB/T 36903-2018
CITIZEN_ID_TYPE = "111"
NUMBER_LENGTH = 100  # characters, ours
DOCUMENT_LENGTH = 200  # characters, ours
CHUNK = 500  # rows

_IN_FORCE = frozenset({"", "1", "有效", "正常", "在用", "存续"})
_ENDED = frozenset({"0", "2", "无效", "注销", "吊销", "撤销", "废止", "过期", "失效", "已注销"})
_CITIZEN_ID_NAMES = frozenset(
    {"", "身份证", "居民身份证", "公民身份证", "中华人民共和国居民身份证"}
)
# The item that the notice's 许可内容 fills: the first of these that the kind has.
_CONTENT_ITEMS = (
    "business_items",
    "business_scope",
    "content",
    "matters",
    "scope",
    "licensed_project",
)
_COPIED = frozenset({"text", "long_text", "choice"})


class Values(TypedDict):
    """What a sound row says, ready for the register; `items` by the catalogue's item keys."""

    items: dict[str, str]
    number: str
    document_name: str
    document_number: str
    decided_on: date
    valid_from: date
    valid_until: date | None  # None: without end
    holder_kind: HolderKind
    holder_name: str
    holder_id_type: str
    holder_id_number: str


@dataclass(frozen=True)
class Fate:
    """What becomes of one row, and why; `values` only where it is converted.

    `fault` is the kind of what is wrong (`RowFaultKind`), `field` the column that it lies in.
    """

    row: int
    outcome: Outcome
    fault: str | None = None
    reason: str = ""
    values: Values | None = None
    field: str = ""


class _NotInForce(Exception):
    pass


class RowJudge:
    """Judges the rows of one sheet in their order and remembers the numbers it has met.

    `issuer_code` is the credit code of the department whose licences the sheet holds, `on` the
    day on which a licence must still be in force. A judge serves one pass over one sheet.
    Raises ValueError for a mapping that lacks a required field. Article: M.10.
    """

    def __init__(self, kind: KindRules, issuer_code: str, on: date, mapping: Mapping) -> None:
        if mapping.missing:
            raise ValueError(mapping.complaint())
        self.kind = kind
        self.issuer_code = issuer_code
        self.on = on
        self._columns = mapping.columns
        self._pattern = NumberPattern(kind.number_pattern) if kind.number_pattern else None
        self._items = {item.key: item for item in kind.items}
        self._content = next((key for key in _CONTENT_ITEMS if key in self._items), None)
        self._extra: list[tuple[Item, int]] = []
        for field, column in mapping.columns.items():
            item = self._items.get(field.removeprefix(ITEM_PREFIX))
            if field.startswith(ITEM_PREFIX) and item is not None and item.kind in _COPIED:
                self._extra.append((item, column))
        self._first_row: dict[str, int] = {}

    def judge(self, row: int, cells: Sequence[object]) -> Fate:
        """The fate of one row; `row` counts the file's rows from 1, `cells` are raw values."""
        try:
            return Fate(row, "convert", values=self._read(row, Row(cells, self._columns)))
        except _NotInForce as ended:
            return Fate(row, "not_in_force", reason=f"第 {row} 行：{ended}")
        except RowFault as found:
            return _faulty(row, found.fault)

    def judge_all(
        self,
        rows: Iterable[tuple[int, Sequence[object]]],
        already_registered: AlreadyRegistered | None = None,
        chunk: int = CHUNK,
    ) -> Iterator[Fate]:
        """The fates of all rows in order; the register is asked once for every `chunk` rows.

        `already_registered` gets the numbers of sound rows and returns those that the register
        holds.
        """
        source = iter(rows)
        while taken := list(islice(source, chunk)):
            fates = [self.judge(row, cells) for row, cells in taken]
            numbers = [fate.values["number"] for fate in fates if fate.values]
            known = already_registered(numbers) if already_registered and numbers else set()
            for fate in fates:
                yield _registered(fate) if _is_known(fate, known) else fate

    def _read(self, row: int, cells: Row) -> Values:
        written = cells.code("number")
        if not written and self.kind.number_item is not None:
            written = cells.code(self.kind.number_item)
        first = self._first_row.setdefault(plain_number(written), row) if written else row
        self._check_belonging(cells)
        number = self._number(cells, written)
        if first != row:
            raise RowFault(
                RowFaultKind.DUPLICATE_NUMBER, f"许可编号与第 {first} 行相同。每本证照只留一行"
            )
        name = cells.text("holder_name")
        if not name:
            raise RowFault(RowFaultKind.MISSING_HOLDER_NAME, "还没有填行政相对人名称")
        holder_kind, id_type, id_number = self._identity(cells)
        self._check_representative(cells)
        decided_on, valid_from, valid_until = self._dates(cells)
        found = {"holder_name": name}
        found["credit_code" if id_type == CREDIT_CODE_TYPE else "citizen_id"] = id_number
        values = Values(
            items=self._item_values(cells, found, number),
            number=number.text,
            document_name=_document(cells, "document_name", "行政许可决定文书名称"),
            document_number=_document(cells, "document_number", "行政许可决定文书号"),
            decided_on=decided_on,
            valid_from=valid_from,
            valid_until=valid_until,
            holder_kind=holder_kind,
            holder_name=name,
            holder_id_type=id_type,
            holder_id_number=id_number,
        )
        self._check_in_force(cells, valid_from, valid_until)
        return values

    def _number(self, cells: Row, written: str) -> Number:
        if not written:
            raise RowFault(RowFaultKind.MISSING_NUMBER, "还没有填许可编号")
        same_as = self.kind.number_item
        if same_as is not None and cells.has(same_as) and written != cells.code(same_as):
            name = self._items[same_as].name
            raise RowFault(
                RowFaultKind.BAD_LICENCE_NUMBER, f"许可编号应与{name}相同。请对照纸质证照改正"
            )
        if self._pattern is not None:
            number, reason = self._pattern.read(written)
            if number is None:
                raise RowFault(RowFaultKind.BAD_LICENCE_NUMBER, reason)
            return number
        return Number(fitting("许可编号", written, NUMBER_LENGTH), {})

    def _check_belonging(self, cells: Row) -> None:
        """The row is of this kind and of this department, as far as the sheet has the columns."""
        kind = self.kind
        if cells.has("licence_kind") and (written := cells.word("licence_kind")) != kind.name:
            if not written:
                raise RowFault(RowFaultKind.UNKNOWN_LICENCE_KIND, "还没有填许可证书名称")
            raise RowFault(
                RowFaultKind.UNKNOWN_LICENCE_KIND,
                f"许可证书名称“{shown(written)}”不是“{kind.name}”。改正名称，或另选证照种类再传",
            )
        code, name = cells.code("issuing_department_code"), cells.word("issuing_department")
        if code:
            is_other = code != self.issuer_code
        elif name:
            is_other = name != kind.issuing_department
        else:
            is_other = cells.has("issuing_department_code") or cells.has("issuing_department")
        if is_other:
            raise RowFault(RowFaultKind.OTHER_DEPARTMENT, self._other_department(code, name))

    def _other_department(self, code: str, name: str) -> str:
        own = self.kind.issuing_department
        if not code and not name:
            return f"还没有填许可机关。是{own}发的请填上"
        if not name or name == own:
            return f"许可机关统一社会信用代码（{shown(code)}）不是{own}的。请改正"
        return f"许可机关（{shown(name)}）不是{own}。填错了请改正；是别的单位发的，由那个单位上传"

    def _identity(self, cells: Row) -> tuple[HolderKind, str, str]:
        category = cells.word("holder_category")
        if code := cells.code("credit_code"):
            if (fault := credit_code_fault(code)) is not None:
                lost = cells.lost_digits("credit_code")
                raise RowFault(
                    RowFaultKind.BAD_CREDIT_CODE, lost or _named("统一社会信用代码", fault)
                )
            return (
                "unincorporated" if category == "个体工商户" else "legal_person",
                CREDIT_CODE_TYPE,
                code,
            )
        if self.kind.holder == "enterprise":
            raise RowFault(
                RowFaultKind.NO_HOLDER_IDENTITY, "还没有填统一社会信用代码。请对照营业执照填写"
            )
        number = cells.code("holder_id_number")
        if not number:
            raise RowFault(
                RowFaultKind.NO_HOLDER_IDENTITY, "统一社会信用代码和证件号码都没有填，要有一个"
            )
        if (named := cells.word("holder_id_type")) not in _CITIZEN_ID_NAMES:
            raise RowFault(
                RowFaultKind.UNSUPPORTED_IDENTITY,
                f"证件类型“{shown(named)}”不能成批转换。请在窗口逐件采集",
            )
        if (fault := citizen_id_fault(number)) is not None:
            lost = cells.lost_digits("holder_id_number")
            sentence = lost or _named("证件号码", fault)
            raise RowFault(RowFaultKind.BAD_CITIZEN_ID, sentence, "holder_id_number")
        return "natural_person", CITIZEN_ID_TYPE, number

    def _check_representative(self, cells: Row) -> None:
        """The representative's citizen id is looked at here and kept nowhere."""
        number = cells.code("representative_id_number")
        if not number or cells.word("representative_id_type") not in _CITIZEN_ID_NAMES:
            return
        if (fault := citizen_id_fault(number)) is not None:
            lost = cells.lost_digits("representative_id_number")
            sentence = lost or _named("法定代表人证件号码", fault)
            raise RowFault(RowFaultKind.BAD_CITIZEN_ID, sentence, "representative_id_number")

    def _dates(self, cells: Row) -> tuple[date, date, date | None]:
        decided_on = cells.day("decided_on")
        valid_from = cells.day("valid_from")
        is_endless = is_long_term(cells.raw("valid_until"))
        valid_until = None if is_endless else cells.day("valid_until")
        if valid_until is None or valid_until in FAR_AWAY:
            if (years := self.kind.validity_years) is not None:
                raise RowFault(
                    RowFaultKind.UNLIMITED_VALIDITY,
                    f"有效期至写成了长期，{self.kind.name}的有效期是 {years} 年。"
                    "请对照纸质证照改正",
                )
            return decided_on, valid_from, None
        if valid_until < valid_from:
            raise RowFault(
                RowFaultKind.REVERSED_DATES,
                f"有效期至（{say(valid_until)}）早于有效期自（{say(valid_from)}）。"
                "请对照纸质证照改正",
            )
        if decided_on > self.on:
            raise RowFault(
                RowFaultKind.FUTURE_DECISION,
                f"许可决定日期（{say(decided_on)}）还没有到。请对照决定文书改正",
            )
        return decided_on, valid_from, valid_until

    def _item_values(self, cells: Row, found: dict[str, str], number: Number) -> dict[str, str]:
        """The kind's items that this row can fill; what it cannot is left out, not a fault."""
        found["legal_representative"] = cells.text("legal_representative")
        if self._content is not None:
            found[self._content] = cells.text("content")
        for key, ordinal in number.choices.items():
            item = self._items[key]
            if not 1 <= ordinal <= len(item.choices):
                raise RowFault(
                    RowFaultKind.BAD_LICENCE_NUMBER,
                    f"许可编号里表示{item.name}的数字是 {ordinal}，没有这一种。请对照纸质证照改正",
                )
            found[key] = item.choices[ordinal - 1]
        for item, column in self._extra:
            if text := plain_text(cells.at(column)):
                found[item.key] = _choice(item, text, found.get(item.key))
        return {
            key: fitting(self._items[key].name, text, self._items[key].max_length)
            for key, text in found.items()
            if text and key in self._items
        }

    def _check_in_force(self, cells: Row, valid_from: date, valid_until: date | None) -> None:
        status = cells.word("status")
        if status in _ENDED:
            raise _NotInForce(f"当前状态是“{status}”，已经无效，不转换")
        if status not in _IN_FORCE:
            raise RowFault(
                RowFaultKind.UNKNOWN_STATUS, f"当前状态“{shown(status)}”看不懂。有效填 1，无效填 2"
            )
        if ended := why_not_in_force(valid_from, valid_until, self.on):
            raise _NotInForce(ended)


def why_not_in_force(valid_from: date, valid_until: date | None, on: date) -> str:
    """Why a licence of these dates is not in force on a day; nothing where it is. Article: M.10."""
    if valid_until is not None and valid_until < on:
        return f"有效期到{say(valid_until)}，已经届满，不转换"
    if valid_from > on:
        return f"有效期从{say(valid_from)}开始，还没有到，不转换"
    return ""


def _choice(item: Item, text: str, derived: str | None) -> str:
    if item.kind == "choice" and text not in item.choices:
        raise RowFault(
            RowFaultKind.BAD_CHOICE,
            f"{item.name}“{shown(text)}”不在可选的几种里：{'、'.join(item.choices)}",
        )
    if item.kind == "choice" and derived not in (None, "", text):
        raise RowFault(
            RowFaultKind.BAD_LICENCE_NUMBER,
            f"{item.name}是“{text}”，许可编号的首位数字表示“{derived}”。请对照纸质证照改正",
        )
    return text


def _document(cells: Row, key: str, name: str) -> str:
    return fitting(name, cells.text(key), DOCUMENT_LENGTH)


def _named(name: str, fault: str) -> str:
    """The identifier's fault, opened with the column's name where it does not name it itself."""
    return fault if fault.startswith(name) else f"{name}：{fault}"


def _is_known(fate: Fate, known: set[str]) -> bool:
    return fate.values is not None and fate.values["number"] in known


def _registered(fate: Fate) -> Fate:
    sentence = "这个许可编号已经有电子证照，不再转换。要改内容请办变更"
    return _faulty(fate.row, row_fault(RowFaultKind.ALREADY_REGISTERED, sentence))


def _faulty(row: int, fault: Fault) -> Fate:
    reason = f"第 {row} 行：{fault.sentence}"
    return Fate(row, "fault", fault.kind.value, reason, field=fault.field)
