"""What a reader may see of a licence: the public part, and for a verifier the chosen items.

Article: M.22, M.26.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from licences import values
from licences.data_items import DataItem
from licences.models import CatalogueEntry, LicenceVersion
from usage.verifying.items import showable
from usage.verifying.register_answers import PublicPart, public_part
from usage.verifying.version_facts import marks_of


@dataclass(frozen=True)
class Field:
    """One item as it is shown: its key, its name, its text."""

    key: str
    name: str
    text: str
    is_sensitive: bool


@dataclass(frozen=True)
class Seen:
    """What a reader may see: the part that anyone may, and the items chosen for them."""

    part: PublicPart
    fields: tuple[Field, ...] = ()


def seen_by(version: LicenceVersion, items: Sequence[str], *, is_verifier: bool) -> Seen:
    """The public part for anybody; for a verifier names in full and the chosen items too.

    `version` comes from `usage.verifying.version_facts`, with licence and marks.
    """
    part = public_part(version, marks_of(version), masked=not is_verifier)
    return Seen(part, fields_of(version, items) if is_verifier else ())


def fields_of(version: LicenceVersion, keys: Sequence[str]) -> tuple[Field, ...]:
    """The items of a version that were chosen, in the order of the kind, in the clear."""
    wanted, stored = set(keys), version.frozen["values"]
    chosen = [
        item
        for item in _items(version.frozen["entry"])
        if item.key in wanted and stored.get(item.key)
    ]
    clear = values.thaw({item.key: stored[item.key] for item in chosen})
    return tuple(Field(item.key, item.name, clear[item.key], item.is_sensitive) for item in chosen)


@lru_cache(maxsize=512)
def _items(entry: str) -> tuple[DataItem, ...]:
    """The showable items of a published edition, which never changes."""
    return showable(CatalogueEntry.objects.only("items").get(uuid=entry).items)
