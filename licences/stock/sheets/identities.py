"""Who holds the licence of a row, and the representative's number, which is kept nowhere."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from licences.stock.sheets.cells import Row, RowFault, RowFaultKind, shown
from licences.stock.sheets.kinds import HolderSort
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault, is_trader_code

HolderKind = Literal["natural_person", "legal_person", "sole_trader"]

CREDIT_CODE_TYPE = "001"  # identity types of GB/T 36903-2018
CITIZEN_ID_TYPE = "111"
_CITIZEN_ID_NAMES = frozenset(
    {"", "身份证", "居民身份证", "公民身份证", "中华人民共和国居民身份证"}
)


@dataclass(frozen=True)
class Identity:
    """The holder's kind, and the type and number that identify it."""

    kind: HolderKind
    type: str
    number: str


def identity_in(row: Row, holder: HolderSort, on: date) -> Identity:
    """The identity that a row gives its holder. Raises RowFault."""
    if code := row.code("credit_code"):
        if (fault := credit_code_fault(code)) is not None:
            lost = row.lost_digits("credit_code")
            raise RowFault(
                RowFaultKind.BAD_CREDIT_CODE,
                "credit_code",
                lost or _named("统一社会信用代码", fault),
            )
        return Identity(kind_of_code(code), CREDIT_CODE_TYPE, code)
    if holder == "enterprise":
        raise RowFault(
            RowFaultKind.NO_HOLDER_IDENTITY,
            "credit_code",
            "还没有填统一社会信用代码。请对照营业执照填写",
        )
    number = row.code("holder_id_number")
    if not number:
        field = "holder_id_number" if row.has("holder_id_number") else "credit_code"
        raise RowFault(
            RowFaultKind.NO_HOLDER_IDENTITY, field, "统一社会信用代码和证件号码都没有填，要有一个"
        )
    if (named := row.word("holder_id_type")) not in _CITIZEN_ID_NAMES:
        raise RowFault(
            RowFaultKind.UNSUPPORTED_IDENTITY,
            "holder_id_type",
            f"证件类型“{shown(named)}”不能成批转换。请在窗口逐件采集",
        )
    if (fault := citizen_id_fault(number, on)) is not None:
        lost = row.lost_digits("holder_id_number")
        raise RowFault(
            RowFaultKind.BAD_CITIZEN_ID, "holder_id_number", lost or _named("证件号码", fault)
        )
    return Identity("natural_person", CITIZEN_ID_TYPE, number)


def kind_of_code(credit_code: str) -> HolderKind:
    """Whom a credit code names: a sole trader, whatever the sheet calls it, or a legal person."""
    return "sole_trader" if is_trader_code(credit_code) else "legal_person"


def check_representative(row: Row, on: date) -> None:
    """The representative's citizen id can be one. Raises RowFault."""
    number = row.code("representative_id_number")
    if not number or row.word("representative_id_type") not in _CITIZEN_ID_NAMES:
        return
    if (fault := citizen_id_fault(number, on)) is not None:
        lost = row.lost_digits("representative_id_number")
        raise RowFault(
            RowFaultKind.BAD_CITIZEN_ID,
            "representative_id_number",
            lost or _named("法定代表人证件号码", fault),
        )


def holder_name(row: Row) -> str:
    """The holder's name in one line. Raises RowFault with what a trader without one is called."""
    if name := row.line("holder_name"):
        return name
    advice = ""
    if is_trader_code(row.code("credit_code")):
        advice = "。个体工商户没有字号的，填营业执照上经营者的姓名"
    raise RowFault(
        RowFaultKind.MISSING_HOLDER_NAME, "holder_name", f"还没有填行政相对人名称{advice}"
    )


def _named(name: str, fault: str) -> str:
    """The identifier's fault, opened with the column's name where it does not name it itself."""
    return fault if fault.startswith(name) else f"{name}：{fault}"
