"""A log-in is counted by account, device and network; nobody keeps anybody out (M.25)."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from audit.trail.models import Record
from audit.trail.recording import record_sums
from tests.cast import Cast
from tests.factories.parties import PASSWORD, AccountFactory
from tests.records import outcomes
from tests.routes import ROUTES, address, view_of
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.staff import accounts, second_factor, signing_in, tries
from zezhou_portal.regulation.errors import RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def log_in(client: Client, username: str, given: str = "wrong", **more: str):
    return client.post("/log-in/", {"username": username, "password": given}, **more)


def code_of(account: Account) -> str:
    return second_factor.code_at(second_factor.device_of(account), clock.now())


def in_by(client: Client, account: Account) -> bool:
    log_in(client, account.username, PASSWORD)
    return client.post("/second-factor/", {"code": code_of(account)}).status_code == 302


def test_person_when_a_stranger_locks_the_account_then_gets_in_from_a_known_device(
    wednesday, cast: Cast
) -> None:
    account, own = cast.account("market.clerk"), Client()
    assert in_by(own, account)
    own.post("/log-out/")
    wednesday.shift(timedelta(minutes=1))
    for _ in range(6):
        answer = log_in(Client(), account.username)
    assert answer.status_code == 429
    assert log_in(Client(), account.username, PASSWORD).status_code == 429
    assert in_by(own, account)
    account.refresh_from_db()
    assert account.is_locked(clock.now()), "what the stranger did stands for the stranger"


def test_known_device_when_it_fails_five_times_then_it_is_shut_alone(wednesday, cast: Cast) -> None:
    account, own = cast.account("market.clerk"), Client()
    assert in_by(own, account)
    own.post("/log-out/")
    assert [log_in(own, account.username).status_code for _ in range(6)] == [422] * 4 + [429] * 2
    assert log_in(own, account.username, PASSWORD).status_code == 429
    account.refresh_from_db()
    assert not account.is_locked(clock.now())
    assert log_in(Client(), account.username, PASSWORD).status_code == 302


def test_known_device_when_the_cookie_is_forged_or_another_s_then_nothing_of_it(
    wednesday, cast: Cast
) -> None:
    account, other = cast.account("market.clerk"), Client()
    assert in_by(other, cast.account("market.reviewer"))
    other.post("/log-out/")
    forged = Client()
    forged.cookies[tries.COOKIE] = f"{account.uuid}:x:y"
    for client in (other, forged):
        for _ in range(5):
            log_in(client, account.username)
    account.refresh_from_db()
    assert account.is_locked(clock.now())


def test_account_that_unlocks_others_when_tried_from_anywhere_then_never_locked_for_all(
    wednesday, cast: Cast
) -> None:
    account = cast.account("bureau.security")
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert [log_in(Client(), account.username, **far).status_code for _ in range(6)][-1] == 429
    account.refresh_from_db()
    assert account.locked_until is None
    assert log_in(Client(), account.username, PASSWORD, **far).status_code == 429
    assert in_by(Client(), account)


def test_network_when_it_has_failed_too_often_then_nothing_is_judged(
    wednesday, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(tries.NETWORK_FAILURES):
        assert log_in(Client(), f"name-{number}").status_code == 422
    judged: list[str] = []
    monkeypatch.setattr(signing_in, "fits", lambda *_: judged.append("known"))
    monkeypatch.setattr(signing_in, "make_password", lambda *_: judged.append("unknown"))
    for name in ("market.clerk", "nobody.here"):
        answer = log_in(Client(), name, PASSWORD)
        assert tries.TOO_MANY in answer.content.decode()
        assert answer.status_code == 429
    assert not judged
    assert log_in(Client(), "nobody.here", REMOTE_ADDR="203.0.113.9").status_code == 422
    wednesday.shift(tries.NETWORK_WINDOW)


def test_right_log_ins_when_they_are_many_then_never_too_many(wednesday, cast: Cast) -> None:
    for _ in range(tries.NETWORK_FAILURES + 2):
        assert log_in(Client(), "market.clerk", PASSWORD).status_code == 302


def test_known_device_when_shut_then_the_security_administrator_opens_it(
    wednesday, cast: Cast
) -> None:
    account, own = cast.account("market.clerk"), Client()
    assert in_by(own, account)
    own.post("/log-out/")
    for _ in range(5):
        log_in(own, account.username)
    actor = cast.actor("bureau.security")
    accounts.unlock_account(actor=actor, account=account)
    assert log_in(own, account.username, PASSWORD).status_code == 302
    with pytest.raises(RuleBroken, match="没有锁定"):
        accounts.unlock_account(actor=actor, account=account)


WAYS = ["unknown", "wrong", "closed", "no second factor", "security"]


@pytest.mark.parametrize("way", WAYS)
def test_work_when_a_try_is_judged_or_not_then_the_same_on_every_path(
    wednesday, cast: Cast, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    AccountFactory(username="gone", closed=True)
    AccountFactory(username="fresh.one", fresh=True)
    name = {
        "unknown": "nobody.here", "wrong": "market.clerk", "closed": "gone",
        "no second factor": "fresh.one", "security": "bureau.security",
    }[way]  # fmt: skip
    hashed: list[str] = []
    fits, made = signing_in.fits, signing_in.make_password
    monkeypatch.setattr(signing_in, "fits", lambda *a: hashed.append("x") or fits(*a))
    monkeypatch.setattr(signing_in, "make_password", lambda *a: hashed.append("x") or made(*a))
    counts = []
    for _ in range(7):
        hashed.clear()
        with pytest.raises(RuleBroken):
            signing_in.check_password(
                username=name, password="wrong", origin=tries.Origin("203.0.113.9")
            )
        counts.append(len(hashed))
    assert counts == [1] * 5 + [0] * 2


def test_refusals_of_strangers_when_many_in_a_minute_then_one_record_and_one_sum(
    wednesday, cast: Cast
) -> None:
    client = Client()
    for _ in range(9):
        client.post("/log-in/", {"username": "nobody.here", "password": "x"})
    for _ in range(3):
        client.post(
            "/log-in/", {"username": "nobody.here", "password": "x"}, REMOTE_ADDR="203.0.113.9"
        )
    assert outcomes("login_refused") == [("refused", "")] * 2
    assert record_sums() == 0, "the minute is not over"
    wednesday.shift(timedelta(minutes=1))
    assert record_sums() == 2
    assert record_sums() == 0, "each once"
    sums = Record.objects.filter(facts__has_key="count").values_list("facts__count", flat=True)
    assert sorted(sums) == [2, 8]


def test_refusal_of_an_official_when_repeated_then_each_is_recorded(wednesday, cast: Cast) -> None:
    client = Client()
    log_in(client, "market.clerk", PASSWORD)
    for _ in range(2):
        client.post("/second-factor/", {"code": "000000"})
    assert outcomes("login_refused") == [("refused", "market.clerk")] * 2


def test_page_when_anybody_opens_it_then_no_session_starts(db: None) -> None:
    started = []
    for path in ROUTES:
        if not getattr(view_of(path), "public", "") or path.startswith("sign-in/<"):
            continue
        client = Client()
        client.get(address(path))
        if Session.objects.exists() or "sessionid" in client.cookies:
            started.append(path)
            Session.objects.all().delete()
    assert not started
