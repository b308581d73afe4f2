"""Alive means working: signs of life, what waits too long, space, and clocks that disagree."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from audit.deadlines.tasks import sweep
from licences import tasks
from licences.models import LicenceVersion
from tests.cast import Cast
from tests.factories.seals import seal_of
from tests.licences.register.making import food
from zezhou_portal import celery
from zezhou_portal.kernel import clock, right_time, signs
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices import watching


@pytest.fixture(autouse=True)
def _alone(settings) -> None:
    settings.PORTAL_COUNTERS = f"test-{uuid4()}"
    right_time._checked.clear()


@pytest.fixture
def strict(settings) -> None:
    settings.PORTAL_CLOCK_SECONDS = 60


def test_a_sign_is_as_old_as_it_is_and_silence_is_found() -> None:
    assert signs.ages(["beat"]) == {"beat": None}
    assert signs.is_silent(None)
    signs.give("beat")
    (age,) = signs.ages(["beat"]).values()
    assert age is not None
    assert 0 <= age < 5
    assert not signs.is_silent(age)
    assert signs.is_silent(121.0)


def test_health_check_fails_for_whoever_is_silent() -> None:
    signs.give("beat", "worker.produce")
    call_command("signs", "beat", "worker.produce", verbosity=0)
    with pytest.raises(CommandError, match=r"worker\.clocks"):
        call_command("signs", "beat", "worker.clocks")


def test_beat_gives_a_sign_by_ringing_and_not_oftener_than_needed(monkeypatch) -> None:
    given = []
    monkeypatch.setattr(signs, "give", lambda *names: given.append(names))
    monkeypatch.setitem(celery._last_ring, "at", float("-inf"))
    celery._beat_rings()
    celery._beat_rings()
    assert given == [("beat",)]


@pytest.mark.django_db
def test_a_worker_whose_clock_is_ahead_seals_nothing_and_goes_on_when_it_is_right(
    cast: Cast, strict: None
) -> None:
    seal_of(cast.market)
    licence = food(cast)
    told = Notification.objects.filter(account=cast.account("bureau.system"))
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert (tasks.produce_waiting(), tasks.expire(), sweep()) == (0, 0, 0)
        licence.refresh_from_db()
        assert licence.state == "AWAITING_FILE"
        assert [row.body for row in told] == [watching._wrong_clock().sentence]
        assert Client().get("/readyz").json()["answers"]["clock"] == "no: NotReady"
    assert LicenceVersion.objects.get().tries == 0
    assert tasks.produce_waiting() == 1
    licence.refresh_from_db()
    assert licence.state == "IN_FORCE"


@pytest.mark.django_db
def test_what_is_silent_or_waits_or_fills_up_is_told_once(cast: Cast, settings) -> None:
    settings.PORTAL_FREE_MEGABYTES = 10**9
    seal_of(cast.market)
    food(cast)
    LicenceVersion.objects.update(due_at=clock.now() - timedelta(hours=1))
    signs.give(signs.BEAT, signs.worker("produce"), signs.worker("exchange"))
    found = {one.code for one in watching.look()}
    assert {"worker.clocks", "produce"} <= found
    assert any(code.startswith("space.") for code in found)
    assert "beat" not in found
    watching.look()
    told = Notification.objects.filter(account=cast.account("bureau.system"))
    assert told.count() == len(found)


@pytest.mark.django_db
def test_metrics_are_for_who_has_the_token(client: Client, settings, cast: Cast) -> None:
    assert client.get("/metrics").status_code == 404
    settings.PORTAL_METRICS_TOKEN = "told-to-prometheus"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
    signs.give("beat")
    page = client.get("/metrics", headers={"Authorization": "Bearer told-to-prometheus"})
    lines = dict(line.rsplit(" ", 1) for line in page.content.decode().splitlines())
    assert lines["portal_unknown_figures"] == "0"
    assert lines['portal_oldest_waiting_seconds{queue="produce"}'] == "0"
    assert float(lines['portal_last_sign_seconds{of="beat"}']) < 5
    assert lines['portal_last_sign_seconds{of="worker.clocks"}'] == "+Inf"
    assert abs(float(lines["portal_clock_difference_seconds"])) < 60
    assert int(lines["portal_last_announced_year"]) >= 2026
