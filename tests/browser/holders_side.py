"""A holder's side, acted in the portal's own environment: `python -m tests.browser.holders_side …`.

`licence` makes a water licence in force for a holder of its own; `show KEY [ask]` opens a presentation
of it; `agree KEY` gives the word that a reader waits for. Each prints one line of JSON.
"""

import json
import sys
from datetime import timedelta
from typing import Any

import django

django.setup()

from licences.applications import (  # noqa: E402
    capturing,
    issuing,
    receiving,
    reviewing,
)
from licences.models import CatalogueEntry, Licence, LicenceVersion  # noqa: E402
from licences.register import producing  # noqa: E402
from sample_county.loading.materials import excuse_materials  # noqa: E402
from tests.factories.licences import WATER, WATER_VALUES  # noqa: E402
from tests.factories.parties import credit_code  # noqa: E402
from usage.models import Presentation  # noqa: E402
from usage.presenting import presentations  # noqa: E402
from usage.presenting.presentations import Chosen  # noqa: E402
from usage.verifying.disclosure import chosen_at_first  # noqa: E402
from zezhou_portal.kernel import clock  # noqa: E402
from zezhou_portal.kernel.actors import Actor, Channel  # noqa: E402
from zezhou_portal.parties.holders import services as holders  # noqa: E402
from zezhou_portal.parties.identity.session import holder_session  # noqa: E402
from zezhou_portal.parties.models import Holder, Posting, RealNameCheck, Role  # noqa: E402
from zezhou_portal.parties.staff import officials  # noqa: E402

NAME = "泽州县下村镇样例水厂有限公司"
PLACE = 771_000


def acting(entry: CatalogueEntry, role: Role) -> Actor:
    """Somebody of the kind's own department who holds a role there."""
    posting = Posting.objects.select_related("account", "department").filter(
        department=entry.issuing_department, role=role.value, ended_at__isnull=True
    )[0]
    postings = officials.live_postings(posting.account, clock.today())
    return officials.official(
        posting.account, posting.department, postings, channel=Channel.COMMAND
    )


def licence() -> dict[str, Any]:
    """A licence in force, by the verbs that people use."""
    entry = CatalogueEntry.objects.select_related("issuing_department").get(
        name=WATER, state="PUBLISHED"
    )
    clerk = acting(entry, Role.CAPTURE_CLERK)
    place = PLACE + Holder.objects.filter(name__startswith=NAME).count()
    holder = holders.enter_holder(
        actor=clerk, kind="legal_person", name=NAME, identity_type="001",
        identity_number=credit_code(place, "91140525"),
    ).holder  # fmt: skip
    row = receiving.receive(actor=clerk, entry=entry, holders=[holder])
    row = capturing.capture(
        actor=clerk, application=row, revision=row.revision, typed=WATER_VALUES,
        licence_number="", valid_from=None, is_long_term=False,
        valid_until=clock.today() + timedelta(days=1000), term_reason="取水权到那一天",
    )  # fmt: skip
    row = excuse_materials(actor=clerk, application=row)
    row = receiving.submit(actor=clerk, application=row, revision=row.revision)
    row = reviewing.approve(
        actor=acting(entry, Role.REVIEWER), application=row, revision=row.revision
    )
    made = issuing.issue(
        actor=acting(entry, Role.SIGNATORY), application=row, revision=row.revision
    )
    producing.produce_waiting()
    version = LicenceVersion.objects.get(licence=made)
    return {
        "key": str(made.uuid), "number": made.number, "holder": holder.name,
        "identity": holder.identity_number, "code": version.check_code,
        "issued_on": made.issued_on.isoformat(), "printed": version.frozen["verify_url"],
    }  # fmt: skip


def actor_of(row: Licence) -> Actor:
    """The licence's holder, signed in by a real-name check of now."""
    now = clock.now()
    check = RealNameCheck.objects.create(
        holder=Holder.objects.get(licence_links__licence=row), provider="walk", level=3,
        checked_at=now, counts_until=now + timedelta(hours=1),
    )  # fmt: skip
    return holder_session(check, None, request_id="walk").actor


def show(key: str, how: str = "") -> dict[str, Any]:
    """A presentation and its first code."""
    row = Licence.objects.get(uuid=key)
    actor, items = actor_of(row), chosen_at_first(row.entry.items)
    shown = presentations.present(
        actor=actor, chosen=[Chosen(row, items)], asks_consent=how == "ask"
    )
    now = presentations.current_code(actor=actor, presentation=shown)
    if now is None:
        raise SystemExit("no code")
    return {"presentation": str(shown.uuid), "secret": now.code.secret, "number": now.code.spoken}


def agree(key: str) -> dict[str, Any]:
    """The holder's yes."""
    shown = Presentation.objects.get(uuid=key)
    actor = actor_of(shown.licences.get().licence)
    return {"state": presentations.agree(actor=actor, presentation=shown).state}


if __name__ == "__main__":
    verb = {"licence": licence, "show": show, "agree": agree}[sys.argv[1]]
    sys.stdout.write(json.dumps(verb(*sys.argv[2:])) + "\n")  # type: ignore[operator]
