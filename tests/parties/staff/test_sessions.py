"""One's own sessions, their end, and a factor asked again before an act of weight (M.25)."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import Cast
from tests.factories.parties import PASSWORD
from tests.records import records
from tests.routes import ROUTES, address, is_page, view_of
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, StaffSession
from zezhou_portal.parties.staff import second_factor
from zezhou_portal.parties.staff.sessions import words_of
from zezhou_portal.regulation.limits import ASK_AGAIN_AFTER, SESSION_LASTS

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.25")]

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"
WEIGHTY = [path for path in ROUTES if is_page(path) and view_of(path).asks_again]


def code_of(account: Account) -> str:
    return second_factor.code_at(second_factor.device_of(account), clock.now())


def proved_long_ago(client: Client) -> Client:
    """The same client, busy since, whose factor was given so long ago that it is asked again."""
    session = client.session
    session["proved_at"] = (clock.now() - ASK_AGAIN_AFTER).timestamp()
    session.save()
    return client


def log_in(account: Account, device: str = EDGE) -> Client:
    """Through both forms, as people do."""
    client = Client(headers={"User-Agent": device})
    client.post("/log-in/", {"username": account.username, "password": PASSWORD})
    answer = client.post("/second-factor/", {"code": code_of(account)})
    assert answer["Location"] == "/desk/"
    return client


def test_sessions_when_signed_in_twice_then_both_listed_and_one_ended(
    wednesday, cast: Cast
) -> None:
    account = cast.account("market.clerk")
    here = log_in(account)
    wednesday.shift(timedelta(minutes=1))
    there = log_in(account, PHONE)
    page = here.get("/sessions/")
    assert [(one.device, one.is_this) for one in page.context["rows"]] == [
        ("Windows 电脑，Edge", True),
        ("安卓手机，Chrome", False),
    ]
    other = page.context["rows"][1].row
    here.post("/sessions/", {"session": other.uuid})
    assert there.get("/desk/")["Location"].startswith("/log-in/")
    assert here.get("/desk/").status_code == 200
    assert [one.outcome for one in records("session_ended")] == ["done"]


def test_sessions_when_all_others_are_ended_then_this_one_stays(wednesday, cast: Cast) -> None:
    account = cast.account("market.clerk")
    others = []
    for _ in range(2):
        others.append(log_in(account, PHONE))
        wednesday.shift(timedelta(minutes=1))
    here = log_in(account)
    here.post("/sessions/")
    assert here.get("/desk/").status_code == 200
    for other in others:
        assert other.get("/desk/")["Location"].startswith("/log-in/")


def test_sessions_when_a_neighbour_s_key_is_sent_then_it_goes_on(wednesday, cast: Cast) -> None:
    mine, neighbour = log_in(cast.account("market.clerk")), log_in(cast.account("land.clerk"))
    row = StaffSession.objects.get(account=cast.account("land.clerk"))
    answer = mine.post("/sessions/", {"session": row.uuid})
    assert answer.status_code in {409, 422}
    assert neighbour.get("/desk/").status_code == 200


def test_sessions_when_the_password_changes_then_only_this_one_is_left(
    wednesday, cast: Cast
) -> None:
    account = cast.account("market.clerk")
    log_in(account, PHONE)
    wednesday.shift(timedelta(minutes=1))
    here = log_in(account)
    new = "another-horse-battery-8"
    here.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    rows = here.get("/sessions/").context["rows"]
    assert [(one.device, one.is_this) for one in rows] == [("Windows 电脑，Edge", True)]


def test_session_when_busy_all_day_then_ends_all_the_same(wednesday, cast: Cast) -> None:
    client = log_in(cast.account("market.clerk"))
    step = timedelta(minutes=15)
    for _ in range(int(SESSION_LASTS / step) - 1):
        wednesday.shift(step)
        assert client.get("/sessions/").status_code == 200
    wednesday.shift(step)
    assert client.get("/sessions/")["Location"] == "/log-in/"
    assert client.get("/desk/")["Location"].startswith("/log-in/")


@pytest.mark.article("M.26")
def test_weighty_pages_when_the_factor_was_given_long_ago_then_asked_again(
    wednesday, cast: Cast
) -> None:
    assert {
        "applications/<uuid:key>/unmask/",
        "licences/<identifier:identifier>/unmask/",
        "licences/<identifier:identifier>/face/",
        "applications/<uuid:key>/sign-off/",
        "sign-off/batch/",
        "stock/<uuid:key>/sign-off/",
        "accounts/<uuid:key>/reset-password/",
        "accounts/<uuid:key>/reset-second-factor/",
        "accounts/<uuid:key>/vouch/",
    } == set(WEIGHTY)
    people = ("market.clerk", "market.signatory", "bureau.security")
    clients = [proved_long_ago(cast.client(who)) for who in people]
    for path in WEIGHTY:
        answers = [client.post(address(path)) for client in clients]
        asked = [one for one in answers if one.headers.get("Location", "").startswith("/again/")]
        refused = [one for one in answers if one.status_code == 403]
        assert asked, path
        assert len(asked) + len(refused) == 3, path


def test_prove_again_when_right_then_back_to_where_it_began(wednesday, cast: Cast) -> None:
    account = cast.account("bureau.security")
    client = proved_long_ago(cast.client("bureau.security"))
    wanted = f"/accounts/{cast.account('market.clerk').uuid}/reset-password/"
    asked = client.get(wanted)
    assert asked["Location"] == f"/again/?next={wanted.replace('/', '%2F')}"
    wrong = client.post("/again/", {"proof": "000000", "next": wanted})
    assert wrong.status_code == 422
    assert "口令不对或已经用过" in wrong.content.decode()
    right = client.post("/again/", {"proof": code_of(account), "next": wanted})
    assert right["Location"] == wanted
    assert client.get(wanted).status_code == 200
    assert [one.outcome for one in records("proved_again")] == ["refused", "done"]


def test_prove_again_when_wrong_five_times_then_locked_and_signed_out(
    wednesday, cast: Cast
) -> None:
    client = cast.client("market.clerk")
    answers = [client.post("/again/", {"proof": "000000"}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert client.get("/desk/")["Location"].startswith("/log-in/")


def test_change_password_when_the_old_one_is_guessed_then_locked(wednesday, cast: Cast) -> None:
    client = cast.client("market.clerk")
    sent = {"old": "wrong", "new": "another-horse-8", "again": "another-horse-8"}
    answers = [client.post("/password/", sent).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert cast.account("market.clerk").check_password(PASSWORD)
    assert client.get("/desk/")["Location"].startswith("/log-in/")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "javascript:0"])
def test_prove_again_when_next_is_not_ours_then_the_desk(
    wednesday, cast: Cast, target: str
) -> None:
    client = cast.client("market.clerk")
    proof = code_of(cast.account("market.clerk"))
    assert client.post("/again/", {"proof": proof, "next": target})["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("device", "words"),
    [
        (EDGE, "Windows 电脑，Edge"),
        (PHONE, "安卓手机，Chrome"),
        ("Mozilla/5.0 (iPhone) MicroMessenger/8", "iPhone，微信"),
        ("", "浏览器"),
    ],
)
def test_words_of_when_a_browser_names_itself_then_in_two_words(device: str, words: str) -> None:
    assert words_of(device) == words
