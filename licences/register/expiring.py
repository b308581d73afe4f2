"""Licences whose last day has passed: recorded, told to the city (M.8).

Validity never waits for this timer (`selectors.register.in_force`); the state only follows.
"""

from audit.trail.recording import acting
from licences.lifecycle import LICENCE
from licences.models import Licence, LicenceStatus, LicenceVersion
from licences.register.collection import post_state
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock_all
from zezhou_portal.regulation.actions import Action

CHUNK = 200


def expire_due() -> int:
    """Expires every licence whose term has ended, in chunks by id; gives how many.

    Pages by the last id, never by offset over the set it is shrinking. Article: M.8.
    """
    count, last = 0, 0
    while True:
        ids = list(
            Licence.objects.filter(
                state__in=["IN_FORCE", "DETAINED"], valid_until__lt=clock.today(), pk__gt=last
            )
            .order_by("pk")
            .values_list("pk", flat=True)[:CHUNK]
        )
        if not ids:
            return count
        last = ids[-1]
        count += _expire(ids)


def _expire(ids: list[int]) -> int:
    with acting(machine("licences.expire"), Action.LICENCE_EXPIRED) as act:
        now = clock.now()
        rows = [
            row
            for row in lock_all(
                Licence.objects.filter(pk__in=ids).select_related("issuing_department", "entry")
            )
            if LICENCE.may(row.state, "expire")
        ]
        versions = {
            row.licence_id: row
            for row in LicenceVersion.objects.filter(licence__in=rows).order_by("no")
        }
        for row in rows:
            before, row.state = row.state, LICENCE.move(row.state, "expire")
            act.add_record(row.subject, {"state": [before, row.state]})
        Licence.objects.bulk_update(rows, ["state"])
        LicenceStatus.objects.filter(licence__in=rows, until__isnull=True).update(until=now)
        LicenceStatus.objects.bulk_create(
            LicenceStatus(licence=row, state=row.state, since=now, act=Action.LICENCE_EXPIRED.code)
            for row in rows
        )
        post_state("expire", rows, versions)
        act.note("count", len(rows))
    return len(rows)
