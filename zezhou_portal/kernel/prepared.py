"""Queries that are built and compiled once and asked again and again with other values.

Where a page asks one wide question of many tables, Django takes several times longer to build
and compile the query than PostgreSQL to answer it. What is asked is still said by a queryset,
in the place and the words of every other one; only its SQL is kept.
"""

from collections.abc import Callable, Sequence
from threading import local
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

_DATABASE = "default"
M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """A query with places for values, compiled when a thread first asks it.

    `build` gives the queryset for any values; `samples` are values of the right types that no
    row has, by which their places in the SQL are found. The rows come with everything that
    `select_related`, `defer` and `annotate` gave them; `prefetch_related` is not for here.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[M]"], *samples: Any) -> None:
        self._build = build
        self._samples = samples
        self._kept = local()

    def rows(self, *values: Any) -> list[M]:
        """The rows for these values, in the order of the samples."""
        compiled = self._compiled()
        return compiled.rows(values)

    def first(self, *values: Any) -> M | None:
        """The first of the rows, or None."""
        return next(iter(self.rows(*values)), None)

    def _compiled(self) -> "_Compiled[M]":
        found: _Compiled[M] | None = getattr(self._kept, "compiled", None)
        if found is None:
            found = self._kept.compiled = _Compiled(self._build(*self._samples), self._samples)
        return found


class _Compiled(Generic[M]):
    """What Django's own iteration over a queryset works out anew each time, worked out once."""

    def __init__(self, rows: "models.QuerySet[M]", samples: Sequence[Any]) -> None:
        compiler: Any = rows.query.get_compiler(using=_DATABASE)
        self._sql, parameters = compiler.as_sql()
        self._places = [
            (place, samples.index(one)) for place, one in enumerate(parameters) if one in samples
        ]
        if {which for _, which in self._places} != set(range(len(samples))):
            raise ValueError("a value of a prepared query stands nowhere in its SQL")
        self._parameters = list(parameters)
        self._compiler = compiler
        about = compiler.klass_info
        self._model: type[M] = about["model"]
        fields = about["select_fields"]
        self._own = slice(fields[0], fields[-1] + 1)
        self._names = [one[0].target.attname for one in compiler.select[self._own]]
        populators: Any = get_related_populators
        self._related = populators(about, compiler.select, _DATABASE)
        self._annotated = list((compiler.annotation_col_map or {}).items())
        self._converters = compiler.get_converters(
            [one[0] for one in compiler.select[: compiler.col_count]]
        )

    def rows(self, values: Sequence[Any]) -> list[M]:
        parameters = self._parameters.copy()
        for place, which in self._places:
            parameters[place] = values[which]
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(self._sql, parameters)
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [self._row(one) for one in found]

    def _row(self, columns: Sequence[Any]) -> M:
        row = self._model.from_db(_DATABASE, self._names, columns[self._own])
        for related in self._related:
            related.populate(columns, row)
        for name, place in self._annotated:
            setattr(row, name, columns[place])
        return row
