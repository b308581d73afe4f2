"""Signing in and out by the pages, end to end through the identity services."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.factories.parties import HolderFactory
from tests.holders import holder_client
from tests.parties.identity import services
from tests.records import outcomes, records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.pages.sign_in import UNDER_WAY
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK
from zezhou_portal.parties.models import Holder, RealNameCheck

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]


@pytest.fixture
def known(settings: Any, issuer: str, sample: str) -> Iterator[None]:
    """Both services, as the settings name them."""
    settings.PORTAL_ADDRESS = services.PORTAL
    settings.ALLOWED_HOSTS = ["testserver"]
    both = [services.ticket(sample), services.openid(issuer)]
    settings.PORTAL_IDENTITY = {one.key: one for one in both}
    yield


def begin(client: Client, provider: str = "sample", **query: str) -> str:
    """Where the portal sends the browser."""
    answer = client.get(f"/sign-in/{provider}/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def back(address: str) -> str:
    """The portal's own path of an address that a service led back to."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def sign_in(client: Client, who: str = "person", **query: str) -> Any:
    """Through the stand-in; the portal's answer to the way back."""
    return client.get(back(services.choose(begin(client, **query), who)))


def is_in(client: Client) -> bool:
    return CHECK in client.session


def test_choice_when_opened_then_every_service_and_no_password(known: None) -> None:
    page = Client().get("/sign-in/").content.decode()
    assert "用样例身份服务登录" in page
    assert "用国家网络身份认证登录" in page
    assert "本站不要密码" in page
    assert 'type="password"' not in page
    assert "/log-in/" in page


def test_choice_when_no_service_is_configured_then_says_where_to_go(settings: Any) -> None:
    settings.PORTAL_IDENTITY = {}
    page = Client().get("/sign-in/").content.decode()
    assert "身份服务还没有接通" in page
    assert "政务服务大厅窗口" in page


def test_home_when_nobody_is_signed_in_then_both_doors(known: None) -> None:
    page = Client().get("/").content.decode()
    assert 'href="/sign-in/"' in page
    assert 'href="/log-in/"' in page
    holder = holder_client(HolderFactory())
    page = holder.get("/").content.decode()
    assert 'href="/sign-in/"' not in page
    assert 'href="/wallet/"' in page


def test_holder_when_signed_in_by_ticket_then_lands_in_the_wallet(known: None) -> None:
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/wallet/")
    check = RealNameCheck.objects.get(uuid=client.session[CHECK])
    assert (check.holder.name, check.provider) == ("田春雨", "sample")
    assert ACTING_FOR not in client.session
    assert outcomes("holder_signed_in") == [("done", "自然人")]


def test_holder_when_signed_in_by_openid_then_lands_where_they_wanted(known: None) -> None:
    client = Client()
    address = begin(client, "openid", next="/wallet/mine/")
    answer = client.get(back(services.walk(address, "net-1")))
    assert (answer.status_code, answer["Location"]) == (302, "/wallet/mine/")
    assert RealNameCheck.objects.get().holder.identity_number == "140525199103121021"


def test_representative_when_signed_in_then_acts_for_the_enterprise(known: None) -> None:
    client = Client()
    sign_in(client, "waterworks.representative")
    check = RealNameCheck.objects.get()
    assert check.enterprise.name == "泽州县下村镇清泉供水站（样例）"
    mandate = check.enterprise.mandates_given.get()
    assert client.session[ACTING_FOR] == str(mandate.uuid)


@pytest.mark.parametrize(
    ("who", "words"),
    [("unsure", "看证照要实名等级 2 级"), ("waterworks.agent", "还没有委托您经办")],
)
def test_holder_when_refused_then_told_on_the_choice(known: None, who: str, words: str) -> None:
    client = Client()
    answer = sign_in(client, who)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "12345" in page
    assert not is_in(client)
    assert not RealNameCheck.objects.exists()
    assert [one for one, _ in outcomes("holder_sign_in_refused")] == ["refused"]


def test_level_when_too_low_at_openid_then_names_the_service(known: None) -> None:
    client = Client()
    answer = client.get(back(services.walk(begin(client, "openid"), "net-3")))
    assert answer.status_code == 422
    assert "国家网络身份认证" in answer.content.decode()


def test_answer_when_it_comes_again_then_refused(known: None) -> None:
    client = Client()
    path = back(services.choose(begin(client), "person"))
    assert client.get(path).status_code == 302
    again = client.get(path)
    assert again.status_code == 422
    assert "已经用过" in again.content.decode()
    assert is_in(client)  # whoever was in stays in
    assert RealNameCheck.objects.count() == 1


@pytest.mark.parametrize("how", ["other_state", "no_state", "other_browser", "other_service"])
def test_answer_when_it_is_not_of_this_sign_in_then_refused(known: None, how: str) -> None:
    client = Client()
    path = back(services.choose(begin(client), "person"))
    state = client.session[UNDER_WAY]["state"]
    if how == "other_state":
        path = path.replace(state, services.new_state())
    elif how == "no_state":
        path = path.replace(state, "")
    elif how == "other_browser":
        client = Client()
        begin(client)
    else:
        path = path.replace("/sample/", "/openid/")
    answer = client.get(path)
    assert answer.status_code == 422
    assert not is_in(client)
    assert not Holder.objects.exists()
    assert records("holder_sign_in_refused")


def test_answer_when_nothing_is_under_way_then_refused(known: None) -> None:
    for path in ("/sign-in/sample/back/", "/sign-in/sample/back/?state=&ticket=x"):
        assert Client().get(path).status_code == 422


def test_answer_when_it_is_late_then_refused(known: None) -> None:
    client = Client()
    path = back(services.choose(begin(client), "person"))
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert client.get(path).status_code == 422
    assert not is_in(client)


def test_person_when_they_give_up_at_the_service_then_told(known: None) -> None:
    client = Client()
    begin(client)
    state = client.session[UNDER_WAY]["state"]
    answer = client.get("/sign-in/sample/back/", {"state": state})
    assert answer.status_code == 422
    assert "没有完成登录" in answer.content.decode()
    assert UNDER_WAY not in client.session


def test_service_when_down_then_told_and_nothing_begun(settings: Any) -> None:
    with services.impostor({}) as address:
        gone = address
    settings.PORTAL_IDENTITY = {"openid": services.openid(gone)}
    client = Client()
    answer = client.get("/sign-in/openid/")
    assert answer.status_code == 422
    assert "现在连不上" in answer.content.decode()
    assert UNDER_WAY not in client.session
    assert records("holder_sign_in_refused")


def test_service_when_unknown_then_not_found(known: None) -> None:
    for path in ("/sign-in/nobody/", "/sign-in/nobody/back/"):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "https://another.example/", "//another.example/", "/\\another.example", "javascript:alert(1)",
        "wallet/", "", "http:///another.example", "/\t/another.example",
    ],
)  # fmt: skip
def test_next_when_it_is_no_path_of_ours_then_the_wallet(known: None, target: str) -> None:
    client = Client()
    assert sign_in(client, next=target)["Location"] == "/wallet/"
    onward = client.get("/sign-in/", {"next": target})
    assert onward.status_code == 200 if not target else onward["Location"] == "/wallet/"


def test_session_when_signed_in_then_has_another_key(known: None) -> None:
    client = Client()
    client.get("/sign-in/")
    address = begin(client)
    planted = client.session.session_key
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.get(back(services.choose(address, "person")))
    assert client.session.session_key != planted
    assert "planted" not in client.session
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not is_in(attacker)


def test_staff_when_they_sign_in_as_holder_then_are_logged_out(known: None) -> None:
    client = Cast().client("market.clerk")
    assert client.get("/desk/").status_code == 200
    page = client.get("/sign-in/").content.decode()
    assert "退出工作台" in page
    sign_in(client)
    assert is_in(client)
    assert client.get("/desk/")["Location"].startswith("/log-in/")
    assert outcomes("logged_out") == [("done", "market.clerk")]


def test_holder_when_they_log_in_as_staff_then_are_signed_out(known: None) -> None:
    cast = Cast()
    account = cast.account("market.clerk")
    account.set_password("a-password-of-tests")
    account.save()
    client = Client()
    sign_in(client)
    answer = client.post(
        "/log-in/", {"username": "market.clerk", "password": "a-password-of-tests"}
    )
    assert answer.status_code == 302
    assert not is_in(client)
    assert RealNameCheck.objects.get().ended_at is not None


def test_holder_when_they_sign_in_again_then_the_former_check_ends(known: None) -> None:
    client = Client()
    sign_in(client)
    assert "您已经登录" in client.get("/sign-in/").content.decode()
    sign_in(client, "wife")
    first, second = RealNameCheck.objects.order_by("pk")
    assert (first.ended_at is None, second.ended_at is None) == (False, True)
    assert client.session[CHECK] == str(second.uuid)


def test_holder_when_signed_out_then_check_and_session_end(known: None) -> None:
    client = Client()
    sign_in(client)
    stolen = Client()
    stolen.cookies["sessionid"] = client.session.session_key
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/", follow=True)
    assert "已退出" in answer.content.decode()
    assert not is_in(client)
    assert not is_in(stolen)
    assert RealNameCheck.objects.get().ended_at is not None
    assert outcomes("holder_signed_out") == [("done", "自然人")]


def test_sign_out_when_nobody_is_signed_in_then_harmless(known: None) -> None:
    assert Client().post("/sign-out/")["Location"] == "/sign-in/"
    staff = Cast().client("market.clerk")
    assert staff.post("/sign-out/")["Location"] == "/desk/"
    assert staff.get("/desk/").status_code == 200


def test_sign_out_when_posted_from_elsewhere_then_refused(known: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-out/").status_code == 403


def test_page_when_opened_then_no_number_of_a_person_is_in_it(known: None) -> None:
    client = Client()
    sign_in(client)
    for path in ("/sign-in/", "/"):
        assert "140525199103121021" not in client.get(path).content.decode()


def test_stand_in_when_its_ticket_is_taken_by_somebody_else_then_useless(sample: str) -> None:
    begun = f"{sample}/log-in?application=zezhou-portal&return={services.PORTAL}/"
    ticket = services.params(services.choose(begun, "person"))["ticket"]
    answer = httpx.post(
        f"{sample}/exchange",
        data={"application": "zezhou-portal", "ticket": ticket, "moment": "x", "nonce": "y",
              "signature": "z"},
        trust_env=False,
    )  # fmt: skip
    assert answer.status_code == 401
