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
    is_picture: bool = False


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
    """The items of a version that were chosen, in the order of the kind, in the clear.

    A picture has no text: `picture_digest` leads to it.
    """
    wanted, stored = set(keys), version.frozen["values"]
    chosen = [item for item in _items(version.frozen["entry"]) if item.key in wanted]
    clear = values.thaw({one.key: stored[one.key] for one in chosen if stored.get(one.key)})
    fields = []
    for item in chosen:
        is_picture = item.kind == "image"
        text = "" if is_picture else clear.get(item.key, "")
        if text or (is_picture and picture_digest(version, item.key)):
            fields.append(Field(item.key, item.name, text, item.is_sensitive, is_picture))
    return tuple(fields)


def picture_digest(version: LicenceVersion, key: str) -> str:
    """The digest of a version's picture; empty where the item is none or has none.

    The first picture of a version may be named beside its values, as of stock.
    """
    pictures = [item.key for item in _items(version.frozen["entry"]) if item.kind == "image"]
    if key not in pictures:
        return ""
    stored = version.frozen["values"].get(key)
    digest = values.open_(stored) if stored else ""
    return digest or (version.photo_digest if key == pictures[0] else "")


def showable(raw: Iterable[Mapping[str, Any]]) -> tuple[DataItem, ...]:
    """The items of a kind that a holder can choose from."""
    return items_of(raw)


def chosen_at_first(raw: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The keys that stand chosen at first: everything but personal items (ours, M.22)."""
    return tuple(item.key for item in showable(raw) if not item.is_personal)


@lru_cache(maxsize=512)
def _items(entry: str) -> tuple[DataItem, ...]:
    """The showable items of a published edition, which never changes."""
    return showable(CatalogueEntry.objects.only("items").get(uuid=entry).items)
