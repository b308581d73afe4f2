"""What a permit sheet's judge must know of a licence kind, taken from its catalogue entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from licences.validity import TermRule

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
        """Item key to Chinese name, as `headings.guess_mapping` takes it."""
        return {item.key: item.name for item in self.items}


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
