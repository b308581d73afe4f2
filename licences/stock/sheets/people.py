"""The holders of one row: one by the notice's columns, all of them by those of the kind (M.7).

A kind whose face names its holders by items of their own makes each holder whose name and number
stand in the row. Who stands there by name alone is a value of the face and no holder.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from licences.data_items import DataItem
from licences.roles import Part, Party, disagreements, known_of, role_of
from licences.stock.sheets.cells import Row, RowFault, RowFaultKind
from licences.stock.sheets.headings import ITEM_PREFIX
from licences.stock.sheets.identities import (
    CITIZEN_ID_TYPE,
    CREDIT_CODE_TYPE,
    Identity,
    Told,
    has_identity,
    kind_of_code,
)
from licences.stock.sheets.kinds import FILLED, HolderColumns, KindRules
from zezhou_portal.parties.identity_numbers import read_identity
from zezhou_portal.parties.models import IdentityType

_SEPARATORS = re.compile(r"[、，,；;]+")


@dataclass(frozen=True)
class Person:
    """A holder of a row, with the field that names them; `place` is theirs on the face."""

    name: str
    identity: Identity
    field: str = "holder_name"
    place: int = 0

    @property
    def party(self) -> Party:
        """The holder as a face must name it."""
        return Party(self.name, self.identity.type, self.identity.number)

    @property
    def told(self) -> Told:
        """The holder as a row's values keep them."""
        one = self.identity
        return Told(kind=one.kind, name=self.name, id_type=one.type, id_number=one.number)


def people_in(row: Row, kind: KindRules, items: Mapping[str, str]) -> list[Person]:
    """The holders whom the kind's own columns name with their number, in the face's order.

    `items` are the row's values as read. Raises RowFault where two are the same person.
    """
    found: list[Person] = []
    for columns in kind.holder_columns:
        name, number = items.get(_key(columns.name)), items.get(_key(columns.number))
        if not (row.has(columns.name) and row.has(columns.number) and name and number):
            continue
        person = Person(name, _identity(number), columns.name, columns.place)
        if any(other.identity == person.identity for other in found):
            raise RowFault(
                RowFaultKind.NOT_THE_HOLDER,
                columns.number,
                "与另一位持证人的证件号码相同。请对照纸质证照改正",
            )
        found.append(person)
    return found


def names_by_columns(row: Row, kind: KindRules) -> bool:
    """Whether the kind's own columns say who holds the licence: the notice's have no number."""
    has_columns = any(row.has(one.name) and row.has(one.number) for one in kind.holder_columns)
    return has_columns and not has_identity(row)


def named_by_columns(row: Row, kind: KindRules, people: Sequence[Person]) -> Person:
    """Whom of the people in the kind's columns a row means.

    Raises RowFault where they name nobody or the notice's column names somebody else.
    """
    if not people:
        columns = kind.holder_columns[0]
        field = columns.number if row.text(columns.name) else columns.name
        sentence = f"还没有填{row.name(field)}，不知道是谁的证照"
        raise RowFault(RowFaultKind.NO_HOLDER_IDENTITY, field, sentence)
    wanted = [" ".join(one.split()) for one in _SEPARATORS.split(row.line("holder_name"))]
    names = {person.name: person for person in people}
    if strange := next((one for one in wanted if one and one not in names), ""):
        raise RowFault(
            RowFaultKind.NOT_THE_HOLDER,
            "holder_name",
            f"“{strange}”不是照面上的持证人（{'、'.join(names)}）。请对照纸质证照改正",
        )
    return next((names[one] for one in wanted if one), people[0])


def together(
    row: Row, kind: KindRules, own: Person, people: Sequence[Person], items: Mapping[str, str]
) -> list[Person]:
    """All holders of a row, in the face's order: the row's own and those of the kind's columns.

    Whoever the notice's columns name takes the place that speaks of them, else one that the sheet
    has no columns for. Raises RowFault where the face has no place for them.
    """
    place, is_free = _place_of(row, kind.holder_columns, own, people, items)
    others = [person for person in people if person.place != place]
    whole = Person(own.name, own.identity, own.field, place)
    holders = sorted([whole, *others], key=lambda person: person.place)
    naming = [item for item in _naming(row, kind) if not (is_free and role_of(item).place)]
    parties = [person.party for person in holders]
    if not naming:
        return holders
    faults = disagreements(naming, items, [own.party], knows_all=False)
    shared = {item.key for item in naming if not role_of(item).place}
    if shared and len(holders) > 1:
        wrong = {fault.field for fault in disagreements(naming, items, parties, knows_all=False)}
        faults = [one for one in faults if one.field not in shared or one.field in wrong]
    for fault in faults:
        field = ITEM_PREFIX + fault.field
        raise RowFault(RowFaultKind.NOT_THE_HOLDER, field, fault.sentence)
    return holders


def filled(kind: KindRules, holders: Sequence[Person], items: Mapping[str, str]) -> dict[str, str]:
    """The row's values with what the holders themselves say of the items left empty.

    Raises RowFault where the face cannot hold the number of the row's holder.
    """
    last = max((person.place for person in holders), default=0)
    by_place = {person.place or 1: person.party for person in holders}
    parties = [by_place.get(place, Party("")) for place in range(1, max(last, 1) + 1)]
    known = known_of(kind.naming_one, parties) if kind.naming_one else {}
    known |= known_of(kind.naming_all, [one for one in parties if one.name])
    values = {**known, **items}
    if len(holders) > 1:  # what names all of them together names all
        names = [one.key for one in kind.naming_all if role_of(one).part is Part.NAME]
        values |= {key: known[key] for key in names if key in known}
    for person in holders:
        _check_room(kind, person, values)
    return values


def _check_room(kind: KindRules, person: Person, values: Mapping[str, str]) -> None:
    numbers = [item for item in kind.numbers if role_of(item).place in (0, person.place)]
    if numbers and not any(values.get(item.key) for item in numbers):
        label = IdentityType(person.identity.type).label
        names = "、".join(item.name for item in numbers)
        raise RowFault(
            RowFaultKind.UNSUPPORTED_IDENTITY,
            "holder_id_type" if person.field == "holder_name" else person.field,
            f"照面上的“{names}”写不下{label}。请先在目录里把这一项改成带类型的身份证件号码，再转换",
        )


def _place_of(
    row: Row,
    places: Sequence[HolderColumns],
    own: Person,
    people: Sequence[Person],
    items: Mapping[str, str],
) -> tuple[int, bool]:
    """The place on the face that a row's own holder has, and whether no column speaks of it."""
    for person in people:
        if person.identity == own.identity:
            return person.place, False
    for columns in places:
        if items.get(_key(columns.name)) == own.name:
            return columns.place, False
    for columns in places:
        if not row.has(columns.name) and not row.has(columns.number):
            return columns.place, True
    return 0, False


def _naming(row: Row, kind: KindRules) -> list[DataItem]:
    """The items with a column of their own that name a holder."""
    return [item for item in kind.naming if item.kind in FILLED and row.has(ITEM_PREFIX + item.key)]


def _key(field: str) -> str:
    return field.removeprefix(ITEM_PREFIX)


def _identity(text: str) -> Identity:
    """The identity in a value that was found sound."""
    read = read_identity(text)
    if len(read.number) == 18 and read.type in ("", CREDIT_CODE_TYPE):
        return Identity(kind_of_code(read.number), CREDIT_CODE_TYPE, read.number)
    return Identity("natural_person", read.type or CITIZEN_ID_TYPE, read.number)
