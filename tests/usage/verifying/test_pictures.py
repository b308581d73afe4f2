"""The photo on a licence reaches whoever verifies it, and nobody else (M.19, M.26)."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from PIL import Image

from licences.applications import capturing
from licences.models import Licence
from licences.production import face_input
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.seals import seal_of
from tests.holders import holder_actor
from tests.usage import duty
from tests.usage.sealed import made
from usage.models import Verification
from usage.presenting import presentations
from usage.presenting.presentations import Chosen
from usage.presenting.presets import PRESETS
from usage.verifying.disclosure import chosen_at_first, showable

pytestmark = pytest.mark.article("M.19")
PHOTO = {"key": "portrait", "name": "负责人照片", "kind": "image", "required": True}


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (600, 840), "#336699").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def photographed(wednesday: time_machine.Traveller, cast: Cast) -> Licence:
    """A water permit with a photo, sealed and in force."""
    applications = Applications(cast)
    entry = applications.entry
    entry.items = [*entry.items, PHOTO]
    entry.layout, entry.layout_digest = face_input.layout_for(entry.type_code)
    entry.save()
    seal_of(cast.market)
    row = applications.received()
    capturing.attach(
        actor=applications.actor("clerk"), application=row, title="照片", file_name="一.jpg",
        item_key="portrait", data=jpeg(),
    )  # fmt: skip
    row.refresh_from_db()
    return made(applications.issued(row))


def verified(client: Client, licence: Licence, *items: str) -> Verification:
    """What a verifier's scan of a presentation of these items brings."""
    actor = holder_actor(duty.holder_of(licence))
    row = presentations.present(actor=actor, chosen=[Chosen(licence, list(items))])
    current = presentations.current_code(actor=actor, presentation=row)
    assert current is not None
    return duty.scan(client, current.code.secret)


def address(row: Verification, item: str = "portrait") -> str:
    return reverse("usage:check-picture-of", args=[row.uuid, item])


def test_photo_when_the_holder_chose_it_then_on_the_result_and_served_there(
    cast: Cast, photographed: Licence, wednesday: time_machine.Traveller
) -> None:
    client = cast.client("power.verifier")
    row = verified(client, photographed, "purpose", "portrait")
    assert row.items == ["purpose", "portrait"]
    page = client.get(reverse("usage:check-result", args=[row.uuid])).content.decode()
    assert f'src="{address(row)}"' in page
    assert 'alt="负责人照片"' in page
    answer = client.get(address(row))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    with Image.open(BytesIO(answer.content)) as shown:
        assert shown.size == (600, 840)
    for item in ("purpose", "nothing", "intake_site"):
        assert client.get(address(row, item)).status_code == 404
    wednesday.shift(timedelta(minutes=11))
    assert client.get(address(row)).status_code == 404


@pytest.mark.article("M.26")
def test_photo_when_somebody_else_asks_then_as_little_there_as_none(
    cast: Cast, photographed: Licence
) -> None:
    row = verified(cast.client("power.verifier"), photographed, "portrait")
    neighbour = duty.neighbour(cast)
    assert neighbour.get(address(row)).status_code == 404
    assert cast.client("market.clerk").get(address(row)).status_code == 403
    assert Client().get(address(row))["Location"].startswith("/log-in/")


@pytest.mark.article("M.22")
def test_photo_when_the_holder_did_not_choose_it_then_nowhere(
    cast: Cast, photographed: Licence
) -> None:
    client = cast.client("power.verifier")
    row = verified(client, photographed, "purpose")
    assert (
        "<img"
        not in client.get(reverse("usage:check-result", args=[row.uuid]))
        .content.decode()
        .partition("证照信息")[2]
    )
    assert client.get(address(row)).status_code == 404


@pytest.mark.article("M.22")
def test_photo_when_items_are_chosen_at_first_then_left_out_as_personal(
    photographed: Licence,
) -> None:
    items = photographed.entry.items
    assert "portrait" not in chosen_at_first(items)
    chosen = {preset.key: "portrait" in preset.chosen_of(showable(items)) for preset in PRESETS}
    assert chosen == {"open": False, "least": False, "all": True}
