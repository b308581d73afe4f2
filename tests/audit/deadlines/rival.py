"""A second connection that holds a row, as another worker would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import sql


def another_line(connection: Any) -> Any:
    """A connection of its own to the test database."""
    parameters = connection.get_connection_params()
    wanted = ("dbname", "host", "port", "user", "password")
    return psycopg2.connect(**{key: parameters[key] for key in wanted if key in parameters})


@contextmanager
def held_by_another(connection: Any, table: str, pk: int) -> Iterator[None]:
    """While the block runs, another transaction has the row locked."""
    line = another_line(connection)
    try:
        with line.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT 1 FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(table)),
                [pk],
            )
            yield
    finally:
        line.rollback()
        line.close()
