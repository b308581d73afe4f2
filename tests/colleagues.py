"""A second verifier of a department of the cast: what one proposes another has to confirm."""

from datetime import date

from tests.cast import Cast
from tests.factories.parties import AccountFactory
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Account, Posting, Role


def second_verifier(cast: Cast, place: str = "power") -> Actor:
    """Another verifier of the department, from then on `<place>.second` of the cast."""
    department = cast.departments[place]
    account: Account = AccountFactory(username=f"{place}.second", department=department)
    cast.accounts[f"{place}.second"] = account
    Posting.objects.create(
        account=account, department=department, role=Role.VERIFIER.value, from_on=date(2020, 1, 1)
    )
    return cast.actor(f"{place}.second")
