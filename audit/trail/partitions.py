"""Monthly partitions of the trail, made ahead of time by the owner's function (migration 0001)."""

from datetime import date

from django.db import connection


def partition_name(month: date) -> str:
    """The table that holds a month's records."""
    return f"audit_trail_record_{month:%Y%m}"


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def make_ahead(first: date, months: int = 3) -> list[str]:
    """Sees to it that the partitions from a month on are there; harmless to repeat."""
    month, names = first.replace(day=1), []
    with connection.cursor() as cursor:
        for _ in range(months + 1):
            cursor.execute("SELECT audit_trail_make_partition(%s)", [month])
            names.append(cursor.fetchone()[0])
            month = next_month(month)
    return names
