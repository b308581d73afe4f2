"""What the articles' tests stand on: the cast, applications that go from hand to hand, raw tables."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.cast import Cast
from tests.factories.licences import Applications


@pytest.fixture
def applications(cast: Cast) -> Applications:
    """Applications of 取水许可证 at the market office."""
    return Applications(cast)


@pytest.fixture
def stored_in(db: None) -> Callable[[str], set[str]]:
    """`stored_in(text)`: the tables and columns whose raw content holds a text."""

    def search(text: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"
                " AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')"
            )
            found = set()
            for table, column in cursor.fetchall():
                kind = f'"{column}"'
                query = f'SELECT 1 FROM "{table}" WHERE {kind}::text LIKE %s OR {kind}::text LIKE %s LIMIT 1'  # noqa: S608
                cursor.execute(query, [f"%{text}%", f"%{text.encode().hex()}%"])
                if cursor.fetchone():
                    found.add(f"{table}.{column}")
        return found

    return search
