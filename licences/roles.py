"""What a data item says of a holder, and whether face and holders agree (M.7).

A kind's item may be a holder's name, a holder's number or a holder's representative, of the first,
the second … holder or of them all. Columns of several holders may stand in either order; what must
agree is that each column names one holder whole. An entry that says nothing of an item is read by
the item's standard key.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from licences.data_items import DataItem
from zezhou_portal.parties.identity_numbers import identity_text, read_identity
from zezhou_portal.parties.models import IdentityType
from zezhou_portal.regulation.errors import Fault, FaultKind
from zezhou_portal.regulation.identifiers import normalise_code

MOST_HOLDERS = 6
_COUPLE = re.compile(r"spouse_([1-6])_(name|citizen_id)")
_SEPARATORS = re.compile(r"[、，,；;\n]+")
# the type of identity that an item of a kind can hold; any other kind holds every type
_TYPE_OF_KIND = {
    "credit_code": IdentityType.CREDIT_CODE.value,
    "citizen_id": IdentityType.CITIZEN_ID.value,
}


class Part(StrEnum):
    """What of a holder an item says."""

    NONE = "none"
    NAME = "holder_name"
    NUMBER = "holder_number"
    REPRESENTATIVE = "representative"


PART_WORDS = {
    Part.NONE: "不是",
    Part.NAME: "持证人的名称（姓名）",
    Part.NUMBER: "持证人的证件号码",
    Part.REPRESENTATIVE: "持证人的法定代表人、负责人或经营者",
}
PART_KINDS = {
    Part.NAME: frozenset({"text", "long_text"}),
    Part.NUMBER: frozenset({"text", "credit_code", "citizen_id", "identity_number"}),
    Part.REPRESENTATIVE: frozenset({"text"}),
}
_BY_KEY = {
    "holder_name": Part.NAME,
    "credit_code": Part.NUMBER,
    "citizen_id": Part.NUMBER,
    "legal_representative": Part.REPRESENTATIVE,
}


@dataclass(frozen=True)
class ItemRole:
    """What an item says, and of which holder: the first is 1, all of them together 0."""

    part: Part
    place: int = 0


@dataclass(frozen=True)
class Party:
    """A holder as a face must name it; `representatives` are the names that the register knows."""

    name: str
    identity_type: str = ""
    identity_number: str = ""
    representatives: tuple[str, ...] = ()


def role_of(item: DataItem) -> ItemRole:
    """The role that the entry gives an item, else that of its standard key."""
    if item.role:
        return ItemRole(Part(item.role), item.holder)
    couple = _COUPLE.fullmatch(item.key)
    if couple:
        return ItemRole(Part.NAME if couple[2] == "name" else Part.NUMBER, int(couple[1]))
    return ItemRole(_BY_KEY.get(item.key, Part.NONE), item.holder)


def role_words(item: DataItem) -> str:
    """The role as an entry's page says it; empty for an item that says nothing of a holder."""
    role = role_of(item)
    if role.part is Part.NONE:
        return ""
    return f"第 {role.place} 位{PART_WORDS[role.part]}" if role.place else PART_WORDS[role.part]


def holders_asked(items: Sequence[DataItem]) -> tuple[int, int]:
    """How many holders the face needs at least and has room for at most; 0 where it does not say.

    A face with one column for all of them together has room for any number.
    """
    places = [(role_of(item).place, item.required) for item in items]
    least = max((place for place, required in places if required), default=0)
    return least, max((place for place, _ in places), default=0)


def count_fault(items: Sequence[DataItem], count: int) -> str:
    """What is wrong with the number of holders, by the columns of the face; empty if nothing."""
    least, most = holders_asked(items)
    if count < least:
        return f"照面上有 {least} 位持证人，现在选了 {count} 位。请把持证人选齐"
    if most and count > most:
        return f"照面上只写得下 {most} 位持证人，现在选了 {count} 位。请核对"
    return ""


def known_of(items: Sequence[DataItem], parties: Sequence[Party]) -> dict[str, str]:
    """What the holders themselves say of the items, so that nobody is asked twice (M.17)."""
    known: dict[str, str] = {}
    for item in items:
        role = role_of(item)
        if role.part is Part.NONE or role.place > len(parties):
            continue
        meant = [parties[role.place - 1]] if role.place else list(parties)
        if text := _said(item, role.part, meant):
            known[item.key] = text
    return known


def _said(item: DataItem, part: Part, meant: Sequence[Party]) -> str:
    match part:
        case Part.NAME:
            return "、".join(party.name for party in meant)
        case Part.NUMBER:
            numbers = [_number_for(item, party) for party in meant if _fits(item, party)]
            return next((number for number in numbers if number), "")
        case _:
            names = {name for party in meant for name in party.representatives}
            return names.pop() if len(names) == 1 else ""


def disagreements(
    items: Sequence[DataItem],
    captured: Mapping[str, str],
    parties: Sequence[Party],
    *,
    knows_all: bool = True,
) -> list[Fault]:
    """Where the face would name somebody else than the holders, a fault a field.

    Not `knows_all`: a row of a permit sheet names one of several holders; what stands in the
    columns of the others is theirs. Article: M.7.
    """
    columns: dict[int, list[tuple[DataItem, Part]]] = {}
    for item in items:
        role = role_of(item)
        if role.part is not Part.NONE and captured.get(item.key):
            columns.setdefault(role.place, []).append((item, role.part))
    together = columns.pop(0, [])
    claims = _claims(columns, captured, parties, knows_all=knows_all)
    faults = [
        fault
        for place, column in sorted(columns.items())
        if place in claims or knows_all
        for fault in _of_column(column, captured, _party(parties, claims.get(place)))
    ]
    if columns and not claims and parties and not knows_all:
        item = min(columns.items())[1][0][0]
        sentence = f"这几位里没有持证人“{parties[0].name}”。请对照纸质证照改正"
        faults.append(Fault(item.key, FaultKind.CONTRADICTS, sentence))
    return [*_of_together(together, captured, parties), *faults]


def _party(parties: Sequence[Party], index: int | None) -> Party | None:
    return None if index is None else parties[index]


def _claims(
    columns: Mapping[int, Sequence[tuple[DataItem, Part]]],
    captured: Mapping[str, str],
    parties: Sequence[Party],
    *,
    knows_all: bool,
) -> dict[int, int]:
    """Which holder each column means: the one of its number, else of its name, else the next."""
    claims: dict[int, int] = {}
    for wanted in (Part.NUMBER, Part.NAME):
        for place, column in columns.items():
            for item, part in column:
                if part is not wanted or place in claims:
                    continue
                for index, party in enumerate(parties):
                    if index in claims.values():
                        continue
                    if _agrees(item, part, captured[item.key], party):
                        claims[place] = index
                        break
    if knows_all:
        rest = [index for index in range(len(parties)) if index not in claims.values()]
        for place in sorted(set(columns) - set(claims)):
            if rest:
                claims[place] = rest.pop(rest.index(place - 1) if place - 1 in rest else 0)
    return claims


def _agrees(item: DataItem, part: Part, text: str, party: Party) -> bool:
    match part:
        case Part.NAME:
            return _plain(text) == _plain(party.name)
        case Part.NUMBER:
            is_known = bool(party.identity_number)
            return is_known and _fits(item, party) and _is_number_of(item, text, party)
        case _:
            return not party.representatives or _plain(text) in map(_plain, party.representatives)


def _of_column(
    column: Sequence[tuple[DataItem, Part]], captured: Mapping[str, str], party: Party | None
) -> list[Fault]:
    if party is None:
        sentence = "收件时没有选这一位持证人。请核对，或撤回后把持证人选齐再收件"
        return [Fault(column[0][0].key, FaultKind.CONTRADICTS, sentence)]
    return [
        Fault(item.key, FaultKind.CONTRADICTS, _sentence(item, part, [party]))
        for item, part in column
        if not _agrees(item, part, captured[item.key], party)
    ]


def _of_together(
    items: Sequence[tuple[DataItem, Part]], captured: Mapping[str, str], parties: Sequence[Party]
) -> list[Fault]:
    if not parties:
        return []
    faults = []
    for item, part in items:
        text = captured[item.key]
        if part is Part.NAME:
            named = sorted(_plain(one) for one in _SEPARATORS.split(text) if one.strip())
            is_sound = _plain(text) == _plain("、".join(one.name for one in parties)) or (
                named == sorted(_plain(party.name) for party in parties)
            )
        elif part is Part.NUMBER:
            is_sound = any(_agrees(item, part, text, party) for party in parties)
        else:
            known = [party for party in parties if party.representatives]
            is_sound = not known or any(_agrees(item, part, text, party) for party in known)
        if not is_sound:
            faults.append(Fault(item.key, FaultKind.CONTRADICTS, _sentence(item, part, parties)))
    return faults


def _sentence(item: DataItem, part: Part, parties: Sequence[Party]) -> str:
    names = "、".join(party.name for party in parties)
    if part is Part.NAME:
        return f"与选定的持证人（{names}）不一致。请改正，或另选持证人"
    if part is Part.REPRESENTATIVE:
        known = "或".join(dict.fromkeys(n for one in parties for n in one.representatives))
        return (
            f"与登记的（{known}）不是同一人。请核对；换了人的，请先变更营业执照，"
            "或请新任的人实名登录一次"
        )
    if not any(party.identity_number for party in parties):
        return f"“{names}”登记里还没有证件号码，核对不了。请先在持证人信息里补上号码"
    fitting = [party for party in parties if _fits(item, party) and party.identity_number]
    if not fitting:
        label = IdentityType(next(p.identity_type for p in parties if p.identity_number)).label
        wanted = IdentityType(_TYPE_OF_KIND[item.kind]).label
        return f"“{names}”登记的是{label}，这里填的是{wanted}，核对不上。请核对持证人"
    label = IdentityType(fitting[0].identity_type).label
    return f"与选定持证人登记的{label}不一致。请核对"


def _fits(item: DataItem, party: Party) -> bool:
    """Whether an item of this kind can hold the party's type of number."""
    return _TYPE_OF_KIND.get(item.kind, party.identity_type) == party.identity_type


def _number_for(item: DataItem, party: Party) -> str:
    """The party's number as an item of this kind keeps it."""
    if item.kind == "identity_number" and party.identity_number:
        return identity_text(party.identity_type, party.identity_number)
    return party.identity_number


def _is_number_of(item: DataItem, text: str, party: Party) -> bool:
    """Whether a text is the party's number; with its type where the item has one."""
    if item.kind != "identity_number" and normalise_code(text) == party.identity_number:
        return True
    read = read_identity(text)
    return (read.type, read.number) == (party.identity_type, party.identity_number)


def _plain(text: str) -> str:
    return " ".join(text.split())
