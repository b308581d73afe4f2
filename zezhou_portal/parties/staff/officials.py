"""Building the actor of a member of staff from their postings (M.24, M.25)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zezhou_portal.kernel.actors import Actor, ActorKind, Channel
from zezhou_portal.parties.capabilities import ROLE_CAPABILITIES, Role
from zezhou_portal.parties.models import Account, Department, Posting


@dataclass(frozen=True)
class Choice:
    """A department that one may act for, as the head shows it; `key` is what is posted."""

    key: str
    role: str
    department: str
    current: bool


def live_postings(account: Account, on: date) -> list[Posting]:
    """The postings that count for a person on a day, covers included.

    A cover gives what the absent person's posting gives, and nothing once that one has ended.
    """
    rows = account.postings.filter(ended_at__isnull=True, from_on__lte=on, department__is_open=True)
    return [
        row
        for row in rows.select_related("department", "covers").order_by("pk")
        if row.is_live(on) and (row.covers is None or row.covers.is_live(on))
    ]


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
        signs_from=account.signs_from,
    )


def choices(postings: list[Posting], current: Department) -> list[Choice]:
    """The departments that postings let a person act for, by name."""
    found: dict[str, Choice] = {}
    for department in sorted({row.department for row in postings}, key=lambda one: one.name):
        roles = sorted({row.role for row in postings if row.department_id == department.pk})
        found[str(department.uuid)] = Choice(
            key=str(department.uuid),
            role="、".join(Role(role).label for role in roles),
            department=department.name,
            current=department.pk == current.pk,
        )
    return list(found.values())
