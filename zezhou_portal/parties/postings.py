"""Who holds which posting on a day (M.24): asked by every room, so it lies below them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, Department, Posting


def live_postings_on(on: date) -> QuerySet[Posting]:
    """Postings that count on a day, covers of living postings included."""
    alive = Q(ended_at__isnull=True, from_on__lte=on) & (
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )
    covered = Q(covers__isnull=True) | (
        Q(covers__ended_at__isnull=True, covers__from_on__lte=on)
        & (Q(covers__until_on__isnull=True) | Q(covers__until_on__gte=on))
    )
    return Posting.objects.filter(alive, covered, account__is_active=True, department__is_open=True)


def people_with_roles(roles: Iterable[str], department: Department | None = None) -> list[Account]:
    """People who hold one of the roles today, in a department or county-wide; each once."""
    rows = live_postings_on(clock.today()).filter(role__in=list(roles))
    if department is not None:
        rows = rows.filter(department=department)
    return list(Account.objects.filter(pk__in=rows.values("account_id")).order_by("pk"))
