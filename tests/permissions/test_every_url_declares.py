"""Every route says who may open it, and keeps to it."""

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_client
from tests.routes import ROUTES, address, is_page, view_of
from zezhou_portal.kernel import clock
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import RealNameCheck

PAGES = [path for path in ROUTES if is_page(path)]


def _declarations(view: object) -> list[object]:
    named = [getattr(view, name, None) for name in ("capability", "signed_in", "holder", "public")]
    return [one for one in named if one]


@pytest.mark.parametrize("path", ROUTES)
def test_route_when_walked_then_its_view_declares_once(path: str) -> None:
    view = view_of(path)
    said = _declarations(view)
    assert len(said) == 1, f"{path} ({view}) must declare capability, signed_in, holder or public"
    if isinstance(said[0], str) and not isinstance(said[0], Capability):
        assert said[0].startswith("because ")


def test_route_when_nobody_is_signed_in_then_leads_to_log_in(db: None) -> None:
    for path in (one for one in PAGES if not view_of(one).public):
        entrance = "/sign-in/" if view_of(path).holder else "/log-in/"
        for answer in (Client().get(address(path)), Client().post(address(path))):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(entrance), path


HOLDERS_OWN = [path for path in PAGES if view_of(path).holder]


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
        for answer in (client.get(address(path)), client.post(address(path))):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/sign-in/"), path


def test_route_when_capability_is_missing_then_refused(cast: Cast) -> None:
    """One cast for every route: a refusal leaves a record and nothing else behind."""
    people = ("bureau.auditor", "bureau.system", "market.custodian", "market.clerk")
    actors = {who: cast.actor(who) for who in people}
    clients = {who: cast.client(who) for who in people}
    for path in (one for one in PAGES if view_of(one).capability):
        wanted = view_of(path).capability
        any_of = {wanted} if isinstance(wanted, Capability) else set(wanted)
        others = [who for who in people if not any(actors[who].has(one.value) for one in any_of)]
        assert others, path
        for who in others:
            assert clients[who].get(address(path)).status_code in {403, 405}, (path, who)
            assert clients[who].post(address(path)).status_code in {403, 405}, (path, who)
