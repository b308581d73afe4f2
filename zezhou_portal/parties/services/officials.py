"""Building the actor of a member of staff from their postings (M.24, M.25)."""

from collections.abc import Iterable
from datetime import date

from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.parties.capabilities import ROLE_CAPABILITIES, Role
from zezhou_portal.parties.models import Account, Department, Posting


def live_postings(account: Account, on: date) -> list[Posting]:
    """The postings that count for a person on a day, covers included."""
    rows = account.postings.filter(ended_at__isnull=True, from_on__lte=on, department__is_open=True)
    return [row for row in rows.select_related("department") if row.is_live(on)]


def grants_of(roles: Iterable[str]) -> frozenset[str]:
    """The capability codes that roles give together."""
    return frozenset(
        capability.value for role in roles for capability in ROLE_CAPABILITIES[Role(role)]
    )


def official(
    account: Account,
    department: Department,
    postings: Iterable[Posting],
    *,
    channel: Channel = Channel.PAGE,
    request_id: str = "",
) -> Actor:
    """A member of staff acting for one department with all their postings there."""
    here = [posting for posting in postings if posting.department_id == department.pk]
    roles = sorted({posting.role for posting in here})
    return Actor(
        kind=ActorKind.OFFICIAL,
        key=str(account.uuid),
        name=account.name,
        role="、".join(Role(role).label for role in roles),
        account_id=account.pk,
        department_id=department.pk,
        department_code=department.credit_code,
        department_name=department.name,
        channel=channel,
        request_id=request_id,
        grants=grants_of(roles),
    )
