"""Nothing is reached with one factor, with a first password, or without the form's token (M.25)."""

import pytest
from django.test import Client

from tests.cast import Cast, signed_in
from tests.factories.parties import PASSWORD, AccountFactory, PostingFactory
from tests.routes import ROUTES, address, is_page, view_of
from zezhou_portal.parties.staff import accounts, factors

# What one may reach whatever step is missing; everything else leads back to the step.
FREE = {"log-out/", "elder/", "theme/", "help/", "contact/"}
PATHS = [path for path in ROUTES if is_page(path) and path not in FREE]
POSTED = [path for path in ROUTES if hasattr(view_of(path), "post")]


@pytest.mark.article("M.25")
def test_every_page_when_only_the_password_was_given_then_back_to_the_code(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.account("market.clerk"))
    for path in PATHS:
        if path == "second-factor/":
            continue
        for answer in (client.get(address(path)), client.post(address(path))):
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/second-factor/")


@pytest.mark.article("M.25")
def test_every_page_when_the_first_password_stands_then_back_to_its_change(cast: Cast) -> None:
    account = AccountFactory(department=cast.market)
    PostingFactory(account=account, department=cast.market)
    account.must_change_password = True
    account.save(update_fields=["must_change_password"])
    client = signed_in(account)
    for path in PATHS:
        if path == "password/":
            continue
        for answer in (client.get(address(path)), client.post(address(path))):
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/password/")


@pytest.mark.article("M.26")
def test_every_post_when_it_lacks_the_token_then_403(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = cast.client("market.clerk").cookies
    assert len(POSTED) > 40
    for path in POSTED:
        if path.startswith("api/"):
            continue
        assert strict.post(address(path)).status_code == 403, path


@pytest.mark.article("M.25")
def test_sessions_when_something_of_the_account_changes_then_they_end(cast: Cast) -> None:
    account = cast.account("market.clerk")
    security, system = cast.actor("bureau.security"), cast.actor("bureau.system")
    here, there = signed_in(account), signed_in(account)
    new = "another-horse-battery-8"
    here.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert there.get("/desk/")["Location"].startswith("/log-in/")
    assert here.get("/desk/").status_code == 200
    factors.reset_second_factor(actor=security, account=account)
    assert here.get("/desk/")["Location"] == "/second-factor/"
    account.refresh_from_db()
    again = Client()
    again.force_login(account)
    accounts.close_account(actor=system, account=account)
    assert again.get("/desk/")["Location"].startswith("/log-in/")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_when_it_is_not_ours_then_the_desk(cast: Cast, target: str) -> None:
    client = cast.client("market.clerk")
    assert client.get("/log-in/", {"next": target})["Location"] == "/desk/"
    assert Client().post("/theme/", {"theme": "dark", "next": target})["Location"] == "/"
