"""What a kind's pages say of its materials: whose licence spares which."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from licences.catalogue.selectors import kinds_by_code
from licences.materials import Material, materials_of


class ListedMaterial(NamedTuple):
    """A material, and the name of the kind whose licence spares it; empty where none does."""

    material: Material
    spared_by: str


def with_kinds(raw: Iterable[Mapping[str, Any]]) -> list[ListedMaterial]:
    """The materials of an entry with the names of the kinds that spare them."""
    materials = materials_of(raw)
    kinds = kinds_by_code() if any(one.instead for one in materials) else {}
    return [ListedMaterial(one, kinds.get(one.instead, "")) for one in materials]
