"""Queries that are built and planned once and asked again and again with other values.

Where a page asks one wide question of many tables, Django takes several times longer to build
and compile the query, and PostgreSQL to plan it, than to answer it. What is asked is still said
by a queryset, in the place and the words of every other one; only its SQL and its plan are kept
(`plans`). So are those of the few writes that stand behind every reading of a code.
"""

from collections.abc import Callable, Mapping, Sequence
from threading import local
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from django.db import connections, models, transaction
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

from zezhou_portal.kernel.plans import Plan

_DATABASE = "default"
M = TypeVar("M", bound=models.Model)
# The rows that are meant, and what they are to hold.
Change: TypeAlias = "tuple[models.QuerySet[Any], Mapping[str, Any]]"


class Prepared(Generic[M]):
    """A query with places for values, compiled when a thread first asks it.

    `build` gives the queryset for any values; `samples` are values of the right types that no
    row has, by which their places in the SQL are found. The rows come with everything that
    `select_related`, `defer` and `annotate` gave them; `prefetch_related` is not for here.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[M]"], *samples: Any) -> None:
        self._build, self._samples = build, samples
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


class PreparedUpdate:
    """An UPDATE with places for values: `QuerySet.update` of what `build` gives, kept.

    `build` gives the rows that are meant and what they are to hold; any value may be None when
    it is run.
    """

    def __init__(self, build: "Callable[..., Change]", *samples: Any) -> None:
        self._build, self._samples = build, samples
        self._plan: Plan | None = None

    def run(self, *values: Any) -> int:
        """How many rows were changed."""
        if self._plan is None:
            sql, parameters, order = self.written()
            self._plan = Plan(sql, parameters, order)
        with connections[_DATABASE].cursor() as cursor:
            self._plan.run(cursor, values)
            return int(cursor.rowcount)

    def written(self) -> "_Written":
        """The statement, its parameters, and which of the values stands at each."""
        rows, held = self._build(*self._samples)
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values(held)
        # a row may be asked to be locked: Django compiles that inside a transaction alone
        with transaction.atomic(using=_DATABASE, savepoint=False):
            sql, parameters = query.get_compiler(using=_DATABASE).as_sql()
        return sql, parameters, _order(parameters, self._samples)


class PreparedInsert:
    """The INSERT of one new row of each of some models, in one statement, kept.

    What the database gives, such as the key, is on the rows afterwards. As `bulk_create` it
    sends no signal and asks no `save`.

    `after`: an UPDATE that the same statement does first. Where it changes no row, nothing is
    written.
    """

    def __init__(self, *kinds: type[models.Model], after: PreparedUpdate | None = None) -> None:
        self._kinds, self._after = kinds, after
        self._kept: tuple[Plan, Sequence[_Columns], Sequence[Sequence[Any]]] | None = None

    def write(
        self, *rows: models.Model, using: str = _DATABASE, changing: Sequence[Any] = ()
    ) -> bool:
        """Writes the rows: one of each model, in their order. Whether they were written.

        `changing`: the values of the UPDATE.
        """
        plan, columns, given = self._compiled()
        connection = connections[using]
        values: list[Any] = [*changing]
        for row, fields in zip(rows, columns, strict=True):
            held = vars(row)
            values += [
                value
                if (value := held.get(one.attname, kind)) is None or type(value) is kind
                else one.get_db_prep_save(one.pre_save(row, add=True), connection)
                for one, kind in fields
            ]
        with connection.cursor() as cursor:
            plan.run(cursor, values)
            found = cursor.fetchone()
        if found is None:
            return False
        got = iter(found)
        for row, back in zip(rows, given, strict=True):
            for one in back:
                setattr(row, one.attname, next(got))
            row._state.adding, row._state.db = False, using
        return True

    def _compiled(self) -> "tuple[Plan, Sequence[_Columns], Sequence[Sequence[Any]]]":
        if self._kept is None:
            told, columns, given = [], [], []
            change, parameters, order = self._after.written() if self._after else ("", (), ())
            parameters, order = [*parameters], [*order]
            first = len({which for which in order if which is not None})
            for model in self._kinds:
                about = model._meta
                back = list(about.db_returning_fields)
                fields = [one for one in about.concrete_fields if one not in back]
                query: Any = InsertQuery(model)
                query.insert_values(fields, [_Places(fields)], raw=True)
                compiler = query.get_compiler(using=_DATABASE)
                compiler.returning_fields = back
                ((sql, held),) = compiler.as_sql()
                told.append(sql)
                order += range(first, first := first + len(held))
                parameters += held
                columns.append([(one, _AS_IT_IS.get(type(one), _Never)) for one in fields])
                given.append(back)
            plan = Plan(_in_one(change, told, given), parameters, order)
            self._kept = plan, columns, given
        return self._kept


# Fields, each with the type whose values go to the driver as they are.
_Columns: TypeAlias = Sequence[tuple[Any, type]]


def _in_one(change: str, inserts: Sequence[str], given: Sequence[Sequence[Any]]) -> str:
    """Several INSERTs as one statement that gives back what each of them gives.

    With a change: each writes its row once for the row that was changed.
    """
    if not change and len(inserts) == 1:
        return inserts[0]
    parts = [f"done AS ({change} RETURNING 1)"] if change else []
    names = [f"row_{place}" for place in range(len(inserts))]
    for name, sql in zip(names, inserts, strict=True):
        parts.append(f"{name} AS ({_once_for_done(sql) if change else sql})")
    quoted = connections[_DATABASE].ops.quote_name
    back = ", ".join(
        f"{name}.{quoted(one.column)}"
        for name, fields in zip(names, given, strict=True)
        for one in fields
    )
    return f"WITH {', '.join(parts)} SELECT {back} FROM {', '.join(names)}"  # noqa: S608 (compiled SQL)


def _once_for_done(insert: str) -> str:
    """INSERT … VALUES (…) RETURNING … as INSERT … SELECT … FROM done RETURNING …"""
    head, _, rest = insert.partition(" VALUES (")
    values, _, back = rest.rpartition(") RETURNING ")
    return f"{head} SELECT {values} FROM done RETURNING {back}"  # noqa: S608 (compiled SQL)


# What these fields hold goes to the driver as it is, if it is of this very type or nothing.
_AS_IT_IS = {
    models.CharField: str, models.TextField: str, models.UUIDField: UUID,
    models.BooleanField: bool, models.IntegerField: int, models.ForeignKey: int,
}  # fmt: skip


class _Never:
    """The type of no value: the field says itself what goes to the driver."""


class _Places:
    """Stands for any row while its INSERT is compiled: each column has a place of its own."""

    def __init__(self, fields: Sequence[Any]) -> None:
        for one in fields:
            setattr(self, one.attname, None)


# A statement, its parameters, and which of the values stands at each: None for a constant.
_Written: TypeAlias = "tuple[str, Sequence[Any], Sequence[int | None]]"


def _order(parameters: Sequence[Any], samples: Sequence[Any]) -> Sequence[int | None]:
    """Which value stands where: the samples' places in a compiled statement are those of values."""
    order = [samples.index(one) if one in samples else None for one in parameters]
    if {which for which in order if which is not None} != set(range(len(samples))):
        raise ValueError("a value of a prepared query stands nowhere in its SQL")
    return order


class _Compiled(Generic[M]):
    """What Django's own iteration over a queryset works out anew each time, worked out once."""

    def __init__(self, rows: "models.QuerySet[M]", samples: Sequence[Any]) -> None:
        compiler: Any = rows.query.get_compiler(using=_DATABASE)
        sql, parameters = compiler.as_sql()
        self._plan = Plan(sql, parameters, _order(parameters, samples))
        self._compiler = compiler
        about = compiler.klass_info
        fields = about["select_fields"]
        own = slice(fields[0], fields[-1] + 1)
        names = [one[0].target.attname for one in compiler.select[own]]
        populators: Any = get_related_populators
        self._shape: _Shape[M] = _Shape(
            about["model"], names, own, populators(about, compiler.select, _DATABASE)
        )
        self._annotated = list((compiler.annotation_col_map or {}).items())
        self._converters = compiler.get_converters(
            [one[0] for one in compiler.select[: compiler.col_count]]
        )

    def rows(self, values: Sequence[Any]) -> list[M]:
        with connections[_DATABASE].cursor() as cursor:
            self._plan.run(cursor, values)
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [self._row(one) for one in found]

    def _row(self, columns: Sequence[Any]) -> M:
        row = self._shape.row(columns)
        for name, place in self._annotated:
            setattr(row, name, columns[place])
        return row


class _Shape(Generic[M]):
    """Makes a model's row, and the rows that hang on it, of the columns of an answer.

    As Django's `from_db` leaves it, without going through every field's setter: for eighty
    columns that took longer than the database. A column that was deferred is fetched when asked
    for, as ever. Models that do more when they are made are not for here.
    """

    def __init__(
        self, model: type[M], names: Sequence[str], own: slice, populators: Sequence[Any]
    ) -> None:
        if model.__init__ is not models.Model.__init__ or "from_db" in vars(model):
            raise ValueError(f"{model.__name__} does more when it is made")
        self._model, self._names, self._own = model, names, own
        self._hanging = [
            (
                one.cols_start + one.pk_idx,
                _Shape(
                    one.model_cls, one.init_list,
                    slice(one.cols_start, one.cols_end), one.related_populators,
                ),
                one.local_setter,
                one.remote_setter,
            )
            for one in populators
        ]  # fmt: skip

    def row(self, columns: Sequence[Any]) -> M:
        made = self._model.__new__(self._model)
        made._state = state = ModelState()
        state.adding, state.db = False, _DATABASE
        made.__dict__.update(zip(self._names, columns[self._own], strict=True))
        for key, shape, set_here, set_there in self._hanging:
            other = None if columns[key] is None else shape.row(columns)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made
