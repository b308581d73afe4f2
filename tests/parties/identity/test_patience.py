"""An identity service that is slow, away or careless does not hold the portal up (M.20)."""

import socket
import time
from datetime import timedelta
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from redis.exceptions import RedisError

from tests.factories.parties import HolderFactory
from tests.holders import holder_client
from tests.parties.identity.services import BACK, impostor, new_state, openid
from tests.parties.identity.test_openid import KEPT, KEY, OTHER, lying, refusal, signed, told
from zezhou_portal.kernel import clock, counters
from zezhou_portal.parties.identity import patience
from zezhou_portal.parties.identity.openid import OpenIdConnect
from zezhou_portal.parties.identity.port import SignInFailed
from zezhou_portal.parties.models import RealNameCheck

pytestmark = pytest.mark.article("M.20")
METADATA = "/.well-known/openid-configuration"


def failed(service: OpenIdConnect) -> str:
    with pytest.raises(SignInFailed) as caught:
        service.begin(new_state(), BACK)
    assert caught.value.sentence.endswith("。")
    return caught.value.code


def test_metadata_when_many_begin_then_asked_once() -> None:
    asked: list[str] = []
    answers: dict[str, Any] = {}
    with impostor(answers) as address:

        def metadata(body: str) -> Any:
            asked.append(body)
            names = ("jwks_uri", "authorization_endpoint", "token_endpoint")
            return told({"issuer": address, **dict.fromkeys(names, f"{address}/x")})

        answers[METADATA] = metadata
        for _ in range(5):
            OpenIdConnect(openid(address)).begin(new_state(), BACK)
        assert len(asked) == 1
        with time_machine.travel(clock.now() + patience.FRESH + timedelta(seconds=1), tick=True):
            OpenIdConnect(openid(address)).begin(new_state(), BACK)
    assert len(asked) == 2


def test_metadata_when_the_service_is_away_then_the_kept_answer_stands_in() -> None:
    with lying(signed()) as service:
        service.begin(new_state(), BACK)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=True):
        assert service.begin(new_state(), BACK).address


def test_service_when_it_hangs_then_it_is_left_alone_for_a_while() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = OpenIdConnect(openid(address, SECONDS="0.2"))
        assert [failed(service) for _ in range(patience.FAILURES)] == ["timeout", "timeout"]
        began = time.monotonic()
        assert [failed(service) for _ in range(20)] == ["busy"] * 20
        assert time.monotonic() - began < 0.2


def test_service_when_it_hangs_then_few_wait_for_it_at_once() -> None:
    codes: list[str] = []
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = OpenIdConnect(openid(address, SECONDS="1"))
        hands = [Thread(target=lambda: codes.append(failed(service))) for _ in range(8)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
    assert sorted(codes) == ["busy"] * 6 + ["timeout"] * patience.MOST_AT_ONCE


def test_service_when_it_drips_then_its_time_ends_all_the_same() -> None:
    with socket.socket() as dripping:
        dripping.bind(("127.0.0.1", 0))
        dripping.listen()

        def drip() -> None:
            line, _ = dripping.accept()
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(30):
                time.sleep(0.1)
                try:
                    line.sendall(b"x")
                except OSError:
                    return

        Thread(target=drip, daemon=True).start()
        address = f"http://127.0.0.1:{dripping.getsockname()[1]}"
        began = time.monotonic()
        assert failed(OpenIdConnect(openid(address, SECONDS="0.5"))) == "timeout"
        assert time.monotonic() - began < 1.5


def test_sign_in_when_redis_is_away_then_the_service_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: Any) -> int:
        raise RedisError

    for name in ("add", "present", "take_back"):
        monkeypatch.setattr(counters, name, away)
    with lying(signed()) as service:
        assert service.finish({"code": "c"}, KEPT).subject == "openid:net-9"


def test_keys_when_the_service_turns_them_then_asked_for_anew() -> None:
    keys = [OTHER.as_dict(private=False)]
    asked: list[str] = []

    def listed(body: str) -> Any:
        asked.append(body)
        return told({"keys": keys})

    with lying(signed(), answers={"/keys": listed}) as service:
        assert refusal(service, {"code": "c"}, KEPT) == "signature"
        assert refusal(service, {"code": "c"}, KEPT) == "signature"
        assert len(asked) == 1, "not at every stranger's word"
        keys[0] = KEY.as_dict(private=False)
        with time_machine.travel(clock.now() + timedelta(seconds=90), tick=True):
            assert service.finish({"code": "c"}, KEPT).subject == "openid:net-9"
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("came", "promised", "code"),
    [
        ({"code": "c"}, True, "signature"),
        ({"code": "c", "iss": ""}, True, "signature"),
        ({"code": "c", "iss": ""}, False, "signature"),
        ({"code": "c"}, False, ""),
    ],
)
def test_issuer_when_it_is_promised_then_it_must_come(
    came: dict[str, str], promised: bool, code: str
) -> None:
    metadata = {"authorization_response_iss_parameter_supported": promised}
    with lying(signed(), metadata=metadata) as service:
        if code:
            assert refusal(service, came, KEPT) == code
        else:
            assert service.finish(came, KEPT).subject == "openid:net-9"


def test_age_of_the_proof_when_asked_for_then_named_in_the_question() -> None:
    with lying(signed()) as service:
        query = parse_qs(urlsplit(service.begin(new_state(), BACK).address).query)
    assert query["max_age"] == ["900"]


@pytest.mark.django_db
def test_holder_when_signed_out_then_led_to_the_service_s_own_sign_out(settings: Any) -> None:
    with lying(signed(), metadata={"end_session_endpoint": "https://id.example/end"}) as service:
        provider = service._provider
        settings.PORTAL_IDENTITY = {provider.key: provider}
        client = holder_client(HolderFactory())
        RealNameCheck.objects.update(provider=provider.key)
        assert client.post("/sign-out/")["Location"] == "/sign-in/"  # nothing is known of it yet
        service.begin(new_state(), BACK)
    client = holder_client(HolderFactory())
    RealNameCheck.objects.update(provider=provider.key)
    page = client.post("/sign-out/", follow=True)
    assert "也退出" in page.content.decode()
    address = client.get(f"/sign-out/{provider.key}/")["Location"]
    query = parse_qs(urlsplit(address).query)
    assert address.startswith("https://id.example/end?")
    assert query["client_id"] == ["zezhou-portal"]
    assert query["post_logout_redirect_uri"][0].endswith("/sign-in/")
    assert Client().get("/sign-out/nobody/").status_code == 404
