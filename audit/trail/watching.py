"""How often somebody has done something lately, by the trail (M.25)."""

from collections.abc import Iterable
from datetime import datetime

from audit.trail.models import Record
from zezhou_portal.kernel.actors import Actor


def times_done(actor: Actor, actions: Iterable[str], since: datetime) -> int:
    """How many acts of these kinds a person has done for their department since a moment.

    Served by the trail's index by department and time (`audit_trail_of_department`).
    """
    return int(
        Record.objects.filter(
            department_code=actor.department_code,
            actor_key=actor.key,
            action__in=list(actions),
            at__gt=since,
            outcome="done",
        ).count()
    )
