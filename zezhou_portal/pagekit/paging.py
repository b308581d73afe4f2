"""One paginator for pages and API: by key, never by offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Count, F, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A run of rows, and tokens for what lies before and after it (empty at an end).

    `first` is the place of the first row as counted by the pages turned; rows that came or went
    meanwhile are not in it.
    """

    rows: Sequence[Row]
    before: str
    after: str
    size: int
    first: int = 1

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def is_whole(self) -> bool:
        """Whether these are all the rows there are."""
        return not self.before and not self.after


def page_of(
    rows: "QuerySet[Row]", *, order: Sequence[str], token: str, size: int = 20
) -> "Page[Row]":
    """The page that `token` points at, in `order`; `merged_page` of one set of rows."""
    return merged_page([rows], order=order, token=token, size=size)


def merged_page(
    several: "Sequence[QuerySet[Row]]", *, order: Sequence[str], token: str, size: int = 20
) -> "Page[Row]":
    """The page that `token` points at of one or several sets of rows, in `order`.

    Several sets are of several models: each has the columns of `order`, all of them numbers or
    moments and all in one direction, and one column that differs from set to set.

    `order` names columns without nulls, a leading minus for descending; the last one must be
    unique. A token that was tampered with or belongs to another order gives the first page.
    """
    direction, key, place = _read(token, order)
    forward = direction != "before"
    names, falling = _directions(order, forward=forward)
    columns = [
        F(name).desc() if down else F(name).asc() for name, down in zip(names, falling, strict=True)
    ]
    fetched: list[Row] = []
    for rows in several:
        ordered = rows.order_by(*columns)
        if key:
            ordered = ordered.filter(_beyond(names, falling, key))
        fetched += ordered[: size + 1]
    if len(several) > 1:
        fetched.sort(key=lambda row: [_raw(row, name) for name in names], reverse=falling[0])
    more = len(fetched) > size
    fetched = fetched[:size]
    if not forward:
        fetched.reverse()
    has_before = bool(key) if forward else more
    has_after = more if forward else True
    first = (place + 1 if forward else place - len(fetched)) if has_before else 1
    first = max(first, 1)
    last = first + len(fetched) - 1
    return Page(
        rows=fetched,
        before=_token("before", order, fetched[0], first) if fetched and has_before else "",
        after=_token("after", order, fetched[-1], last) if fetched and has_after else "",
        size=size,
        first=first,
    )


def count_with(
    rows: "QuerySet[Row]", *, order: Sequence[str], page: "Page[Row]"
) -> tuple[int, int]:
    """How many rows there are, and how many of them stand before the page: one query."""
    if not page.rows:
        return rows.order_by().count(), 0
    names, falling = _directions(order, forward=False)
    key = [_value(page.rows[0], name) for name in names]
    counted = rows.order_by().aggregate(
        total=Count("pk"), before=Count("pk", filter=_beyond(names, falling, key))
    )
    return counted["total"], counted["before"]


def _directions(order: Sequence[str], *, forward: bool) -> tuple[list[str], list[bool]]:
    """The columns of an order, and of each whether it falls when read in a direction."""
    names = [name.removeprefix("-") for name in order]
    return names, [name.startswith("-") == forward for name in order]


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


def _raw(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def _value(row: Model, name: str) -> Any:
    value = _raw(row, name)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _token(direction: str, order: Sequence[str], row: Model, place: int) -> str:
    key = [_value(row, name.removeprefix("-")) for name in order]
    return signing.dumps([direction, list(order), key, place], salt="paging", compress=True)


def _read(token: str, order: Sequence[str]) -> tuple[str, list[Any], int]:
    """Direction, key and place of a token; of one that is not ours, the first page's."""
    if token:
        try:
            direction, named, key, place = signing.loads(token, salt="paging")
        except (signing.BadSignature, ValueError):
            return "after", [], 0
        if named == list(order):
            return direction, key, place
    return "after", [], 0
