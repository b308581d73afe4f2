"""Deploy checks: errors stop a deployment, warnings tell somebody."""

import runpy
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management.base import SystemCheckError
from django.test import Client

from tests.infrastructure.test_image import ROOT
from zezhou_portal import celery, checks
from zezhou_portal.settings import env


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_the_runs_own_keys_are_sound() -> None:
    assert checks.keys_are_present(None) == []


def test_missing_keys_are_an_error(settings: Any, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path
    (message,) = checks.keys_are_present(None)
    assert message.id == "portal.E001"
    assert message.is_serious()
    assert str(tmp_path) in message.hint


def test_a_damaged_key_is_an_error(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name in ("d1", "index"):
        (tmp_path / "data" / f"{name}.key").write_text("not hex")
    settings.PORTAL_KEYS = tmp_path
    assert ids(checks.keys_are_present(None)) == ["portal.E001"]


def test_another_time_zone_is_an_error(settings: Any) -> None:
    assert checks.time_is_beijing(None) == []
    settings.TIME_ZONE = "UTC"
    assert ids(checks.time_is_beijing(None)) == ["portal.E002"]


def beijing(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]


def test_the_measures_ended_by_their_own_words() -> None:
    with time_machine.travel(beijing(2024, 11, 24, 23, 59), tick=False):
        assert checks.instruments_are_in_force(None) == []
    with time_machine.travel(beijing(2024, 11, 25, 0, 0), tick=False):
        (message,) = checks.instruments_are_in_force(None)
    assert message.id == "portal.W001"
    assert "2024-11-24" in message.msg


@pytest.mark.django_db
def test_an_unannounced_year_is_a_warning() -> None:
    with time_machine.travel(beijing(2025, 6, 1), tick=False):
        assert checks.next_year_is_announced(None) == []
    with time_machine.travel(beijing(2026, 6, 1), tick=False):
        (message,) = checks.next_year_is_announced(None)
    assert message.id == "portal.W002"
    assert "2027" in message.msg


SECRET = "k7Jq2mVx9TzR4bWn8LpYc3HdGs6FaEuQ5oXi1vBt0ZrMyNhK"
SAFE = {
    "PORTAL_STARTS_CHECKED": True,
    "PORTAL_PROXIES": 1,
    "PORTAL_ADDRESS": "https://licences.example.gov.cn",
    "SECRET_KEY": SECRET,
    "CITY_SHARED_SECRET": SECRET,
    "CITY_ADDRESS": "https://city.example.gov.cn",
    "PORTAL_TEXTS_ADDRESS": "https://texts.example.gov.cn",
    "PORTAL_TEXTS_SECRET": SECRET,
    "PORTAL_METRICS_TOKEN": "",
    "PORTAL_SECOND_FACTOR": True,
    "PORTAL_CLOSED_NETWORK": frozenset(),
}


@pytest.fixture
def county(settings: Any) -> Any:
    """A county's server that is configured as it should be."""
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


@pytest.mark.article("M.26")
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"PORTAL_PROXIES": 0}, "portal.E005"),
        ({"PORTAL_ADDRESS": "http://licences.example.gov.cn"}, "portal.E006"),
        ({"PORTAL_ADDRESS": "https://127.0.0.1:8000"}, "portal.E006"),
        ({"PORTAL_ADDRESS": "https://localhost"}, "portal.E006"),
        ({"PORTAL_ADDRESS": "https://"}, "portal.E006"),
        ({"SECRET_KEY": SECRET[:40]}, "portal.E007"),
        ({"SECRET_KEY": "abc" * 30}, "portal.E007"),
        ({"CITY_SHARED_SECRET": ""}, "portal.E007"),
        ({"PORTAL_TEXTS_SECRET": ""}, "portal.E007"),
        ({"PORTAL_METRICS_TOKEN": "short"}, "portal.E007"),
        ({"CITY_ADDRESS": "http://10.1.2.3:8090"}, "portal.E008"),
        ({"PORTAL_TEXTS_ADDRESS": "http://10.1.2.3"}, "portal.E009"),
        ({"PORTAL_SECOND_FACTOR": False}, "portal.E011"),
    ],
)
def test_a_default_that_is_not_safe_stops_the_start(
    county: Any, changes: dict[str, Any], found: str
) -> None:
    checks.stop_if_unsafe()
    for name, value in changes.items():
        setattr(county, name, value)
    with pytest.raises(SystemCheckError, match=found):
        checks.stop_if_unsafe()
    county.PORTAL_STARTS_CHECKED = False
    checks.stop_if_unsafe()


def test_what_is_not_used_needs_no_secret(county: Any) -> None:
    county.PORTAL_TEXTS_ADDRESS = county.PORTAL_TEXTS_SECRET = ""
    checks.stop_if_unsafe()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("postgresql://portal_app@db.example:5432/portal", ["portal.E010"]),
        ("postgresql://portal_app@db.example:5432/portal?sslmode=prefer", ["portal.E010"]),
        ("postgresql://portal_app@db.example:5432/portal?sslmode=require", []),
        ("postgresql://portal_app@db.example:5432/portal?sslmode=verify-full", []),
        ("postgresql://portal_app@127.0.0.1:5432/portal", []),
        ("postgresql:///portal?host=/run/postgresql", []),
        ("postgresql:///portal", []),
    ],
)
def test_a_database_in_the_clear_is_an_error_but_on_this_machine(
    county: Any, monkeypatch: pytest.MonkeyPatch, address: str, found: list[str]
) -> None:
    monkeypatch.setattr(checks.settings, "DATABASES", {"default": env.database(address)})
    assert ids(checks.others_are_reached_over_tls(None)) == found
    county.PORTAL_CLOSED_NETWORK = frozenset({"database"})
    assert checks.others_are_reached_over_tls(None) == []


def test_a_network_that_is_said_to_be_closed_needs_no_tls(
    county: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.CITY_ADDRESS = county.PORTAL_TEXTS_ADDRESS = "http://10.1.2.3"
    monkeypatch.setenv("PORTAL_CLOSED_NETWORK", "city, texts")
    county.PORTAL_CLOSED_NETWORK = env.among("PORTAL_CLOSED_NETWORK", ("city", "texts"))
    checks.stop_if_unsafe()
    monkeypatch.setenv("PORTAL_CLOSED_NETWORK", "cities")
    with pytest.raises(env.BadSetting, match="cities"):
        env.among("PORTAL_CLOSED_NETWORK", ("city", "texts"))


def test_health_is_answered_on_a_county_s_server_by_the_names_that_are_asked(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a real host name and no other, the checks of image and front still come through."""
    for name in ("PORTAL_SECRET_KEY", "CITY_SHARED_SECRET"):
        monkeypatch.setenv(name, SECRET)
    hosts = runpy.run_module("zezhou_portal.settings.production")["ALLOWED_HOSTS"]
    settings.ALLOWED_HOSTS = ["licences.example.gov.cn", *hosts[-1:]]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for file in ("Dockerfile", "docker-compose.yml"):
        text = (ROOT / file).read_text(encoding="utf-8")
        asked = [line for line in text.splitlines() if "/readyz" in line or "/healthz" in line]
        assert asked
        assert all("localhost" in line and "https" in line for line in asked)
    for host, status in (("localhost", 200), ("licences.example.gov.cn", 200), ("evil.cn", 400)):
        headers = {"Host": host, "X-Forwarded-Proto": "https"}
        assert Client().get("/healthz", headers=headers).status_code == status


def test_a_worker_that_is_not_safe_stops_where_celery_lets_it(county: Any) -> None:
    celery._stop_if_unsafe()
    county.PORTAL_SECOND_FACTOR = False
    with pytest.raises(SystemExit, match=r"portal\.E011"):
        celery._stop_if_unsafe()
