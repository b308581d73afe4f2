"""Which items of a licence can be shown, and which are chosen until somebody says otherwise."""

from collections.abc import Iterable, Mapping
from typing import Any

from licences.data_items import DataItem, items_of


def showable(raw: Iterable[Mapping[str, Any]]) -> tuple[DataItem, ...]:
    """The items of a kind that a holder can choose from: texts, not pictures."""
    return tuple(item for item in items_of(raw) if item.kind != "image")


def chosen_at_first(raw: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The keys that stand chosen at first: everything but personal items (ours, M.22)."""
    return tuple(item.key for item in showable(raw) if not item.is_sensitive)
