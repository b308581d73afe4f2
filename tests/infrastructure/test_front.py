"""deploy/nginx.conf: what it takes is what the application's views declare, and no more."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.routes import ROUTES, address
from zezhou_portal.site.body_sizes import MOST_BODY, most_body_of

ROOT = Path(__file__).resolve().parents[2]
CONF = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
MB = 1024 * 1024
_LOCATION = re.compile(r"^ +location (=|~)? ?(\S+) \{([^}]*)\}", re.M)
_SIZE = re.compile(r"client_max_body_size (\d+)m;")


def taken_by_the_front(path: str) -> int:
    """What the front lets through to an address."""
    found = _LOCATION.findall(CONF)
    exact = [body for sign, where, body in found if sign == "=" and where == path]
    matching = [body for sign, where, body in found if sign == "~" and re.search(where, path)]
    own = _SIZE.search((exact + matching + [""])[0])
    return int(own[1]) * MB if own else MOST_BODY


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_front_takes_what_the_route_takes(path: str) -> None:
    most = most_body_of(ROUTES[path].callback)
    asked = address(path)
    if "<uuid:" in path:
        assert "000000000000" in asked
    assert most <= taken_by_the_front(asked) < most + MB + 1


def test_front_takes_a_form_everywhere_else() -> None:
    assert "client_max_body_size 1m;" in CONF.partition("server {")[0]
    assert MOST_BODY == MB


@pytest.mark.parametrize(
    "said",
    [
        "client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout",
        "proxy_request_buffering on", "proxy_buffering on", "limit_conn networks",
        "gzip_static on", "location /static/", "upstream verification", "upstream sign_in",
        "upstream staff", "proxy_set_header X-Forwarded-For $remote_addr",
    ],
)  # fmt: skip
def test_front_says(said: str) -> None:
    assert said in CONF


def test_log_of_the_front_names_no_address_and_no_query() -> None:
    told = re.search(r"log_format portal '([^']*)'", CONF)
    assert told is not None
    named = set(re.findall(r"\$\w+", told[1]))
    assert not named & {
        "$remote_addr",
        "$request",
        "$request_uri",
        "$uri",
        "$args",
        "$http_referer",
    }


def test_only_the_front_is_reached_from_outside() -> None:
    compose: dict[str, Any] = json.loads(
        json.dumps(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    )
    services = compose["services"]
    assert "ports" not in services["web"]
    assert services["front"]["ports"] == ["127.0.0.1:${PORTAL_PORT:-8000}:8080"]
    assert services["web"]["environment"]["PORTAL_PROXIES"] == "${PORTAL_PROXIES:-1}"
    sweepers = [one for one in services.values() if "clocks" in json.dumps(one.get("command"))]
    assert sweepers
    for one in (*sweepers, services["web"]):
        assert "uploads" in {volume.partition(":")[0] for volume in one["volumes"]}
