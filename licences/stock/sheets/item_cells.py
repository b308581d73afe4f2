"""A cell that fills one of the kind's items."""

from licences.data_items import ItemFault, clean
from licences.stock.sheets.cells import RowFault, RowFaultKind, shown
from licences.stock.sheets.kinds import Item
from zezhou_portal.parties.identity_numbers import document_of, read_identity

IDENTITIES = {
    "citizen_id": RowFaultKind.BAD_CITIZEN_ID,
    "credit_code": RowFaultKind.BAD_CREDIT_CODE,
    "identity_number": RowFaultKind.BAD_IDENTITY_NUMBER,
}


def chosen(item: Item, ordinal: int) -> str:
    """The choice that a digit of the number stands for. Raises RowFault."""
    if not 1 <= ordinal <= len(item.choices):
        raise RowFault(
            RowFaultKind.BAD_LICENCE_NUMBER,
            "number",
            f"许可编号里表示{item.name}的数字是 {ordinal}，没有这一种。请对照纸质证照改正",
        )
    return item.choices[ordinal - 1]


def identity_number(item: Item, field: str, text: str, document: str) -> str:
    """A number as it is stored; its type by the cell, else by the column beside it.

    Raises RowFault.
    """
    if item.kind == "identity_number":
        text = str(read_identity(text, document)) if document_of(document) else text
    try:
        return clean(item.data_item, text)
    except ItemFault as fault:
        kind, sentence = IDENTITIES[item.kind], fault.sentence
        raise RowFault(kind, field, f"{item.name}：{sentence}") from fault


def choice(item: Item, field: str, text: str, derived: str) -> str:
    """A text as it is stored; a choice is one of the item's and agrees with the number's.

    Raises RowFault.
    """
    if item.kind == "choice" and text not in item.choices:
        raise RowFault(
            RowFaultKind.BAD_CHOICE,
            field,
            f"{item.name}“{shown(text)}”不在可选的几种里：{'、'.join(item.choices)}",
        )
    if item.kind == "choice" and derived not in ("", text):
        raise RowFault(
            RowFaultKind.BAD_LICENCE_NUMBER,
            field,
            f"{item.name}是“{text}”，许可编号的首位数字表示“{derived}”。请对照纸质证照改正",
        )
    return text
