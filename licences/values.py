"""The document of captured values: one JSON object, sensitive values encrypted inside it.

Shape: `{item key: {"value": text, "source": where from, "was": what stood before, "by": who
typed it}}`; a value of a sensitive item is stored as `{"value": {"enc": "…"}}` (M.22, M.26).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from licences.data_items import DataItem
from zezhou_portal.kernel import vault

TYPED = "手工录入"
_DRAFT = "~"


def close(item: DataItem, text: str) -> Any:
    """A value as the document keeps it."""
    return {"enc": vault.encrypt(text)} if item.is_sensitive and text else text


def open_(stored: Any) -> str:
    """A value in the clear. Raises vault.Unreadable."""
    if isinstance(stored, dict):
        return vault.decrypt(stored["enc"])
    return str(stored)


def read(document: Mapping[str, Any], key: str) -> str:
    """One item's value in the clear, empty where there is none."""
    cell = document.get(key)
    return open_(cell["value"]) if cell else ""


def read_all(items: Iterable[DataItem], document: Mapping[str, Any]) -> dict[str, str]:
    """Every item's value in the clear."""
    return {item.key: read(document, item.key) for item in items}


def put(
    document: Mapping[str, Any],
    item: DataItem,
    text: str,
    source: str,
    *,
    by: int | None = None,
) -> tuple[dict[str, Any], bool]:
    """The document with one value put in, and whether that changed it.

    A value that replaces one taken over from elsewhere keeps what stood there as `was`. `by` is
    the account of whoever typed it: a personal value is shown in full to them (M.26).
    """
    cell = document.get(item.key)
    before = open_(cell["value"]) if cell else ""
    if cell is not None and before == text:
        return dict(document), False
    if cell is None and not text:
        return dict(document), False
    new: dict[str, Any] = {"value": close(item, text), "source": source}
    if by is not None:
        new["by"] = by
    if cell is not None and cell["source"] != TYPED and source == TYPED:
        new["was"] = cell["value"]
        new["was_source"] = cell["source"]
    elif cell is not None and "was" in cell:
        new["was"], new["was_source"] = cell["was"], cell["was_source"]
    return {**document, item.key: new}, True


def freeze(items: Iterable[DataItem], values: Mapping[str, str]) -> dict[str, Any]:
    """Values for a version: sensitive ones encrypted, the rest as they are."""
    return {item.key: close(item, values.get(item.key, "")) for item in items}


def thaw(frozen: Mapping[str, Any]) -> dict[str, str]:
    """A version's values in the clear."""
    return {key: open_(value) for key, value in frozen.items()}


def keep_draft(document: Mapping[str, Any], name: str, text: str) -> dict[str, Any]:
    """The document with the words typed for something that is no data item, or without them.

    The term of a licence stands in date columns; what cannot be read as a day, or is no term,
    waits here as it was typed. The name carries a mark that no data item's key has.
    """
    rest = {key: cell for key, cell in document.items() if key != f"{name}{_DRAFT}"}
    return {**rest, f"{name}{_DRAFT}": {"value": text, "source": TYPED}} if text else rest


def drafted(document: Mapping[str, Any], name: str) -> str:
    """The words that `keep_draft` keeps, or nothing."""
    return read(document, f"{name}{_DRAFT}")
