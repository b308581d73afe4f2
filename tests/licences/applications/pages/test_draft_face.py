"""The live face beside capture: of what is typed, saved nowhere, told at its field (M.6, M.7)."""

import gzip
import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.trail.models import Record
from licences.models import Application
from tests.cast import Cast
from tests.factories.licences import FOOD, MARRIAGE, WATER_VALUES, Applications
from tests.factories.parties import HolderFactory, citizen_id

pytestmark = [pytest.mark.article("M.6"), pytest.mark.usefixtures("wednesday")]


def address(row: Application) -> str:
    return reverse("licences:draft-face", args=[row.uuid])


def typed(row: Application, **changes: str) -> dict[str, Any]:
    """The form of a water permit as it stands."""
    return {
        "revision": row.revision,
        "holder_name": row.values["holder_name"]["value"],
        "credit_code": row.values["credit_code"]["value"],
        **WATER_VALUES,
        **changes,
    }


def svg_in(text: str) -> str:
    found = re.search(r'src="data:image/svg\+xml,([^"]+)"', text)
    return unquote(html.unescape(found[1])) if found else ""


def notes(text: str) -> dict[str, str]:
    """The sentences at the fields."""
    found = re.findall(r'id="fit-(\w+)"\s+hx-swap-oob="true">(.*?)</div>', text, re.S)
    said = {name: re.sub(r"<[^>]+>", "", inside).strip() for name, inside in found}
    return {name: sentence for name, sentence in said.items() if sentence}


@pytest.fixture
def applications(cast: Cast) -> Applications:
    """The market office's water permits."""
    return Applications(cast)


@pytest.fixture
def clerk(cast: Cast) -> Client:
    """Who captures them."""
    return cast.client("market.clerk")


def test_page_when_opened_then_asks_for_the_face_by_a_request_of_its_own(
    applications: Applications, clerk: Client
) -> None:
    row = applications.received()
    with CaptureQueriesContext(connection) as queries:
        page = clerk.get(reverse("licences:capture", args=[row.uuid])).content.decode()
    assert len(queries) <= 30
    assert len(page) < 100_000
    assert f'hx-post="{address(row)}"' in page
    assert "input delay:800ms from:#capture" in page
    for name in (*WATER_VALUES, "holder_name", "valid_from", "valid_until", "term_reason"):
        assert page.count(f'id="fit-{name}"') == 1, name
    assert "data:image" not in page


def test_face_when_something_is_typed_then_drawn_so_and_saved_nowhere(
    applications: Applications, clerk: Client
) -> None:
    row = applications.received()
    with CaptureQueriesContext(connection) as queries:
        answer = clerk.post(address(row), typed(row, purpose="农村生活用水"))
    assert answer.status_code == 200
    assert len(queries) <= 30
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert svg_in(text).startswith("<svg")
    assert svg_in(clerk.post(address(row), typed(row, purpose="农业")).content.decode()) != svg_in(
        text
    )
    packed = clerk.post(address(row), typed(row), headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < 100_000
    assert gzip.decompress(packed.content).decode() == text
    assert notes(text) == {}
    assert "没有签章，不生效" in text
    row.refresh_from_db()
    assert (row.state, row.revision, "purpose" in row.values) == ("RECEIVED", 1, False)
    assert Record.objects.filter(action="preview_opened").count() == 1


@pytest.mark.article("M.7")
def test_face_when_values_do_not_fit_then_each_is_told_at_its_field_and_the_rest_drawn(
    applications: Applications, clerk: Client
) -> None:
    applications.entry.items = [
        {**item, "max_length": 900} if item["key"] in {"purpose", "intake_site"} else item
        for item in applications.entry.items
    ]
    applications.entry.save()
    row = applications.received()
    sent = typed(
        row,
        purpose="农村生活用水、" * 40,
        intake_site="泽州县下村镇" * 60,
        legal_representative="郭\U0001f600",
        intake_volume="三点六",
        told="intake_volume source_type",
    )
    text = clerk.post(address(row), sent).content.decode()
    said = notes(text)
    assert "太长" in said["purpose"]
    assert "太长" in said["intake_site"]
    assert "没有可用的字形" in said["legal_representative"]
    assert "intake_volume" not in said  # the page says it already
    assert said["source_type"] == "这一处改好了，存草稿后提示就没有了"
    assert "有 3 处照面上排不下或印不出" in text
    assert svg_in(text).startswith("<svg")


@pytest.mark.article("M.7")
def test_face_when_a_stranger_is_typed_beside_a_holder_then_told_at_once(
    cast: Cast, clerk: Client
) -> None:
    couple = [
        HolderFactory(name="甲样例", identity_number=citizen_id(601)),
        HolderFactory(name="乙样例", identity_number=citizen_id(602)),
    ]
    row = Applications(cast, kind=MARRIAGE).received(holders=couple)
    sent = {"spouse_2_citizen_id_type": "公民身份号码", "spouse_2_citizen_id": citizen_id(603)}
    assert notes(clerk.post(address(row), sent).content.decode()) == {
        "spouse_2_citizen_id": "与选定持证人登记的公民身份号码不一致。请核对"
    }


@pytest.mark.article("M.26")
def test_face_when_a_neighbours_or_no_longer_captured_then_as_little_there_as_none(
    cast: Cast, applications: Applications, clerk: Client
) -> None:
    row = applications.submitted()
    assert clerk.post(address(row), {}).status_code == 204
    assert Record.objects.filter(action="preview_opened").count() == 0
    row = applications.received()
    neighbour = Applications(cast, kind=FOOD, place="land")
    neighbour.received()
    assert cast.client("land.clerk").post(address(row), {}).status_code == 404
    assert cast.client("market.reviewer").post(address(row), {}).status_code == 403
    assert Client().post(address(row), {})["Location"].startswith("/log-in/")
    assert clerk.get(address(row)).status_code == 405


def test_face_when_drawn_beside_another_request_then_the_session_is_prolonged_and_not_rewritten(
    applications: Applications, clerk: Client, wednesday: time_machine.Traveller
) -> None:
    row = applications.received()
    before = Session.objects.get(pk=clerk.session.session_key)
    wednesday.shift(timedelta(minutes=5))
    clerk.post(address(row), typed(row))
    after = Session.objects.get(pk=before.pk)
    assert after.session_data == before.session_data
    assert after.expire_date > before.expire_date
