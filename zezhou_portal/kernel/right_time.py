"""Whether this machine's clock agrees with the database's, which is the portal's common one.

A worker three days ahead seals into the future and lets licences expire that are in force. Asked
once a minute while it is right, at every question while it is wrong: work goes on by itself as soon
as it is right again.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.db import connection

from zezhou_portal.kernel import clock

_EVERY = 60.0
_checked: dict[str, float] = {}


def difference() -> timedelta:
    """By how much this clock is ahead of the database's; behind is less than nothing."""
    with connection.cursor() as cursor:
        before = clock.now()
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
        after = clock.now()
    ahead: timedelta = before + (after - before) / 2 - there
    return ahead


def is_right() -> bool:
    """Whether both agree to the seconds that are allowed (`PORTAL_CLOCK_SECONDS`; 0: not asked)."""
    allowed = settings.PORTAL_CLOCK_SECONDS
    if not allowed or time.monotonic() - _checked.get("at", -_EVERY) < _EVERY:
        return True
    is_near = abs(difference().total_seconds()) <= allowed
    if is_near:
        _checked["at"] = time.monotonic()
    return is_near
