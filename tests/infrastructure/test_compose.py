"""docker-compose.yml against the schema of its specification, and against the portal itself."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scripts.lib import commands, machine
from zezhou_portal.celery import QUEUES
from zezhou_portal.parties.notices import watching

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = Path(__file__).parent / "compose" / "compose-spec.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture
def compose() -> dict[str, Any]:
    """The file as a reader of the specification sees it: anchors resolved, each a copy."""
    content = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return dict(json.loads(json.dumps(content)))


def faults(schema: dict[str, Any], compose: dict[str, Any]) -> list[str]:
    validator = jsonschema.validators.validator_for(schema)(schema)
    return sorted(
        "/".join(map(str, error.absolute_path)) for error in validator.iter_errors(compose)
    )


def test_the_file_keeps_to_the_specification(schema: Any, compose: Any) -> None:
    assert faults(schema, compose) == []


def test_the_schema_finds_what_is_wrong(schema: Any, compose: Any) -> None:
    compose["services"]["web"]["depends_on"]["redis"]["condition"] = "when_ready"
    compose["services"]["worker-produce"]["comand"] = ["celery"]
    assert faults(schema, compose) == [
        "services/web",
        "services/web/depends_on",
        "services/worker-produce",
    ]


def test_every_process_of_the_portal_is_there(compose: Any) -> None:
    assert sorted(compose["services"]) == [
        "beat", "city", "front", "identity", "postgres", "redis", "setup", "web",
        "worker-clocks", "worker-exchange", "worker-produce",
    ]  # fmt: skip


def test_workers_listen_to_every_queue_of_the_timetable_each_by_itself(compose: Any) -> None:
    assert {name.removeprefix("worker-") for name in commands.workers("python")} == set(QUEUES)


def test_workers_are_started_as_the_demo_starts_them(compose: Any) -> None:
    for name, command in commands.workers("python").items():
        assert compose["services"][name]["command"] == command


def test_whoever_is_silent_is_unhealthy_within_two_minutes_and_logs_rotate(compose: Any) -> None:
    services = compose["services"]
    for name in ("beat", *commands.workers("python")):
        check = services[name]["healthcheck"]
        assert check["test"][:4] == ["CMD", "python", "manage.py", "signs"]
        assert check["test"][4] in watching.EXPECTED
        assert (check["interval"], check["retries"]) == ("45s", 1)
    for name in ("web", "beat", "postgres", "redis", *commands.workers("python")):
        assert services[name]["logging"]["options"]["max-size"] == "20m"


def test_only_setup_reaches_the_database_as_its_owner(compose: Any) -> None:
    for name in ("web", "worker-produce", "worker-clocks", "beat", "city"):
        assert "portal_app:" in compose["services"][name]["environment"]["DATABASE_URL"]
        assert "OWNER" not in json.dumps(compose["services"][name]["environment"])
    assert "portal_owner:" in compose["services"]["setup"]["environment"]["DATABASE_URL"]


def test_every_setting_of_the_environment_reaches_the_portal(compose: Any) -> None:
    folders = ROOT / "zezhou_portal" / "settings"
    text = "".join((folders / f"{one}.py").read_text("utf-8") for one in ("base", "production"))
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text))
    # said by the image, by a volume or by the process itself
    own = {
        "PORTAL_VAR",
        "PORTAL_FILES",
        "PORTAL_KEYS",
        "PORTAL_UPLOADS",
        "PORTAL_STATEMENT_SECONDS",
    }
    for name in ("web", "beat", "worker-produce", "worker-exchange", "worker-clocks", "setup"):
        assert asked - own - set(compose["services"][name]["environment"]) == set(), name


def test_redis_asks_for_a_password_and_everybody_has_it(compose: Any) -> None:
    redis = compose["services"]["redis"]
    password = redis["command"][redis["command"].index("--requirepass") + 1]
    assert password == redis["environment"]["REDISCLI_AUTH"] == "${PORTAL_REDIS_PASSWORD:?}"
    for name in ("web", "beat", "setup", *commands.workers("python")):
        address = compose["services"][name]["environment"]["REDIS_URL"]
        assert address == f"redis://:{password}@redis:6379/0"


def test_seal_keys_are_in_the_worker_that_seals_and_nowhere_else(compose: Any) -> None:
    keys = "${PORTAL_KEYS:-./var/keys}"
    for name, service in compose["services"].items():
        mounted = {one for one in service.get("volumes", []) if one.startswith(keys)}
        allowed = {f"{keys}/{part}:/srv/portal/keys/{part}:ro" for part in ("data", "trust")}
        if name == "worker-produce":
            assert mounted == {f"{keys}:/srv/portal/keys:ro"}
        else:
            assert mounted <= allowed, name
        if "portal" in json.dumps(service.get("image", "")) and name != "worker-produce":
            assert f"{keys}/data:/srv/portal/keys/data:ro" in mounted, name


def test_no_secret_is_written_into_the_file(compose: Any) -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in re.findall(r"(?:PASSWORD|SECRET\w*|PASSPHRASE): (.+)", text):
        assert name.startswith("${"), name


def test_the_image_has_the_fonts_that_set_up_installs() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for package in machine.RUN_PACKAGES:
        if package != "redis-server":
            assert re.search(rf"\s{re.escape(package)}\s", text), package
