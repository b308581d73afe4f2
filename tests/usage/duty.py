"""Verifiers on duty, and what is shown to them."""

from django.test import Client
from django.urls import reverse

from licences.models import Licence
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.holders import holder_actor
from tests.usage.sealed import made
from usage.models import Presentation, Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.verifying import codes
from zezhou_portal.parties.models import Holder

ITEMS = ["purpose", "intake_site"]


def holder_of(licence: Licence) -> Holder:
    """Who holds the licence."""
    return Holder.objects.get(licence_links__licence=licence)


def shown(*licences: Licence, **how: bool) -> tuple[Presentation, codes.Made]:
    """A presentation of licences of one holder, and its code."""
    actor = holder_actor(holder_of(licences[0]))
    chosen = [Chosen(licence, ITEMS) for licence in licences]
    row = presentations.present(actor=actor, chosen=chosen, **how)
    now = presentations.current_code(actor=actor, presentation=row)
    assert now is not None
    return row, now.code


def printed(licence: Licence) -> str:
    """The address behind the code on the licence's face."""
    version = licence.versions.get(no=licence.version_no)
    return str(version.frozen["verify_url"])


def scan(client: Client, text: str, purpose: str = "") -> Verification:
    """Sends a text as a scanner does; the verification that it leads to."""
    answer = client.post(reverse("usage:check"), {"text": text, "purpose": purpose})
    assert answer.status_code == 303, answer.content.decode()
    key = answer["Location"].removeprefix("/checks/results/").strip("/")
    return Verification.objects.get(uuid=key)


def neighbour(cast: Cast) -> Client:
    """A verifier of another department, who has a verification of their own."""
    client = cast.client("market.verifier")
    scan(client, "23456789ABCDEFGH")
    return client


def another(cast: Cast, licence: Licence) -> Licence:
    """A second water licence of the same holder."""
    applications = Applications.__new__(Applications)
    applications.cast, applications.place = cast, "market"
    applications.department, applications.entry = cast.market, licence.entry
    return made(applications.issued(applications.received(holders=[holder_of(licence)])))
