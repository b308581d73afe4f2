"""What an applicant brings for a kind of licence, and what stands in its place (M.6, M.15)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Material:
    """One material of a kind.

    `instead` is the type code of a kind: a holder who has a current licence of it brings
    nothing, the licence of the register stands in the material's place (P.2.3.2).
    """

    key: str
    name: str
    required: bool = True
    note: str = ""
    instead: str = ""


def materials_of(raw: Iterable[Mapping[str, Any]]) -> tuple[Material, ...]:
    """The materials of a catalogue entry, in their order."""
    return tuple(
        Material(
            key=one["key"],
            name=one["name"],
            required=one.get("required", True),
            note=one.get("note", ""),
            instead=one.get("instead", ""),
        )
        for one in raw
    )


def raw_materials(materials: Iterable[Material]) -> list[dict[str, Any]]:
    """Materials as an entry keeps them; what says nothing is left out."""
    found = []
    for one in materials:
        raw: dict[str, Any] = {"key": one.key, "name": one.name, "required": one.required}
        for name in ("note", "instead"):
            if getattr(one, name):
                raw[name] = getattr(one, name)
        found.append(raw)
    return found


def material_faults(material: Material) -> dict[str, str]:
    """What is wrong with one material, a sentence a field; empty where it is sound."""
    return {} if material.name.strip() else {"name": "还没有填材料名称"}


def materials_fault(materials: Sequence[Material]) -> str:
    """The first thing that is wrong with a kind's materials, as one sentence."""
    for one in materials:
        for sentence in material_faults(one).values():
            return f"申请材料“{one.name or one.key}”：{sentence}。"
    for names, words in (
        ([one.key for one in materials], "有申请材料的代号重复。"),
        ([one.name for one in materials], "有申请材料写了两遍。"),
    ):
        if len(set(names)) != len(names):
            return words
    return ""
