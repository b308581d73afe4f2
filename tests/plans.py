"""What PostgreSQL would do with a query on tables that it believes large.

The figures of a table (`pg_class`) are set inside the test's transaction, so that no bulk is
written; where the planner's guess about one page says a million rows, reading it whole costs what
it would cost. Columns have no statistics but those that a test gives: the plan must be right
without luck.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet

MILLION = 1_000_000
# What lies open, waits or is otherwise in an index over a part of a table.
_FEW = 1_000


def believe_large(*tables: type[models.Model], but_nearly_all: Sequence[str] = ()) -> None:
    """Lets the planner believe that each table has a million rows; each has one at least.

    Indexes over a part of a table hold a few of them, but those that hold nearly all.
    """
    with connection.cursor() as cursor:
        for table in tables:
            name = table._meta.db_table
            for one in (name, *_partitions(cursor, name)):
                _set(cursor, one, MILLION)
                for index, is_partial in _indexes(cursor, one):
                    has_few = is_partial and index not in but_nearly_all
                    _set(cursor, index, _FEW if has_few else MILLION)


def believe_rare(table: type[models.Model], column: str) -> None:
    """Lets the planner believe that few rows have a column, and hardly two the same in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_restore_attribute_stats('schemaname', 'public', 'relname', %s::text,"
            " 'attname', %s::text, 'inherited', false, 'null_frac', 0.99::real,"
            " 'avg_width', 8, 'n_distinct', -0.01::real)",
            [table._meta.db_table, column],
        )


def plan_of(rows: "QuerySet[Any]") -> str:
    """The plan of the rows as they would be read."""
    return str(rows.explain())


def scanned_whole(plan: str) -> set[str]:
    """The tables that a plan reads from their beginning to their end."""
    return set(re.findall(r"Seq Scan on (\w+)", plan))


def _set(cursor: Any, name: str, rows: int) -> None:
    cursor.execute(
        "SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', %s::text,"
        " 'relpages', 1, 'reltuples', %s::real)",
        [name, rows],
    )


def _partitions(cursor: Any, name: str) -> list[str]:
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [name]
    )
    return [one for (one,) in cursor.fetchall()]


def _indexes(cursor: Any, name: str) -> list[tuple[str, bool]]:
    cursor.execute(
        "SELECT indexrelid::regclass::text, indpred IS NOT NULL FROM pg_index"
        " WHERE indrelid = %s::regclass",
        [name],
    )
    return list(cursor.fetchall())
