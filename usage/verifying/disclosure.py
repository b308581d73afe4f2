"""What a reader may see of a licence: what anybody may, and for a verifier the chosen items.

Article: M.22, M.26.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from licences import values
from licences.data_items import DataItem, items_of
from licences.models import CatalogueEntry, LicenceVersion
from usage.verifying.register_status import PublicSummary, public_summary
from usage.verifying.version_facts import VersionFacts
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.parties.capabilities import Capability


@dataclass(frozen=True)
class Field:
    """One item as it is shown: its key, its name, its text."""

    key: str
    name: str
    text: str
    is_sensitive: bool


@dataclass(frozen=True)
class Disclosure:
    """What a reader may see: the summary that anyone may, and the items chosen for them."""

    summary: PublicSummary
    fields: tuple[Field, ...] = ()


def may_see_items(actor: Actor) -> bool:
    """Whether the reader sees the items that the holder chose: a verifier on duty (ours)."""
    return actor.kind is ActorKind.OFFICIAL and actor.has(Capability.VERIFY_LICENCES.value)


def disclose(facts: VersionFacts, items: Sequence[str], *, is_verifier: bool) -> Disclosure:
    """The summary for anybody; for a verifier names in full and the chosen items too."""
    summary = public_summary(facts.version, facts.marks, masked=not is_verifier)
    return Disclosure(summary, fields_of(facts.version, items) if is_verifier else ())


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


def showable(raw: Iterable[Mapping[str, Any]]) -> tuple[DataItem, ...]:
    """The items of a kind that a holder can choose from: texts, not pictures."""
    return tuple(item for item in items_of(raw) if item.kind != "image")


def chosen_at_first(raw: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The keys that stand chosen at first: everything but personal items (ours, M.22)."""
    return tuple(item.key for item in showable(raw) if not item.is_sensitive)


@lru_cache(maxsize=512)
def _items(entry: str) -> tuple[DataItem, ...]:
    """The showable items of a published edition, which never changes."""
    return showable(CatalogueEntry.objects.only("items").get(uuid=entry).items)
