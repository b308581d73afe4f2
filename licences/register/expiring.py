"""Licences whose last day has passed: recorded, told to the city (M.8).

Validity never waits for this timer (`selectors.register.in_force`); the state only follows.
"""

from collections.abc import Sequence

import structlog
from django.db.models import Q
from django.urls import reverse

from audit.trail.recording import acting
from licences.lifecycle import LICENCE
from licences.models import Licence, LicenceStatus, LicenceVersion
from licences.queues import EXPIRE
from licences.register.collection import post_state
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock_all
from zezhou_portal.kernel.rows import Failed, reason_of, together
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation.actions import Action

log = structlog.get_logger(__name__)

CHUNK = 200


def expire_due() -> int:
    """Expires every licence whose term has ended, in chunks by last day and id; gives how many.

    Pages by the last of them, never by offset over the set it is shrinking, in the order of the
    index over what may run out: where nothing is due, nothing is read. Article: M.8.
    """
    count, beyond = 0, Q()
    held = stalled.held_back(EXPIRE)
    while True:
        found = list(
            EXPIRE.due()
            .filter(beyond)
            .order_by("valid_until", "pk")
            .values_list("valid_until", "pk")[:CHUNK]
        )
        if not found:
            return count
        day, last = found[-1]
        later = Q(valid_until__gt=day) | Q(valid_until=day, pk__gt=last)
        beyond = Q(valid_until__gte=day) & later
        trying = [pk for _, pk in found if pk not in held]
        failed = together(trying, _expire)
        _put_off(failed)
        done = set(trying) - {one.row for one in failed}
        stalled.went_on(EXPIRE, done)
        count += len(done)


def _put_off(failed: Sequence[Failed[int]]) -> None:
    """Each licence that could not be expired waits by itself, with its own reason."""
    rows = Licence.objects.filter(pk__in=[one.row for one in failed])
    licences = rows.select_related("issuing_department").in_bulk()
    for one in failed:
        row = licences[one.row]
        log.error("licence_not_expired", licence=row.pk, exc_info=one.error)
        about = stalled.About(
            row.subject, row.issuing_department, reverse("licences:licence", args=[row.identifier])
        )
        stalled.put_off(EXPIRE, row.pk, about, reason_of(one.error))


def _expire(ids: Sequence[int]) -> None:
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
