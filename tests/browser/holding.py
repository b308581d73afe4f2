"""A holder with licences for the browser, and a reader beside the phone; run in the portal's own
environment: `python -m tests.browser.holding open`, `… read NUMBER`, `… collect PRESENTATION KEY`.

The holder is signed in by a session of their own: how one signs in is walked elsewhere.
"""

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from licences.models import Licence  # noqa: E402
from licences.register import producing  # noqa: E402
from tests.browser.furnish import acting, reached  # noqa: E402
from tests.factories.parties import citizen_id, credit_code  # noqa: E402
from tests.holders import checked, mandate_of  # noqa: E402
from usage.models import Presentation, PresentationOff  # noqa: E402
from usage.verifying import redemption  # noqa: E402
from usage.verifying.codes import understand  # noqa: E402
from zezhou_portal.kernel import clock  # noqa: E402
from zezhou_portal.parties.holders import services as holders  # noqa: E402
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK  # noqa: E402
from zezhou_portal.parties.models import Account, Department, Holder, MandateKind, Posting  # noqa: E402

NAME = "泽州县大阳镇一谢洋面馆（样例）"
CODE = credit_code(777_001)
READER = "market.clerk"
_PATIENCE = 60.0


def person() -> tuple[Holder, Holder]:
    """The person at the phone and the enterprise that they represent."""
    clerk = acting("approval.clerk")
    shop = holders.enter_holder(
        actor=clerk, kind="legal_person", name=NAME,
        identity_type="001", identity_number=CODE,
    ).holder  # fmt: skip
    owner = holders.enter_holder(
        actor=clerk, kind="natural_person", name="谢洋",
        identity_type="111", identity_number=citizen_id(771),
    ).holder  # fmt: skip
    return owner, shop


def in_force(shop: Holder, count: int) -> list[Licence]:
    """Licences of the enterprise with their files made, by us or by the worker."""
    rows = Licence.objects.filter(holder_links__holder=shop).order_by("pk")
    for place in range(rows.count(), count):
        reached(shop, 7001 + place, "CONCLUDED", code=CODE)
    until = time.monotonic() + _PATIENCE
    while rows.exclude(state="IN_FORCE").exists():
        producing.produce_waiting()
        assert time.monotonic() < until, "the licences were not made"
        time.sleep(0.2)
    return list(rows)


def open_(count: int) -> dict[str, Any]:
    """Signs the holder in; the last licence is switched off: the session's key and the licences."""
    owner, shop = person()
    licences = in_force(shop, count)
    PresentationOff.objects.get_or_create(
        licence=licences[-1], holder=shop, until=None, defaults={"since": clock.now()}
    )
    mandate = shop.mandates_given.first() or mandate_of(
        owner, shop, kind=MandateKind.LEGAL_REPRESENTATIVE
    )
    session = SessionStore()
    session[CHECK] = str(checked(owner).uuid)
    session[ACTING_FOR] = str(mandate.uuid)
    session.create()
    _make_a_verifier()
    return {
        "session": session.session_key,
        "licences": [str(one.uuid) for one in licences],
        "reader": Account.objects.select_related("department").get(username=READER).department.name,
    }


def read(text: str) -> dict[str, Any]:
    """Reads a code or a short number as a verifier."""
    got = redemption.read_code(
        actor=acting(READER), understood=understand(text, settings.PORTAL_ADDRESS)
    )
    return {
        "outcome": got.outcome.key if got.outcome else "",
        "key": got.reader_key,
        "presentation": str(got.presentation.uuid) if got.presentation else "",
    }


def collect(presentation: str, key: str) -> dict[str, Any]:
    """Fetches what the holder agreed to."""
    got = redemption.fetch_agreed(
        actor=acting(READER),
        presentation=Presentation.objects.get(uuid=presentation),
        reader_key=key,
    )
    return {"outcome": got.outcome.key if got.outcome else ""}


def _make_a_verifier() -> None:
    account = Account.objects.get(username=READER)
    Posting.objects.get_or_create(
        account=account,
        department=Department.objects.get(pk=account.department_id),
        role="verifier",
        defaults={"from_on": "2020-01-01"},
    )


def main() -> None:
    """One of the three; what came of it as JSON on the last line."""
    match sys.argv[1:]:
        case ["open", count]:
            told = open_(int(count))
        case ["read", text]:
            told = read(text)
        case ["collect", presentation, key]:
            told = collect(presentation, key)
        case other:
            raise SystemExit(f"not known: {other}")
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
