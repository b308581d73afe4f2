"""Rows of a form that are added, moved and taken out by submit buttons, without scripts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

from django import forms

F = TypeVar("F", bound=forms.Form)


class PostedRows(Generic[F]):
    """The rows of an editor as they were posted, and what a button does to them.

    A row is what stands in the fields of `form`, each with a `key` and a tick `required`.
    """

    form: type[F]
    name: ClassVar[str]  # how the fields are called: <name>-<place>-<field>, <name> of them
    verbs: ClassVar[str] = ""  # what the buttons' verbs begin with
    key: ClassVar[str]  # new rows are called <key>_1, <key>_2 …
    most: ClassVar[int] = 60

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.moved = -1

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> Self:
        """The rows of a POST; keys filled in."""
        text = data.get(cls.name, "0")
        is_count = text.isascii() and text.isdigit() and len(text) < 5
        count = min(int(text), cls.most) if is_count else 0
        rows = [
            {name: data.get(f"{cls.name}-{place}-{name}", "") for name in cls.form.base_fields}
            for place in range(count)
        ]
        taken = {row["key"] for row in rows}
        for row in rows:
            if not row["key"]:
                row["key"] = cls._free_key(taken)
                taken.add(row["key"])
        return cls(rows)

    def blank(self, key: str) -> dict[str, str]:
        """A new row."""
        raise NotImplementedError

    def rearrange(self, verb: str) -> bool:
        """Does what a button says: add, remove-3, up-3, down-3; False for any other verb."""
        if not verb.startswith(self.verbs):
            return False
        verb = verb.removeprefix(self.verbs)
        if verb == "add":
            if len(self.rows) < self.most:
                self.rows.append(self.blank(self._free_key({row["key"] for row in self.rows})))
            self.moved = len(self.rows) - 1
            return True
        name, _, text = verb.partition("-")
        place = int(text) if text.isascii() and text.isdigit() else -1
        if name not in {"remove", "up", "down"} or not 0 <= place < len(self.rows):
            return False
        row = self.rows.pop(place)
        if name != "remove":
            target = place - 1 if name == "up" else place + 1
            self.moved = max(0, min(target, len(self.rows)))
            self.rows.insert(self.moved, row)
        return True

    def forms(self, *, judged: bool) -> list[F]:
        """A form a row; with what is wrong only where `judged`."""
        return [
            self.form(_prefixed(row, f"{self.name}-{place}"), prefix=f"{self.name}-{place}")
            if judged
            else self.form(initial=_initial(row), prefix=f"{self.name}-{place}")
            for place, row in enumerate(self.rows)
        ]

    @classmethod
    def _free_key(cls, taken: set[str]) -> str:
        number = 1
        while f"{cls.key}_{number}" in taken:
            number += 1
        return f"{cls.key}_{number}"


def _prefixed(row: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {f"{prefix}-{name}": text for name, text in row.items() if name != "required" or text}


def _initial(row: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "required": bool(row["required"])}
