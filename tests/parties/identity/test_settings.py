"""Which identity services there are: what the environment may say, and what stops the start."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sample_county.identity.environment import named_in_environment
from scripts.lib import environment
from tests.parties.identity.services import ROOT, openid, ticket
from zezhou_portal import checks
from zezhou_portal.settings import identity
from zezhou_portal.settings.env import BadSetting

START = "PORTAL_IDENTITY_PROVINCE_"
GOOD = {
    "PORTAL_IDENTITY_PROVIDERS": "province",
    f"{START}KIND": "openid",
    f"{START}LABEL": "山西政务服务网",
    f"{START}ISSUER": "https://id.example",
    f"{START}CLIENT": "zezhou",
    f"{START}SECRET": "s",
}


def test_services_when_none_is_named_then_none() -> None:
    assert identity.providers({"PATH": "/bin"}) == {}


def test_service_when_named_then_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    told = {
        **GOOD,
        "PORTAL_IDENTITY_PROVIDERS": "province, county-app",
        f"{START}LEVELS": "real=2, face=3",
        f"{START}SECRET_FILE": str(tmp_path / "secret"),
        "PORTAL_IDENTITY_COUNTY_APP_KIND": "ticket",
        "PORTAL_IDENTITY_COUNTY_APP_LABEL": "泽州通",
        "PORTAL_IDENTITY_COUNTY_APP_SECRET": "t",
        "PORTAL_IDENTITY_COUNTY_APP_LOG_IN": "https://app.example/in",
        "PORTAL_IDENTITY_COUNTY_APP_EXCHANGE": "https://app.example/out",
        "PORTAL_IDENTITY_COUNTY_APP_APPLICATION": "z",
        "PORTAL_IDENTITY_COUNTY_APP_SUBJECTS": "national",
    }
    found = identity.providers(told)
    assert list(found) == ["province", "county-app"]
    assert found["province"].secret == "from a file"
    assert found["province"].levels == {"real": "2", "face": "3"}
    assert found["county-app"].subjects == "national"
    assert "from a file" not in repr(found)


@pytest.mark.parametrize(
    "change",
    [
        {f"{START}KIND": "saml"},
        {f"{START}KIND": ""},
        {f"{START}LABEL": ""},
        {f"{START}SECRET": ""},
        {f"{START}SECRET_FILE": "/nowhere/at/all"},
        {f"{START}ISSUER": "id.example"},
        {f"{START}ISSUER": "https://somebody:word@id.example"},
        {f"{START}CLIENT": ""},
        {f"{START}CLAIMS": "surname=xm"},
        {f"{START}CLAIMS": "name"},
        {f"{START}CLAIMS": "name=a,name=b"},
        {f"{START}LEVELS": "face=5"},
        {f"{START}IDENTITY_TYPES": "10=id"},
        {f"{START}OFFICES": "1=boss"},
        {f"{START}SAMPLE": "perhaps"},
        {f"{START}SECONDS": "soon"},
        {f"{START}SECONDS": "0"},
        {f"{START}SECONDS": "31"},
        {f"{START}LOG_IN": "https://id.example"},
        {f"{START}PASSWORD": "x"},
        {"PORTAL_IDENTITY_ANOTHER_KIND": "openid"},
        {"PORTAL_IDENTITY_PROVIDERS": "province,province"},
        {"PORTAL_IDENTITY_PROVIDERS": "Province"},
        {"PORTAL_IDENTITY_PROVIDERS": ""},
    ],
)
def test_setting_when_unknown_or_malformed_then_the_start_stops(change: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        identity.providers({**GOOD, **change})


def test_demo_when_it_starts_then_names_the_service_as_the_settings_do(monkeypatch: Any) -> None:
    monkeypatch.setattr(environment, "_secret", lambda *_: "s")
    told = environment.with_sample_identity({}, "http://127.0.0.1:9")
    assert told == named_in_environment("http://127.0.0.1:9", "s")
    assert environment.with_sample_identity(GOOD, "http://127.0.0.1:9") == GOOD


def start(settings: str, extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A start with settings of a name."""
    secrets = {"PORTAL_SECRET_KEY": "k", "CITY_SHARED_SECRET": "c"}
    return subprocess.run(
        [sys.executable, "-c", f"import zezhou_portal.settings.{settings} as s; "
         "print(','.join(s.PORTAL_IDENTITY))"],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**secrets, **extra},
    )  # fmt: skip


def test_production_when_the_sample_service_is_named_then_does_not_start() -> None:
    sample = named_in_environment("http://127.0.0.1:9")
    refused = start("production", sample)
    assert refused.returncode != 0
    assert "sample identity service" in refused.stderr
    assert start("production", GOOD).stdout == "province\n"
    assert start("production", {}).stdout == "\n"


def test_development_when_nothing_is_named_then_the_sample_service() -> None:
    assert start("development", {}).stdout == "sample\n"
    assert start("development", GOOD).stdout == "province\n"


@pytest.mark.parametrize(
    ("service", "found"),
    [
        (ticket("https://id.example"), ["portal.E003"]),
        (openid("http://id.example"), ["portal.E004"]),
        (openid("https://id.example"), []),
    ],
)
def test_check_when_a_service_is_not_safe_then_an_error(
    settings: Any, service: Any, found: list[str]
) -> None:
    settings.PORTAL_IDENTITY = {service.key: service}
    assert [one.id for one in checks.identity_services_are_safe(None)] == found
    assert checks.holders_can_sign_in(None) == []


def test_check_when_nobody_can_sign_in_then_a_warning(settings: Any) -> None:
    settings.PORTAL_IDENTITY = {}
    assert [one.id for one in checks.holders_can_sign_in(None)] == ["portal.W003"]
