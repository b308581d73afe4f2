"""What a permit sheet's judge must know of a licence kind, taken from its catalogue entry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from licences.data_items import DataItem
from licences.roles import Part, role_of
from licences.stock.sheets.headings import ITEM_PREFIX, TYPE_SUFFIX
from licences.validity import TermRule

# Kinds of items that a sheet's own column may fill.
FILLED = frozenset({"text", "long_text", "choice", "citizen_id", "credit_code", "identity_number"})
_OF_THE_NOTICE = frozenset({"holder_name", "credit_code", "citizen_id"})
_NUMBER_WORD = re.compile("号码|号")

HolderSort = Literal["enterprise", "person", "any"]


@dataclass(frozen=True)
class Item:
    """One data item: key, Chinese name, kind (`text`, `choice` …) and its bounds."""

    key: str
    name: str
    kind: str
    max_length: int | None = None  # characters
    choices: tuple[str, ...] = ()
    required: bool = True
    default: str = ""
    role: str = ""
    holder: int = 0

    @cached_property
    def data_item(self) -> DataItem:
        """The item as the rules of faces and values take it."""
        return DataItem(self.key, self.name, self.kind, role=self.role, holder=self.holder)


@dataclass(frozen=True)
class HolderColumns:
    """Where a sheet of a kind can say one of its holders: the fields of name and number."""

    place: int
    name: str
    number: str


@dataclass(frozen=True)
class KindRules:
    """The kind's name, type code, issuer, numbering, validity and items.

    `number_pattern` is set where numbers are generated, `number_item` where the number is the
    same as an item; neither where it is typed.
    """

    name: str
    code: str
    issuing_department: str
    issuing_department_code: str
    holder: HolderSort
    items: tuple[Item, ...]
    number_pattern: str | None = None
    number_item: str | None = None
    term: TermRule = field(default_factory=TermRule)

    @property
    def item_names(self) -> dict[str, str]:
        """Item key to Chinese name, as `headings.guess_mapping` takes it.

        An identity number may have its type in a column of its own, named after it.
        """
        names = {item.key: item.name for item in self.items}
        types = {
            item.key + TYPE_SUFFIX: type_heading(item.name)
            for item in self.items
            if item.kind == "identity_number"
        }
        return names | types

    @cached_property
    def holder_columns(self) -> tuple[HolderColumns, ...]:
        """The holders whom the face names by items of their own, in its order.

        Items with standard keys have columns of the notice and are not among them.
        """
        found: dict[int, dict[Part, str]] = {}
        for item in self.items:
            role = role_of(item.data_item)
            if role.part in (Part.NAME, Part.NUMBER) and item.key not in _OF_THE_NOTICE:
                found.setdefault(role.place, {}).setdefault(role.part, ITEM_PREFIX + item.key)
        if len(found) > 1:
            found.pop(0, None)  # what names all of them together names none
        return tuple(
            HolderColumns(place, parts[Part.NAME], parts[Part.NUMBER])
            for place, parts in sorted(found.items())
            if len(parts) == 2
        )

    @cached_property
    def naming(self) -> tuple[DataItem, ...]:
        """The items that say something of a holder."""
        data = [item.data_item for item in self.items]
        return tuple(item for item in data if role_of(item).part is not Part.NONE)

    @cached_property
    def naming_one(self) -> tuple[DataItem, ...]:
        """Those of them that speak of one of several holders."""
        return tuple(item for item in self.naming if role_of(item).place)

    @cached_property
    def naming_all(self) -> tuple[DataItem, ...]:
        """Those of them that speak of all holders together."""
        return tuple(item for item in self.naming if not role_of(item).place)

    @cached_property
    def numbers(self) -> tuple[DataItem, ...]:
        """The items that say a holder's number."""
        return tuple(item for item in self.naming if role_of(item).part is Part.NUMBER)

    @property
    def named_by(self) -> list[tuple[str, str]]:
        """The fields that name a holder without the notice's, as `headings.missing_in` asks."""
        return [(columns.name, columns.number) for columns in self.holder_columns]


def type_heading(name: str) -> str:
    """What stands over the types: 母亲有效身份证件号码 has 母亲有效身份证件类型 beside it."""
    renamed = _NUMBER_WORD.sub("类型", name, count=1)
    return renamed if renamed != name else f"{name}类型"


def kind_rules(entry: Mapping[str, Any], issuing_department_code: str) -> KindRules:
    """The rules in one entry of `catalogue.json`; KeyError where the entry lacks a part."""
    rule = entry["number"]
    years = entry.get("validity_years")
    return KindRules(
        name=entry["name"],
        code=entry["code"],
        issuing_department=entry["issuing_department"],
        issuing_department_code=issuing_department_code,
        holder=entry["holder"],
        items=tuple(_item(item) for item in entry["items"]),
        number_pattern=rule["pattern"] if rule["rule"] == "generated" else None,
        number_item=rule["item"] if rule["rule"] == "same_as" else None,
        term=TermRule.of(
            years,
            entry.get("validity_months"),
            may_be_long_term=entry.get("may_be_long_term", years is None),
        ),
    )


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(
        key=entry["key"],
        name=entry["name"],
        kind=entry["kind"],
        max_length=entry.get("max_length"),
        choices=tuple(entry.get("choices", ())),
        required=entry.get("required", True),
        default=entry.get("default", ""),
        role=entry.get("role", ""),
        holder=entry.get("holder", 0),
    )
