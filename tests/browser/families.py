"""People who act for others, for the browser; run in the portal's own environment:
`python -m tests.browser.families`. Prints the keys of their sessions.

They are signed in by sessions of their own: how one signs in is walked elsewhere.
"""

import json
import sys
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from tests.browser.furnish import acting  # noqa: E402
from tests.factories.parties import credit_code  # noqa: E402
from tests.families import ALL, number_of  # noqa: E402
from tests.holders import checked, mandate_of  # noqa: E402
from zezhou_portal.kernel import clock  # noqa: E402
from zezhou_portal.parties.holders.services import enter_holder  # noqa: E402
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK  # noqa: E402
from zezhou_portal.parties.models import Account, Holder, Mandate, MandateKind, Posting  # noqa: E402

CLERK = "civil.clerk"
LONG = "泽州县金村镇晋香太行山珍农副产品种植加工销售农民专业合作社联合社（样例）"


def entered(kind: str, name: str, type_: str, number: str) -> Holder:
    """A holder by identity."""
    return enter_holder(
        actor=acting("approval.clerk"), kind=kind, name=name,
        identity_type=type_, identity_number=number,
    ).holder  # fmt: skip


def person(name: str, serial: int, born: date = date(1984, 4, 4)) -> Holder:
    """A natural person."""
    return entered("natural_person", name, "111", number_of(born, serial))


def session(holder: Holder, mandate: Mandate | None = None) -> str:
    """The key of a session in which the holder is signed in."""
    store = SessionStore()
    store[CHECK] = str(checked(holder).uuid)
    if mandate is not None:
        store[ACTING_FOR] = str(mandate.uuid)
    store.create()
    return str(store.session_key)


def main() -> dict[str, Any]:
    """The representative of an enterprise and parent of a child; somebody who has nothing yet."""
    owner, shop = person("谢洋", 601), entered("legal_person", LONG, "001", credit_code(888_601))
    seat = mandate_of(owner, shop, kind=MandateKind.LEGAL_REPRESENTATIVE, powers=ALL)
    girl = person("谢小样", 602, date(2015, 6, 1))
    mandate_of(owner, girl, kind=MandateKind.GUARDIAN, until_on=date(2033, 5, 31))
    helper = mandate_of(person("谢女儿", 603), owner, kind=MandateKind.HELPER)
    over = mandate_of(person("孙旧人", 604), shop)
    over.ended_at, over.end_reason = clock.now() - timedelta(days=1), "by_principal"
    over.save()
    account = Account.objects.select_related("department").get(username=CLERK)
    Posting.objects.get_or_create(
        account=account, department=account.department, role="verifier",
        defaults={"from_on": clock.today()},
    )  # fmt: skip
    return {
        "owner": session(owner),
        "representative": session(owner, seat),
        "nobody": session(person("新来人", 605)),
        "helper": str(helper.uuid),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main()))
