"""Two factors, the lock-out, and what the trail says of each (M.25)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories.parties import PASSWORD, AccountFactory, PostingFactory
from tests.records import outcomes
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, Notification
from zezhou_portal.parties.staff import second_factor, signing_in
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]


@pytest.fixture(autouse=True)
def _no_strangers():
    cache.clear()


def _code(account: Account) -> str:
    return second_factor.code_at(second_factor.device_of(account), clock.now())


def test_check_password_when_right_then_account_and_no_failure_counted(cast: Cast) -> None:
    account = signing_in.check_password(username=" Market.Clerk ", password=PASSWORD)
    assert account == cast.account("market.clerk")
    account.refresh_from_db()
    assert account.failed_logins == 0


def test_check_password_when_wrong_then_refused_and_on_the_trail(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        signing_in.check_password(username="market.clerk", password="wrong")
    assert caught.value.reason == signing_in.WRONG
    assert outcomes("login_refused") == [("refused", "market.clerk")]


def test_check_password_when_name_unknown_then_same_words_and_same_lock(wednesday, db) -> None:
    for _ in range(4):
        with pytest.raises(RuleBroken) as caught:
            signing_in.check_password(username="nobody.here", password="wrong")
        assert caught.value.reason == signing_in.WRONG
    with pytest.raises(signing_in.Locked) as locked:
        signing_in.check_password(username="nobody.here", password="wrong")
    assert locked.value.until == clock.now() + timedelta(minutes=15)
    assert outcomes("login_refused") == [("refused", "")] * 5


def test_check_password_when_five_failures_then_locked_fifteen_minutes(
    wednesday, cast: Cast
) -> None:
    for _ in range(4):
        with pytest.raises(RuleBroken):
            signing_in.check_password(username="market.clerk", password="wrong")
    with pytest.raises(signing_in.Locked) as locked:
        signing_in.check_password(username="market.clerk", password="wrong")
    assert locked.value.reason == (
        "连错 5 次，账号已锁。10:15 以后可以再试；急用请找安全管理员解锁。"
    )
    told = Notification.objects.get()
    assert (told.account.username, told.title) == ("bureau.security", "账号 market.clerk 已锁")
    wednesday.shift(timedelta(minutes=14, seconds=59))
    with pytest.raises(signing_in.Locked):
        signing_in.check_password(username="market.clerk", password=PASSWORD)
    wednesday.shift(timedelta(seconds=1))
    assert signing_in.check_password(username="market.clerk", password=PASSWORD)


def test_check_password_when_account_closed_then_same_words(cast: Cast) -> None:
    AccountFactory(username="gone", closed=True)
    with pytest.raises(RuleBroken) as caught:
        signing_in.check_password(username="gone", password=PASSWORD)
    assert caught.value.reason == signing_in.WRONG


def test_check_code_when_used_twice_then_second_is_refused(wednesday, cast: Cast) -> None:
    account = cast.account("market.clerk")
    code = _code(account)
    signing_in.check_code(account=account, code=code)
    with pytest.raises(RuleBroken) as caught:
        signing_in.check_code(account=account, code=code)
    assert caught.value.fields == {"code": signing_in.WRONG_CODE}
    assert outcomes("logged_in") == [("done", "market.clerk")]


def test_check_code_when_password_right_between_then_failures_still_count(
    wednesday, cast: Cast
) -> None:
    account = cast.account("market.clerk")
    wrong = f"{(int(_code(account)) + 1) % 1_000_000:06d}"
    for _ in range(4):
        signing_in.check_password(username="market.clerk", password=PASSWORD)
        with pytest.raises(RuleBroken):
            signing_in.check_code(account=account, code=wrong)
    signing_in.check_password(username="market.clerk", password=PASSWORD)
    with pytest.raises(signing_in.Locked):
        signing_in.check_code(account=account, code=wrong)
    account.refresh_from_db()
    assert account.is_locked(clock.now())


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "abcdef", "12 34"])
def test_accept_when_no_six_digits_then_no(wednesday, cast: Cast, code: str) -> None:
    device = second_factor.device_of(cast.account("market.clerk"))
    assert not second_factor.accept(device, code)


def test_secret_when_database_alone_is_known_then_not_the_stored_seed(cast: Cast) -> None:
    device = second_factor.device_of(cast.account("market.clerk"))
    assert len(second_factor.secret_of(device)) == 20
    assert second_factor.secret_of(device) != bytes.fromhex(device.key)


@pytest.mark.django_db(transaction=True)
def test_lock_out_when_twenty_try_at_once_then_five_are_judged(monkeypatch) -> None:
    account = AccountFactory(username="target")
    judged = []
    real = signing_in.fits

    def counted(password: str, encoded: str) -> bool:
        judged.append(1)
        return real(password, encoded)

    monkeypatch.setattr(signing_in, "fits", counted)

    def attempt(number: int) -> str:
        try:
            signing_in.check_password(username="target", password=f"guess-{number}")
        except RuleBroken as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(max_workers=8) as pool:
        outcomes = list(pool.map(attempt, range(20)))
    assert len(judged) == 5
    assert "in" not in outcomes
    account.refresh_from_db()
    assert account.locked_until is not None
    assert account.failed_logins == 5


def test_pages_when_both_factors_right_then_next_page_and_new_session_keys(
    wednesday, cast: Cast
) -> None:
    client = Client()
    account = cast.account("bureau.administrator")
    people = reverse("parties:people")
    answer = client.get(people)
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/log-in/?next={people.replace('/', '%2F')}",
    )
    answer = client.post(
        "/log-in/", {"username": account.username, "password": PASSWORD, "next": people}
    )
    assert answer["Location"] == "/second-factor/"
    half = client.session.session_key
    assert client.get(people)["Location"] == "/second-factor/"
    answer = client.post("/second-factor/", {"code": _code(account)})
    assert answer["Location"] == people
    assert client.session.session_key != half
    assert client.get(people).status_code == 200
    assert client.post("/log-out/")["Location"] == "/log-in/"
    assert client.get(people).status_code == 302
    assert outcomes("logged_in") == [("done", account.username)]
    assert outcomes("logged_out") == [("done", account.username)]


def test_pages_when_next_is_another_site_then_not_followed(wednesday, cast: Cast) -> None:
    client = Client()
    account = cast.account("bureau.administrator")
    data = {
        "username": account.username,
        "password": PASSWORD,
        "next": "https://elsewhere.example/",
    }
    client.post("/log-in/", data)
    answer = client.post("/second-factor/", {"code": _code(account)})
    assert answer["Location"].startswith("/")


def test_pages_when_locked_then_says_when_and_whom(wednesday, cast: Cast) -> None:
    client = Client()
    for _ in range(4):
        answer = client.post("/log-in/", {"username": "market.clerk", "password": "wrong"})
        assert answer.status_code == 422
    answer = client.post("/log-in/", {"username": "market.clerk", "password": "wrong"})
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "2026年11月18日 10:15" in page
    assert "安全管理员" in page


def test_pages_when_account_is_new_then_factor_then_password_then_in(wednesday, cast: Cast) -> None:
    account = AccountFactory(username="fresh", fresh=True, department=cast.market)
    client = Client()
    client.post("/log-in/", {"username": "fresh", "password": PASSWORD})
    page = client.get("/second-factor/").content.decode()
    assert "data:image/svg+xml;base64," in page
    device = second_factor.under_way(account)
    for group in second_factor.secret_in_groups(device):
        assert group in page
    assert client.post("/second-factor/", {"code": "000000"}).status_code == 422
    code = second_factor.code_at(device, clock.now())
    client.post("/second-factor/", {"code": code})
    assert client.get("/inbox/")["Location"] == "/password/"
    data = {"old": PASSWORD, "new": "a-new-longer-pass-5", "again": "a-new-longer-pass-5"}
    assert client.post("/password/", data).status_code == 302
    assert client.get("/inbox/").status_code == 200
    assert outcomes("second_factor_set") == [("refused", "fresh"), ("done", "fresh")]
    assert outcomes("password_changed") == [("done", "fresh")]


def test_switch_posting_when_two_departments_then_acts_for_the_chosen(cast: Cast) -> None:
    PostingFactory(account=cast.account("market.clerk"), department=cast.land, role="reviewer")
    client = cast.client("market.clerk")
    assert client.get("/inbox/").wsgi_request.actor.department_id == cast.market.pk
    client.post("/switch-posting/", {"posting": str(cast.land.uuid)})
    request = client.get("/inbox/").wsgi_request
    assert request.actor.department_id == cast.land.pk
    assert request.actor.role == "审核员"
    assert [one.current for one in request.postings] == [False, True]
    assert client.post("/switch-posting/", {"posting": str(cast.bureau.uuid)}).status_code == 409
    cast.account("market.clerk").postings.filter(department=cast.land).update(ended_at=clock.now())
    assert client.get("/inbox/").wsgi_request.actor.department_id == cast.market.pk
