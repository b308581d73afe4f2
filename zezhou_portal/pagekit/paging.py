"""One paginator for pages and API: by key, never by offset, never with a total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A run of rows, and tokens for what lies before and after it (empty at an end)."""

    rows: Sequence[Row]
    before: str
    after: str
    size: int


def page_of(
    rows: "QuerySet[Row]", *, order: Sequence[str], token: str, size: int = 20
) -> "Page[Row]":
    """The page that `token` points at, in `order`.

    `order` names columns without nulls, a leading minus for descending; the last one must be
    unique. A token that was tampered with or belongs to another order gives the first page.
    """
    direction, key = _read(token, order)
    forward = direction != "before"
    names = [name.removeprefix("-") for name in order]
    falling = [name.startswith("-") != (not forward) for name in order]
    ordered = rows.order_by(
        *[
            F(name).desc() if down else F(name).asc()
            for name, down in zip(names, falling, strict=True)
        ]
    )
    if key:
        ordered = ordered.filter(_beyond(names, falling, key))
    found = list(ordered[: size + 1])
    more = len(found) > size
    found = found[:size]
    if not forward:
        found.reverse()
    has_before = bool(key) if forward else more
    has_after = more if forward else True
    return Page(
        rows=found,
        before=_token("before", order, found[0]) if found and has_before else "",
        after=_token("after", order, found[-1]) if found and has_after else "",
        size=size,
    )


def _beyond(names: Sequence[str], falling: Sequence[bool], key: Sequence[Any]) -> Q:
    condition = Q()
    for place, name in enumerate(names):
        equal = Q(**dict(zip(names[:place], key[:place], strict=True)))
        step = "lt" if falling[place] else "gt"
        condition |= equal & Q(**{f"{name}__{step}": key[place]})
    # Said once more of the first column alone: an index is entered there, instead of being read
    # from its start and thrown away.
    bound = "lte" if falling[0] else "gte"
    return Q(**{f"{names[0]}__{bound}": key[0]}) & condition


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _token(direction: str, order: Sequence[str], row: Model) -> str:
    key = [_value(row, name.removeprefix("-")) for name in order]
    return signing.dumps([direction, list(order), key], salt="paging", compress=True)


def _read(token: str, order: Sequence[str]) -> tuple[str, list[Any]]:
    if not token:
        return "after", []
    try:
        direction, named, key = signing.loads(token, salt="paging")
    except (signing.BadSignature, ValueError):
        return "after", []
    return (direction, key) if named == list(order) else ("after", [])
