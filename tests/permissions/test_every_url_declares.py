"""Every route says who may open it, and keeps to it."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_client
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import RealNameCheck


def _routes(entries=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns if entries is None else entries:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, path)
        else:
            yield path, entry


def _declarations(view: object) -> list[object]:
    named = [getattr(view, name, None) for name in ("capability", "signed_in", "holder", "public")]
    return [one for one in named if one]


ROUTES = dict(_routes())
KEY = UUID("00000000-0000-4000-8000-000000000000")


def _address(path: str) -> str:
    """A route's address with a key that no row has."""
    parts = path.split("<")
    rest = [part.split(">", 1) for part in parts[1:]]
    values = {"uuid": str(KEY), "int": "0"}
    filled = [values.get(one.split(":")[0], "none") + tail for one, tail in rest]
    return "/" + parts[0] + "".join(filled)


@pytest.mark.parametrize("path", ROUTES)
def test_route_when_walked_then_its_view_declares_once(path: str) -> None:
    callback = ROUTES[path].callback
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    said = _declarations(view)
    assert len(said) == 1, f"{path} ({view}) must declare capability, signed_in, holder or public"
    if isinstance(said[0], str) and not isinstance(said[0], Capability):
        assert said[0].startswith("because ")


@pytest.mark.parametrize(
    "path",
    [
        path
        for path, entry in ROUTES.items()
        if isinstance(getattr(entry.callback, "view_class", None), type)
        and issubclass(entry.callback.view_class, PortalView)
        and not entry.callback.view_class.public
    ],
)
def test_route_when_nobody_is_signed_in_then_leads_to_log_in(db: None, path: str) -> None:
    is_holders = ROUTES[path].callback.view_class.holder
    for answer in (Client().get(_address(path)), Client().post(_address(path))):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/" if is_holders else "/log-in/")


HOLDERS_OWN = [
    path
    for path, entry in ROUTES.items()
    if isinstance(getattr(entry.callback, "view_class", None), type)
    and getattr(entry.callback.view_class, "holder", "")
]


@pytest.mark.article("M.20")
@pytest.mark.parametrize("how", ["ended", "too_old", "too_low", "staff"])
def test_holder_page_when_no_check_counts_then_leads_to_sign_in(cast: Cast, how: str) -> None:
    client = cast.client("market.clerk") if how == "staff" else holder_client(HolderFactory())
    now = clock.now()
    changes = {
        "ended": {"ended_at": now},
        "too_old": {"counts_until": now},
        "too_low": {"level": settings.PORTAL_ASSURANCE_LEVEL - 1},
    }
    RealNameCheck.objects.update(**changes.get(how, {"ended_at": None}))
    for path in HOLDERS_OWN:
        for answer in (client.get(_address(path)), client.post(_address(path))):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/sign-in/"), path


@pytest.mark.parametrize(
    "path",
    [
        path
        for path, entry in ROUTES.items()
        if isinstance(getattr(entry.callback, "view_class", None), type)
        and issubclass(entry.callback.view_class, PortalView)
        and entry.callback.view_class.capability
    ],
)
def test_route_when_capability_is_missing_then_refused(cast: Cast, path: str) -> None:
    wanted = ROUTES[path].callback.view_class.capability
    any_of = {wanted} if isinstance(wanted, Capability) else set(wanted)
    people = ("bureau.auditor", "bureau.system", "market.custodian", "market.clerk")
    others = [who for who in people if not any(cast.actor(who).has(one.value) for one in any_of)]
    assert others
    for who in others:
        client = cast.client(who)
        assert client.get(_address(path)).status_code in {403, 405}
        assert client.post(_address(path)).status_code in {403, 405}
