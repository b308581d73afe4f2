"""Who stands in the rows of a sheet becomes holders: found, or entered with the sheet's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audit.trail.recording import Act
from licences.stock.sheets.identities import kind_of_code
from zezhou_portal.kernel import vault
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.holders.selectors import identity_index, phone_index
from zezhou_portal.parties.masking import mask_name
from zezhou_portal.parties.models import Holder, HolderKind, IdentityType
from zezhou_portal.regulation.actions import Action


@dataclass(frozen=True)
class RowPerson:
    """A holder of a row, or a trader's operator, in the clear."""

    kind: str
    name: str
    id_type: str
    id_number: str
    phone: str = ""

    @cached_property
    def index(self) -> str:
        """What finds the holder again."""
        return identity_index(self.id_type, self.id_number)


def people_of(values: Mapping[str, Any]) -> list[RowPerson]:
    """The holders of a sound row, in the face's order."""
    number = opened(values["holder_id_number"])
    kind = str(values["holder_kind"])
    if values["holder_id_type"] == IdentityType.CREDIT_CODE:
        kind = kind_of_code(number)  # rows checked before sole traders had a kind of their own
    phone = opened(values.get("phone", ""))
    first = RowPerson(kind, values["holder_name"], values["holder_id_type"], number, phone)
    return [first, *(_told(one) for one in values.get("others", ()))]


def operator_of(values: Mapping[str, Any]) -> RowPerson | None:
    """Who does the business of a row's holder, where the row says it."""
    told = values.get("operator")
    return _told(told) if told else None


def name_shown(person: RowPerson) -> str:
    """The name as a page shows it: a person's masked (M.26)."""
    return mask_name(person.name) if person.kind == HolderKind.NATURAL_PERSON else person.name


def entered_holders(rows: Sequence[Mapping[str, Any]]) -> dict[str, Holder]:
    """The holders and operators of the rows by their blind index."""
    wanted: dict[str, RowPerson] = {}
    for values in rows:
        operator = operator_of(values)
        for one in [*people_of(values), *([operator] if operator else [])]:
            wanted[one.index] = one
    known = set(
        Holder.objects.filter(identity_index__in=wanted).values_list("identity_index", flat=True)
    )
    Holder.objects.bulk_create(
        [
            Holder(
                kind=one.kind,
                name=one.name,
                name_bigrams=bigrams(one.name),
                identity_type=one.id_type,
                identity_number=one.id_number,
                identity_index=index,
                phone=one.phone,
                phone_index=phone_index(one.phone),
            )
            for index, one in wanted.items()
            if index not in known
        ],
        ignore_conflicts=True,  # another worker may enter the same holder this instant
    )
    found = Holder.objects.filter(identity_index__in=wanted)
    return {holder.identity_index or "": holder for holder in found}


def tell_operators(
    act: Act, rows: Mapping[int, Mapping[str, Any]], holders: Mapping[str, Holder]
) -> None:
    """Keeps who does the business of the traders in the rows, as far as nobody knew (M.3).

    `rows` by their numbers. A ledger replaces nobody: where another operator is on record, or the
    number is known under another name, the row is named on the act and a clerk looks into it.
    """
    told: list[Holder] = []
    differing: list[int] = []
    for number, values in rows.items():
        operator = operator_of(values)
        if operator is None:
            continue
        trader, person = holders[people_of(values)[0].index], holders[operator.index]
        is_same = normalise_name(person.name) == normalise_name(operator.name)
        if trader.operator_id == person.pk:
            continue
        if trader.kind != HolderKind.SOLE_TRADER or trader.operator_id or not is_same:
            differing.append(number)
            continue
        trader.operator = person
        told.append(trader)
        act.add_record(trader.subject, {"operator": str(person.uuid)}, Action.HOLDER_CHANGED)
    Holder.objects.bulk_update(told, ["operator"])
    if differing:
        act.note("operators_differ", differing)


def opened(stored: Any) -> str:
    """A stored value in the clear."""
    return vault.decrypt(stored["enc"]) if isinstance(stored, dict) else str(stored)


def _told(one: Mapping[str, Any]) -> RowPerson:
    return RowPerson(one["kind"], one["name"], one["id_type"], opened(one["id_number"]))
