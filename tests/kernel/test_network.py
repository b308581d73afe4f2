"""Where a request comes from: a caller's own word about it counts for nothing (GB/T 22239)."""

from typing import Any

import pytest
from django.test import RequestFactory

from zezhou_portal.kernel.network import address_of, network_of
from zezhou_portal.settings import env

FORGED = "198.51.100.1, 192.0.2.7"


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "address"),
    [
        (0, "192.0.2.1", FORGED, "192.0.2.1"),
        (1, "10.0.0.1", FORGED, "192.0.2.7"),
        (2, "10.0.0.1", FORGED, "198.51.100.1"),
        (3, "10.0.0.1", FORGED, "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "203.0.113.5", FORGED, "203.0.113.5"),
        (1, "", FORGED, "192.0.2.7"),
    ],
)
def test_the_address_is_what_our_own_front_wrote(
    settings: Any, proxies: int, peer: str, said: str, address: str
) -> None:
    settings.PORTAL_PROXIES = proxies
    sent = {"HTTP_X_FORWARDED_FOR": said} if said else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=peer, **sent)) == address


def test_the_networks_of_our_front_are_configuration(settings: Any) -> None:
    settings.PORTAL_PROXIES, settings.PORTAL_PROXY_NETWORKS = 1, ["203.0.113.0/24"]
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.5", HTTP_X_FORWARDED_FOR=FORGED)
    assert address_of(request) == "192.0.2.7"
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=FORGED)
    assert address_of(request) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::9", "2001:db8::/64"),
        ("<script>", "unknown"),
    ],
)
def test_one_line_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_network_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PROXY_NETWORKS", "10.0.0.0/8, front")
    with pytest.raises(env.BadSetting, match="PORTAL_PROXY_NETWORKS"):
        env.networks("PORTAL_PROXY_NETWORKS")
    monkeypatch.setenv("PORTAL_PROXY_NETWORKS", "10.0.0.0/8, 192.0.2.1")
    assert env.networks("PORTAL_PROXY_NETWORKS") == ["10.0.0.0/8", "192.0.2.1/32"]
