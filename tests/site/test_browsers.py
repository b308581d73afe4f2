"""What a browser may keep and use: the rule of every route, and what leaving clears (M.26)."""

import runpy

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_client
from tests.routes import ROUTES, address
from zezhou_portal.pagekit.responses import CAMERA_USED, NOTHING_USED
from zezhou_portal.site.browsers import FORGOTTEN, FORGOTTEN_BY_TIME

pytestmark = pytest.mark.article("M.26")

CAMERA = {reverse("usage:check")}


@pytest.mark.parametrize("who", ["staff", "holder", "nobody"])
def test_every_route_when_answered_then_nothing_is_kept_and_nothing_used(
    db: None, who: str
) -> None:
    clients = {
        "staff": lambda: Cast().client("bureau.verifier"),
        "holder": lambda: holder_client(HolderFactory()),
        "nobody": Client,
    }
    client = clients[who]()
    client.raise_request_exception = False
    for path in ROUTES:
        where = address(path)
        answer = client.get(where)
        used = CAMERA_USED if who == "staff" and where in CAMERA else NOTHING_USED
        assert answer["Permissions-Policy"] == used, path
        if who != "nobody":
            assert answer["Cache-Control"] == "no-store", path


@pytest.mark.django_db
def test_a_public_answer_when_somebody_has_a_session_then_not_kept_either() -> None:
    where = reverse("usage-api:outcomes")
    assert "max-age" in Client().get(where)["Cache-Control"]
    assert Cast().client("market.clerk").get(where)["Cache-Control"] == "no-store"


def test_a_static_file_when_fetched_with_a_session_then_kept_as_before(client: Client) -> None:
    assert finders.find("css/base.css")
    client.cookies["sessionid"] = "x"
    answer = client.get("/static/css/base.css")
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, False)
    assert answer["Permissions-Policy"] == NOTHING_USED


@pytest.mark.django_db
def test_leaving_when_asked_then_the_browser_forgets_and_the_message_stays() -> None:
    staff = Cast().client("market.clerk")
    assert staff.post(reverse("parties:log-out"))["Clear-Site-Data"] == FORGOTTEN
    holder = holder_client(HolderFactory())
    left = holder.post(reverse("parties:holder-sign-out"))
    assert left["Clear-Site-Data"] == FORGOTTEN
    assert "cookies" not in FORGOTTEN
    page = holder.get(left["Location"])
    assert "已退出" in page.content.decode()
    assert "Clear-Site-Data" not in page
    assert "Clear-Site-Data" not in Client().post(reverse("parties:log-out"))


@pytest.mark.django_db
def test_a_session_that_time_ends_when_asked_then_what_is_to_be_asked_later_stays() -> None:
    client = Cast().client("market.clerk")
    session = client.session
    session["begun_at"] = 1.0
    session.save()
    answer = client.get(reverse("portal:desk"))
    assert answer["Location"] == reverse("parties:log-in")
    assert answer["Clear-Site-Data"] == FORGOTTEN_BY_TIME


def test_cookies_of_a_county_s_server_when_named_then_of_this_host_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PORTAL_SECRET_KEY", "CITY_SHARED_SECRET"):
        monkeypatch.setenv(name, "x" * 60)
    named = runpy.run_module("zezhou_portal.settings.production")
    for cookie in ("SESSION", "CSRF"):
        assert named[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert named[f"{cookie}_COOKIE_SECURE"] is True
        assert named.get(f"{cookie}_COOKIE_DOMAIN") is None
        assert named.get(f"{cookie}_COOKIE_PATH", "/") == "/"
    assert not settings.SESSION_COOKIE_NAME.startswith("__Host-"), "a machine without TLS"
