"""Where an act came from: on record, encrypted, for the auditor alone, cleared in time (M.25).

GB/T 22239 asks for it; the Cybersecurity Law says for how long at least.
"""

import uuid
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.trail.models import Record, RecordOrigin
from audit.trail.origins import of_record
from audit.trail.recording import REFUSALS, acting, record, record_refusal
from audit.trail.tasks import clear_origins
from tests.cast import Cast
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.network import calling_from, origin
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.management.commands.grant_roles import AUDITOR
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import TRAIL_ORIGINS_KEPT

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]
SUBJECT = Subject("department", "1", "某单位")
FRONT = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1, 192.0.2.7"}
DEVICE = "Mozilla/5.0 (Linux; Android 14)"


def page_of(row: Record) -> str:
    micros = int(row.at.timestamp()) * 1_000_000 + row.at.microsecond
    return reverse("trail:record", args=[micros, row.seq])


@pytest.mark.parametrize(
    ("peer", "address"),
    [("10.0.0.1", "192.0.2.7"), ("203.0.113.5", "203.0.113.5")],
)
def test_act_when_a_request_does_it_then_its_origin_is_on_record_and_not_its_word(
    cast: Cast, settings: Any, peer: str, address: str
) -> None:
    settings.PORTAL_PROXIES = 1
    client = cast.client("market.clerk")
    sent = {
        **FRONT,
        "REMOTE_ADDR": peer,
        "HTTP_USER_AGENT": f"{DEVICE}\x07",
        "HTTP_X_REQUEST_ID": "of-another-1",
    }
    client.post(reverse("parties:log-out"), **sent)
    row = Record.objects.get(action="logged_out")
    kept = of_record(row)
    assert kept is not None
    assert (kept.address, kept.device, kept.at) == (address, DEVICE, row.at)
    assert (row.request_id == "of-another-1") is (peer == "10.0.0.1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, device FROM audit_trail_origin")
        assert not any(told in str(cursor.fetchall()) for told in (address, "Mozilla"))
    assert address not in str(row.content())
    assert origin() is None


def test_refused_act_when_a_request_does_it_then_its_origin_is_on_record_too(cast: Cast) -> None:
    with calling_from(RequestFactory().get("/", REMOTE_ADDR="192.0.2.9")):
        record_refusal(cast.actor("market.clerk"), Action.LOGIN_REFUSED, SUBJECT, "密码不对。")
    row = Record.objects.using(REFUSALS).get(action="login_refused")
    kept = RecordOrigin.objects.using(REFUSALS).get(record=row.id)
    assert kept.address == "192.0.2.9"


def test_act_when_it_is_undone_then_so_is_its_origin(cast: Cast) -> None:
    with (
        calling_from(RequestFactory().get("/")),
        pytest.raises(ZeroDivisionError),
        acting(cast.actor("market.clerk"), Action.APPLICATION_RECEIVED, SUBJECT),
    ):
        raise ZeroDivisionError
    assert RecordOrigin.objects.count() == Record.objects.count() == 0
    (failed,) = Record.objects.using(REFUSALS).all()
    assert RecordOrigin.objects.using(REFUSALS).get().record == failed.id


def test_machine_when_it_acts_then_without_origin_also_within_a_request(cast: Cast) -> None:
    with calling_from(RequestFactory().get("/")):
        record(machine("test"), Action.LICENCE_EXPIRED, SUBJECT, {})
    record(cast.actor("market.clerk"), Action.LOGGED_IN, SUBJECT, {})
    assert Record.objects.count() == 2
    assert RecordOrigin.objects.count() == 0


def test_batch_when_recorded_then_one_statement_more(cast: Cast) -> None:
    def statements() -> int:
        clerk = cast.actor("market.clerk")
        with (
            CaptureQueriesContext(connection) as asked,
            acting(clerk, Action.APPLICATION_RECEIVED, SUBJECT) as act,
        ):
            for number in range(20):
                act.add_record(Subject("department", str(number), ""), {})
        return len(asked)

    before = statements()
    with calling_from(RequestFactory().get("/")):
        assert statements() == before + 1
    assert RecordOrigin.objects.count() == 21


def test_auditor_when_a_record_is_opened_then_sees_where_from_and_that_is_on_record(
    cast: Cast,
) -> None:
    with calling_from(RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT=DEVICE)):
        record(cast.actor("market.clerk"), Action.LOGGED_IN, SUBJECT, {})
    row = Record.objects.get()
    client = cast.client("bureau.auditor")
    found = client.get(reverse("trail:search"), {"action": "logged_in"}).content.decode()
    assert page_of(row) in found
    assert "192.0.2.9" not in found
    page = client.get(page_of(row))
    said = page.content.decode()
    assert "192.0.2.9" in said
    assert DEVICE in said
    assert page["Cache-Control"] == "no-store"
    opened = Record.objects.get(action="origin_opened")
    assert (opened.subject_kind, opened.subject_key) == ("record", str(row.id))
    assert "192.0.2.9" not in str(opened.content())


def test_anybody_else_when_a_record_is_asked_for_then_refused(cast: Cast) -> None:
    record(cast.actor("market.clerk"), Action.LOGGED_IN, SUBJECT, {})
    address = page_of(Record.objects.get(action="logged_in"))
    people = [who for who in cast.accounts if who != "bureau.auditor"]
    for who in people:
        assert cast.client(who).get(address).status_code == 403, who
    assert Client().get(address).status_code == 302
    assert not Record.objects.filter(action="origin_opened", outcome="done").exists()


@pytest.mark.parametrize("key", [(1, 1), (10**18, 1), (10**30, 1), (1, 10**30)])
def test_record_when_there_is_none_then_not_found(cast: Cast, key: tuple[int, int]) -> None:
    client = cast.client("bureau.auditor")
    assert client.get(reverse("trail:record", args=key)).status_code == 404


def test_origins_when_kept_long_enough_then_cleared_and_no_others() -> None:
    now = clock.now()
    for age in (TRAIL_ORIGINS_KEPT + timedelta(minutes=1), TRAIL_ORIGINS_KEPT - timedelta(days=1)):
        RecordOrigin.objects.create(record=uuid.uuid4(), at=now - age, address="192.0.2.1")
    assert clear_origins() == 1
    (left,) = RecordOrigin.objects.all()
    assert left.at > now - TRAIL_ORIGINS_KEPT
    assert Record.objects.get(action="origins_cleared").facts["count"] == 1


@pytest.mark.parametrize(
    "words",
    ["UPDATE audit_trail_origin SET address = ''", "DELETE FROM audit_trail_origin",
     "TRUNCATE audit_trail_origin"],
)  # fmt: skip
def test_origin_when_somebody_would_wipe_their_tracks_then_refused(
    transactional_db: None, as_role: Any, words: str
) -> None:
    RecordOrigin.objects.create(record=uuid.uuid4(), at=clock.now(), address="192.0.2.1")
    with as_role("portal_app") as cursor, pytest.raises(psycopg2.Error):
        cursor.execute(words)
    assert RecordOrigin.objects.count() == 1
    with as_role(AUDITOR) as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT 1 FROM audit_trail_origin")
