"""How far every row of the proof of the kills has come: one JSON object.

Asked again and again while others work, so without Django, which would take longer to start than
these counts, and would take the time from those who are waited for.
"""

import json
import os
import sys

import psycopg2

_ASKED = """
SELECT (SELECT count(*) FROM licences_stockrow WHERE outcome = 'convert'),
       (SELECT count(*) FROM licences_licence),
       (SELECT count(*) FROM licences_licence WHERE state = 'IN_FORCE'),
       (SELECT count(*) FROM exchange_outbound WHERE state = 'ACCEPTED')
"""
_NAMES = ("sound", "in_register", "in_force", "accepted")


def main() -> int:
    """Sound rows, and how many of them are in the register, in force and accepted."""
    line = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with line.cursor() as cursor:
            cursor.execute(_ASKED)
            [row] = cursor.fetchall()
    finally:
        line.close()
    print(json.dumps(dict(zip(_NAMES, row, strict=True))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
