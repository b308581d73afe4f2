"""Deploy checks: errors stop a deployment, warnings tell somebody."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from zezhou_portal import checks


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
