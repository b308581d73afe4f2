"""One row read by the rules of its kind: every fault it has, or its values.

The order of the checks is that behind the sample county's answers: the first fault of a row is
the one that it is counted by.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TypeVar

from licences.stock.sheets.cells import Row, RowFault, RowFaultKind, fitting, plain_text, shown
from licences.stock.sheets.ended import name_says_ended, says_ended
from licences.stock.sheets.fates import Fate, Values, faulty, why_not_in_force
from licences.stock.sheets.headings import ITEM_PREFIX, TYPE_SUFFIX
from licences.stock.sheets.identities import (
    Told,
    check_representative,
    holder_name,
    identity_in,
    operator_in,
)
from licences.stock.sheets.item_cells import IDENTITIES, choice, chosen, identity_number
from licences.stock.sheets.kinds import FILLED, Item, KindRules
from licences.stock.sheets.numbers import Number, NumberPattern
from licences.stock.sheets.people import (
    Person,
    filled,
    named_by_columns,
    names_by_columns,
    people_in,
    together,
)
from licences.stock.sheets.row_dates import (
    RowDates,
    check_begins,
    check_decided,
    check_endless,
    check_length,
    check_order,
    read_dates,
)
from zezhou_portal.regulation.errors import Fault

NUMBER_LENGTH = 100  # characters, ours
DOCUMENT_LENGTH = 200  # characters, ours
PHONE_LENGTH = 40  # characters, ours

_IN_FORCE = frozenset({"", "1", "有效", "正常", "在用", "存续", "现存", "在册", "有效期内"})
_ENDED = frozenset({"0", "2", "过期", "已过期", "到期", "届满", "已届满"})
# The item that the notice's 许可内容 fills: the first of these that the kind has.
_CONTENT_ITEMS = (
    "business_items",
    "business_scope",
    "content",
    "matters",
    "scope",
    "licensed_project",
)
_DAYS = frozenset({"decided_on", "valid_from", "valid_until", "term"})
_OF_PERSONS = frozenset({"representative_id_number", "operator_id_number"})


@dataclass(frozen=True)
class Rules:
    """What the rows of one sheet are read by."""

    kind: KindRules
    issuer_code: str
    on: date
    columns: Mapping[str, int]
    pattern: NumberPattern | None

    @cached_property
    def items(self) -> dict[str, Item]:
        """The kind's items by their keys."""
        return {item.key: item for item in self.kind.items}

    @cached_property
    def content_item(self) -> str | None:
        """The item that the notice's 许可内容 fills."""
        return next((key for key in _CONTENT_ITEMS if key in self.items), None)

    @cached_property
    def own_columns(self) -> list[tuple[Item, str]]:
        """The items that have a column of their own, and its field."""
        return [
            (self.items[key], field)
            for field in self.columns
            if field.startswith(ITEM_PREFIX)
            and (key := field.removeprefix(ITEM_PREFIX)) in self.items
            and self.items[key].kind in FILLED
        ]


T = TypeVar("T")


class RowReading:
    """Reads one row; a check that fails leaves its fault and the others go on."""

    def __init__(self, rules: Rules, row: Row) -> None:
        self._rules = rules
        self._row = row
        self._faults: list[Fault] = []

    def fate(self, number: int, written: str, first: int) -> Fate:
        """The fate of the row with a number; `first` is the row that had its `written` first."""
        values, dates = self._values(written, number, first)
        ended = self._ended(dates)
        if not ended:
            self._check_what_converts(dates)
        if faults := tuple(self._faults):
            return faulty(number, faults)
        if ended:
            return Fate(number, "not_in_force", reason=f"第 {number} 行：{ended}")
        return Fate(number, "convert", values=values)

    def _attempt(self, check: Callable[[], T]) -> T | None:
        """What the check gives, None where it leaves a fault; one fault a cell is enough."""
        try:
            return check()
        except RowFault as refusal:
            if all(known.field != refusal.fault.field for known in self._faults):
                self._faults.append(refusal.fault)
            return None

    def _values(self, written: str, row_number: int, first: int) -> tuple[Values | None, RowDates]:
        row, rules = self._row, self._rules
        for field in row.fields:
            self._attempt(partial(self._check_cell, field))
        self._faults += row.errors_elsewhere()
        self._attempt(self._check_kind)
        self._attempt(self._check_department)
        number = self._attempt(lambda: self._number(written))
        self._attempt(lambda: _check_repeated(row_number, first))
        own = None if names_by_columns(row, rules.kind) else self._own()
        self._attempt(lambda: check_representative(row, rules.on))
        operator = self._operator(own)
        dates = self._dates()
        items = self._item_values(number, own.name if own else "")
        holders = self._holders(own, items)
        document_name = self._document("document_name")
        document_number = self._document("document_number")
        phone = self._attempt(self._phone)
        self._attempt(self._check_status)
        whole = self._attempt(lambda: filled(rules.kind, holders, items)) if holders else None
        if number is None or whole is None or not dates.is_whole:
            return None, dates
        if dates.decided_on is None or dates.valid_from is None:
            return None, dates
        holder = holders[0]
        values = Values(
            items={item.key: whole[item.key] for item in rules.kind.items if item.key in whole},
            number=number.text,
            document_name=document_name,
            document_number=document_number,
            decided_on=dates.decided_on,
            valid_from=dates.valid_from,
            valid_until=None if dates.is_long_term else dates.valid_until,
            holder_kind=holder.identity.kind,
            holder_name=holder.name,
            holder_id_type=holder.identity.type,
            holder_id_number=holder.identity.number,
        )
        if len(holders) > 1:
            values["others"] = [one.told for one in holders[1:]]
        if operator is not None:
            values["operator"] = operator
        if row.has("phone"):
            values["phone"] = phone or ""
        return values, dates

    def _phone(self) -> str:
        row = self._row
        return fitting("phone", row.placed("phone"), row.line("phone"), PHONE_LENGTH)

    def _dates(self) -> RowDates:
        """The days of the row, with the faults that they have together."""
        dates = read_dates(self._row, self._attempt)
        self._attempt(lambda: check_endless(dates, self._rules.kind))
        self._attempt(lambda: check_order(dates))
        self._attempt(lambda: check_decided(dates, self._rules.on))
        return dates

    def _operator(self, own: Person | None) -> Told | None:
        """Who does the business of the row's holder, where that is a sole trader."""
        if own is None or own.identity.kind != "sole_trader":
            return None
        return self._attempt(lambda: operator_in(self._row, self._rules.on))

    def _check_cell(self, field: str) -> None:
        """A cell that could not be computed, or whose digits are lost, is a fault anywhere."""
        if sentence := self._row.error(field):
            raise RowFault(RowFaultKind.ERROR_CELL, field, sentence)
        if field in _DAYS or field in ("credit_code", "holder_id_number"):
            return
        if field in _OF_PERSONS or not (lost := self._row.lost_digits(field)):
            return
        raise RowFault(
            RowFaultKind.BAD_LICENCE_NUMBER if field == "number" else RowFaultKind.LOST_DIGITS,
            field,
            lost,
        )

    def _own(self) -> Person | None:
        """The holder whom the notice's columns name."""
        name = self._attempt(lambda: holder_name(self._row))
        identity = self._attempt(
            lambda: identity_in(self._row, self._rules.kind.holder, self._rules.on)
        )
        return Person(name, identity) if name is not None and identity is not None else None

    def _holders(self, own: Person | None, items: Mapping[str, str]) -> list[Person]:
        """All holders, in the face's order; none where a fault keeps them from being known."""
        row, kind = self._row, self._rules.kind
        people = self._attempt(lambda: people_in(row, kind, items))
        if people is not None and names_by_columns(row, kind):
            own = self._attempt(lambda: named_by_columns(row, kind, people))
        if own is None or people is None:
            return []
        return self._attempt(lambda: together(row, kind, own, people, items)) or []

    def _check_kind(self) -> None:
        """The row is of this kind, as far as the sheet has the column."""
        name, row = self._rules.kind.name, self._row
        written = row.word("licence_kind")
        if not row.has("licence_kind") or written == name:
            return
        if not written:
            raise RowFault(
                RowFaultKind.UNKNOWN_LICENCE_KIND, "licence_kind", "还没有填许可证书名称"
            )
        raise RowFault(
            RowFaultKind.UNKNOWN_LICENCE_KIND,
            "licence_kind",
            f"许可证书名称“{shown(written)}”不是“{name}”。改正名称，或另选证照种类再传",
        )

    def _check_department(self) -> None:
        """The row is of this department, as far as the sheet has the columns."""
        row, kind = self._row, self._rules.kind
        code, name = row.code("issuing_department_code"), row.word("issuing_department")
        if code:
            is_other = code != self._rules.issuer_code
        elif name:
            is_other = name != kind.issuing_department
        else:
            is_other = row.has("issuing_department_code") or row.has("issuing_department")
        if is_other:
            field = "issuing_department_code" if code else "issuing_department"
            raise RowFault(RowFaultKind.OTHER_DEPARTMENT, field, self._other_department(code, name))

    def _other_department(self, code: str, name: str) -> str:
        own = self._rules.kind.issuing_department
        if not code and not name:
            return f"还没有填许可机关。是{own}发的请填上"
        if not name or name == own:
            return f"许可机关统一社会信用代码（{shown(code)}）不是{own}的。请改正"
        return f"许可机关（{shown(name)}）不是{own}。填错了请改正；是别的单位发的，由那个单位上传"

    def _number(self, written: str) -> Number:
        if not written:
            raise RowFault(RowFaultKind.MISSING_NUMBER, "number", "还没有填许可编号")
        row, rules = self._row, self._rules
        same_as = rules.kind.number_item
        if same_as is not None and row.has(same_as) and written != row.code(same_as):
            name = rules.items[same_as].name
            raise RowFault(
                RowFaultKind.BAD_LICENCE_NUMBER,
                "number",
                f"许可编号应与{name}相同。请对照纸质证照改正",
            )
        if rules.pattern is None:
            return Number(fitting("number", row.placed("number"), written, NUMBER_LENGTH), {})
        number, reason = rules.pattern.read(written)
        if number is None:
            raise RowFault(RowFaultKind.BAD_LICENCE_NUMBER, "number", reason)
        return number

    def _item_values(self, number: Number | None, name: str) -> dict[str, str]:
        """The kind's items that this row can fill; what it cannot is left out, not a fault."""
        row, items = self._row, self._rules.items
        said_by = "legal_representative" if row.line("legal_representative") else "operator_name"
        found: dict[str, tuple[str, str]] = {
            "holder_name": ("holder_name", name),
            "legal_representative": (said_by, row.line(said_by)),
        }
        if (content := self._rules.content_item) is not None:
            found[content] = ("content", row.text("content"))
        for key, ordinal in (number.choices if number else {}).items():
            named = self._attempt(partial(chosen, items[key], ordinal))
            found[key] = ("number", named or "")
        for item, field in self._rules.own_columns:
            if text := plain_text(row.raw(field)):
                derived = found.get(item.key, ("", ""))[1]
                read = partial(choice, item, field, text, derived)
                if item.kind in IDENTITIES:
                    document = row.word(f"{field}{TYPE_SUFFIX}")
                    read = partial(identity_number, item, field, text, document)
                told = self._attempt(read)
                found[item.key] = (field, told or "")
        return {
            key: text
            for key, (field, written) in found.items()
            if written and key in items and (text := self._fitting(items[key], field, written))
        }

    def _fitting(self, item: Item, field: str, text: str) -> str:
        name = f"{item.name}（{place}）" if (place := self._row.letter(field)) else item.name
        return self._attempt(lambda: fitting(field, name, text, item.max_length)) or ""

    def _document(self, field: str) -> str:
        text, name = self._row.line(field), self._row.placed(field)
        return self._attempt(lambda: fitting(field, name, text, DOCUMENT_LENGTH)) or ""

    def _check_status(self) -> None:
        status = self._row.word("status")
        if status in _IN_FORCE or self._status_ended(status):
            return
        raise RowFault(
            RowFaultKind.UNKNOWN_STATUS,
            "status",
            f"当前状态“{shown(status)}”看不懂。有效填 1，无效填 2",
        )

    def _status_ended(self, status: str) -> bool:
        return status in _ENDED or says_ended(status) == "ended"

    def _ended(self, dates: RowDates) -> str:
        """Why the licence is not in force on the day, by status, remarks, name and term."""
        row = self._row
        if self._status_ended(status := row.word("status")):
            return f"当前状态是“{status}”，已经无效，不转换"
        if not status:
            if says_ended(remarks := row.word("remarks")) == "ended":
                return f"备注写着“{shown(remarks)}”，已经无效，不转换"
            if name_says_ended(row.word("holder_name")) == "ended":
                return "名称里写着已经无效，不转换"
        if dates.is_whole and dates.valid_from is not None:
            last = None if dates.is_long_term else dates.valid_until
            return why_not_in_force(dates.valid_from, last, self._rules.on)
        return ""

    def _check_what_converts(self, dates: RowDates) -> None:
        """What matters only for a licence that would become an e-licence."""
        term = self._rules.kind.term
        self._attempt(lambda: check_begins(dates))
        self._attempt(lambda: check_length(dates, term))
        self._attempt(self._ask_whether_ended)

    def _ask_whether_ended(self) -> None:
        """Words that may mean an end are never passed over: somebody says what they mean."""
        status, remarks = self._row.word("status"), self._row.word("remarks")
        said, named = says_ended(remarks), name_says_ended(self._row.word("holder_name"))
        if status and said != "ended" and named != "ended":
            return  # the status says in so many words that the licence is in force
        if said:
            raise RowFault(
                RowFaultKind.PERHAPS_ENDED,
                "remarks",
                f"备注写着“{shown(remarks)}”，说不准这本证照是不是还有效。"
                "已经无效的，当前状态填 2；仍然有效的，当前状态填 1，并把备注写清楚",
            )
        if named:
            raise RowFault(
                RowFaultKind.PERHAPS_ENDED,
                "holder_name",
                "名称后面加了说明，说不准这本证照是不是还有效。"
                "名称只写名称；已经无效的，当前状态填 2",
            )


def _check_repeated(row_number: int, first: int) -> None:
    if first != row_number:
        raise RowFault(
            RowFaultKind.DUPLICATE_NUMBER,
            "number",
            f"许可编号与第 {first} 行相同。每本证照只留一行",
        )
