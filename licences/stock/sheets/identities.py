"""Who holds the licence of a row, and the representative's number, which is kept nowhere."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypedDict

from licences.stock.sheets.cells import Row, RowFault, RowFaultKind, shown
from licences.stock.sheets.kinds import HolderSort
from zezhou_portal.parties.holders.identity_rules import identity_fault
from zezhou_portal.parties.identity_numbers import ORGANISATION_TYPES, document_of, read_identity
from zezhou_portal.parties.models import IdentityType
from zezhou_portal.regulation.identifiers import citizen_id_fault, credit_code_fault, is_trader_code

HolderKind = Literal["natural_person", "legal_person", "sole_trader"]

CREDIT_CODE_TYPE = IdentityType.CREDIT_CODE.value
CITIZEN_ID_TYPE = IdentityType.CITIZEN_ID.value
_CITIZEN_ID_NAMES = frozenset(
    {"", "身份证", "居民身份证", "公民身份证", "中华人民共和国居民身份证"}
)


@dataclass(frozen=True)
class Identity:
    """The holder's kind, and the type and number that identify it."""

    kind: HolderKind
    type: str
    number: str


class Told(TypedDict):
    """A person or enterprise as a row's values keep them."""

    kind: HolderKind
    name: str
    id_type: str
    id_number: str


def has_identity(row: Row) -> bool:
    """Whether a row fills one of the notice's columns for the holder's number."""
    return bool(row.code("credit_code") or row.code("holder_id_number"))


def identity_in(row: Row, holder: HolderSort, on: date) -> Identity:
    """The identity that a row gives its holder. Raises RowFault."""
    if code := row.code("credit_code"):
        return _organisation(row, "credit_code", code)
    document = row.word("holder_id_type")
    read = read_identity(row.text("holder_id_number"), document)
    if holder == "enterprise" and read.type not in ORGANISATION_TYPES:
        raise RowFault(
            RowFaultKind.NO_HOLDER_IDENTITY,
            "credit_code",
            "还没有填统一社会信用代码。请对照营业执照填写",
        )
    if not read.number:
        field = "holder_id_number" if row.has("holder_id_number") else "credit_code"
        raise RowFault(
            RowFaultKind.NO_HOLDER_IDENTITY, field, "统一社会信用代码和证件号码都没有填，要有一个"
        )
    if read.type == CREDIT_CODE_TYPE:
        return _organisation(row, "holder_id_number", read.number)
    type_ = _checked(row, "holder_id", document, on)
    return Identity(
        "legal_person" if type_ in ORGANISATION_TYPES else "natural_person", type_, read.number
    )


def operator_in(row: Row, on: date) -> Told | None:
    """Who does the business of the row's holder, a sole trader; None without a number.

    The name may stand in the column that the notice has for a representative. Raises RowFault.
    """
    document = row.word("operator_id_type")
    read = read_identity(row.text("operator_id_number"), document)
    if not read.number:
        return None
    type_ = _checked(row, "operator_id", document, on)
    if type_ in ORGANISATION_TYPES:
        raise RowFault(
            RowFaultKind.BAD_IDENTITY_NUMBER,
            "operator_id_type" if row.has("operator_id_type") else "operator_id_number",
            "经营者是自然人，请填个人的证件",
        )
    name = row.line("operator_name") or row.line("legal_representative")
    if not name:
        raise RowFault(
            RowFaultKind.MISSING_HOLDER_NAME,
            "operator_name",
            "填了经营者证件号码，还没有填经营者姓名",
        )
    return Told(kind="natural_person", name=name, id_type=type_, id_number=read.number)


def _checked(row: Row, prefix: str, document: str, on: date) -> str:
    """The type of a number that can be one of its type; the cell itself counts more than the
    column beside it, and what neither names is a citizen id number. Raises RowFault.
    """
    field = f"{prefix}_number"
    read = read_identity(row.text(field), document)
    if not read.type and document not in _CITIZEN_ID_NAMES and not document_of(document):
        raise RowFault(
            RowFaultKind.UNSUPPORTED_IDENTITY,
            f"{prefix}_type",
            f"证件类型“{shown(document)}”看不懂。写证件的名称，"
            "例如公民身份号码、普通护照、港澳居民来往内地通行证、外国人永久居留身份证",
        )
    type_ = read.type or CITIZEN_ID_TYPE
    lost = row.lost_digits(field)
    if type_ == CITIZEN_ID_TYPE:
        if (fault := citizen_id_fault(read.number, on)) is not None:
            raise RowFault(
                RowFaultKind.BAD_CITIZEN_ID, field, lost or _named(row.name(field), fault)
            )
    elif fault := lost or identity_fault(type_, read.number):
        raise RowFault(RowFaultKind.BAD_IDENTITY_NUMBER, field, fault)
    return type_


def _organisation(row: Row, field: str, code: str) -> Identity:
    if (fault := credit_code_fault(code)) is not None:
        lost = row.lost_digits(field)
        raise RowFault(
            RowFaultKind.BAD_CREDIT_CODE, field, lost or _named("统一社会信用代码", fault)
        )
    return Identity(kind_of_code(code), CREDIT_CODE_TYPE, code)


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
    if is_trader_code(row.code("credit_code")) and (name := row.line("operator_name")):
        return name  # a trader without a trade name carries the operator's
    advice = ""
    if is_trader_code(row.code("credit_code")):
        advice = "。个体工商户没有字号的，填营业执照上经营者的姓名"
    raise RowFault(
        RowFaultKind.MISSING_HOLDER_NAME, "holder_name", f"还没有填行政相对人名称{advice}"
    )


def _named(name: str, fault: str) -> str:
    """The identifier's fault, opened with the column's name where it does not name it itself."""
    return fault if fault.startswith(name) else f"{name}：{fault}"
