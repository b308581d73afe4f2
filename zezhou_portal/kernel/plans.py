"""Statements that each connection to the database plans once (PREPARE) and runs again and again.

For rows found by equal keys alone: the plan of a search by a pattern depends on the pattern.
Behind a pooler that hands every transaction another connection nothing is kept: there
PORTAL_KEEP_PLANS is off, and the same statements are sent in full.
"""

from collections.abc import MutableMapping, Sequence
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings

# The names under which each open connection of the driver holds plans.
_HELD: MutableMapping[Any, set[str]] = WeakKeyDictionary()


class Plan:
    """One statement: its SQL with `%s` for constants and values alike, as Django compiles it.

    `order` says which of the values stands at each place, None where a constant stands.
    """

    def __init__(self, sql: str, parameters: Sequence[Any], order: Sequence[int | None]) -> None:
        self._sql, self._parameters, self._places = sql, parameters, order
        self._order = [which for which in order if which is not None]
        digest = sha256(repr((sql, parameters, order)).encode()).hexdigest()
        self._name = f"{sql.split(None, 1)[0].lower()}_{digest[:24]}"
        arguments = ", ".join(["%s"] * len(self._order))
        self._call = f"EXECUTE {self._name}({arguments})" if arguments else f"EXECUTE {self._name}"

    def run(self, cursor: Any, values: Sequence[Any]) -> None:
        """Runs the statement on a cursor of Django's; the answer is there to be fetched."""
        cursor.execute(self._asked(cursor), [values[which] for which in self._order])

    def _asked(self, cursor: Any) -> str:
        """The SQL that asks, with places for the values; this connection holds the plan then.

        A plan outlives its transaction, even one that is rolled back.
        """
        if not settings.PORTAL_KEEP_PLANS:
            return self._written(cursor, ["%s"] * len(self._order), escaped=True)
        line = cursor.connection
        held = _HELD.setdefault(line, set())
        if self._name not in held:
            places = [f"${place + 1}" for place in range(len(self._order))]
            with line.cursor() as own:
                own.execute(f"PREPARE {self._name} AS {self._written(own, places)}")
            held.add(self._name)
        return self._call

    def _written(self, cursor: Any, places: Sequence[str], *, escaped: bool = False) -> str:
        """The statement with each constant written out and these words where values stand."""
        words = iter(places)

        def said(parameter: Any) -> str:
            constant: str = cursor.mogrify("%s", [parameter]).decode()
            return constant.replace("%", "%%") if escaped else constant

        told = tuple(
            said(parameter) if which is None else next(words)
            for parameter, which in zip(self._parameters, self._places, strict=True)
        )
        sql = self._sql.replace("%%", "%%%%") if escaped else self._sql
        return sql % told
