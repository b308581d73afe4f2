"""The OpenID Connect adapter against a provider that is not ours, and against one that lies."""

import json
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.parties.identity.services import (
    BACK,
    SECRET,
    Answer,
    impostor,
    new_state,
    openid,
    params,
    walk,
)
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.openid import OpenIdConnect
from zezhou_portal.parties.identity.port import SignInFailed

pytestmark = pytest.mark.article("M.20")


def test_sign_in_when_walked_through_a_foreign_provider_then_says_who(issuer: str) -> None:
    service = OpenIdConnect(openid(issuer))
    state = new_state()
    begun = service.begin(state, BACK)
    asked = params(begun.address)
    assert begun.address.startswith(f"{issuer}/auth?")
    assert (asked["state"], asked["nonce"]) == (state, begun.kept["nonce"])
    assert asked["code_challenge"] == create_s256_code_challenge(begun.kept["verifier"])
    assert asked["code_challenge_method"] == "S256"
    assert begun.kept["verifier"] not in begun.address
    came = params(walk(begun.address, "net-1"))
    assert came["state"] == state
    found = service.finish(came, begun.kept)
    assert found.provider == "openid"
    assert found.subject == "openid:net-1"
    assert (found.name, found.level, found.phone) == ("田春雨", 3, "13800138000")
    assert (found.identity_type, found.identity_number) == ("111", "140525199103121021")
    assert "140525199103121021" not in repr(found)


def test_sign_in_when_no_number_is_told_then_the_subject_is_enough(issuer: str) -> None:
    service = OpenIdConnect(openid(issuer, SUBJECTS="national"))
    begun = service.begin(new_state(), BACK)
    found = service.finish(params(walk(begun.address, "net-2")), begun.kept)
    assert (found.subject, found.identity_type, found.identity_number) == ("national:net-2", "", "")


def test_code_when_used_again_then_refused(issuer: str) -> None:
    service = OpenIdConnect(openid(issuer))
    begun = service.begin(new_state(), BACK)
    came = params(walk(begun.address, "net-1"))
    service.finish(came, begun.kept)
    assert refusal(service, came, begun.kept) == "code"


@pytest.mark.parametrize(
    ("changed", "code"), [("nonce", "signature"), ("verifier", "code"), ("back", "code")]
)
def test_answer_when_it_is_not_for_this_sign_in_then_refused(
    issuer: str, changed: str, code: str
) -> None:
    service = OpenIdConnect(openid(issuer))
    begun = service.begin(new_state(), BACK)
    came = params(walk(begun.address, "net-1"))
    assert refusal(service, came, {**begun.kept, changed: "x" * 60}) == code


def test_code_when_given_to_another_portal_then_refused(issuer: str) -> None:
    begun = OpenIdConnect(openid(issuer, CLIENT="another-portal")).begin(new_state(), BACK)
    came = params(walk(begun.address, "net-1"))
    assert refusal(OpenIdConnect(openid(issuer)), came, begun.kept) == "code"


def test_token_when_it_has_expired_then_refused(issuer: str) -> None:
    service = OpenIdConnect(openid(issuer))
    begun = service.begin(new_state(), BACK)
    came = params(walk(begun.address, "net-1"))
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert refusal(service, came, begun.kept) == "signature"


def test_secret_when_it_is_not_the_agreed_one_then_refused(issuer: str) -> None:
    service = OpenIdConnect(openid(issuer, SECRET="another"))
    begun = service.begin(new_state(), BACK)
    assert refusal(service, params(walk(begun.address, "net-1")), begun.kept) == "agreement"


@pytest.mark.parametrize(
    ("came", "code"),
    [
        ({"error": "access_denied"}, "cancelled"),
        ({"error": "server_error"}, "refused"),
        ({}, "refused"),
        ({"code": "x", "iss": "https://another.example"}, "signature"),
    ],
)
def test_answer_when_it_brings_no_code_of_this_provider_then_refused(
    issuer: str, came: dict[str, str], code: str
) -> None:
    assert refusal(OpenIdConnect(openid(issuer)), came, KEPT) == code


KEPT = {"nonce": "n-1", "verifier": "v" * 48, "back": BACK}
KEY = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "own", "use": "sig"})


def told(content: dict[str, Any], status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


@contextmanager
def lying(make: Callable[[dict[str, Any]], str], **more: Any) -> Iterator[OpenIdConnect]:
    """An adapter that asks a provider of the test's own; `make` signs the claims."""
    answers: dict[str, Any] = {}
    with impostor(answers) as address:
        now = int(clock.now().timestamp())
        claims = {
            "iss": address, "aud": "zezhou-portal", "sub": "net-9", "nonce": "n-1", "iat": now,
            "exp": now + 300, "auth_time": now - 60, "name": "田春雨", "assurance": "high",
        }  # fmt: skip
        answers["/.well-known/openid-configuration"] = told(
            {
                "issuer": more.get("issuer", address), "jwks_uri": f"{address}/keys",
                "authorization_endpoint": f"{address}/auth", "token_endpoint": f"{address}/token",
                "userinfo_endpoint": f"{address}/me", **more.get("metadata", {}),
            }
        )  # fmt: skip
        answers["/keys"] = told({"keys": [KEY.as_dict(private=False)]})
        answers["/token"] = told({"access_token": "a", "id_token": make(claims)})
        answers["/me"] = told({"sub": more.get("sub", "net-9")})
        answers.update(more.get("answers", {}))
        yield OpenIdConnect(openid(address))


def signed(
    key: Any = KEY, algorithm: str = "RS256", **changes: Any
) -> Callable[[dict[str, Any]], str]:
    def make(claims: dict[str, Any]) -> str:
        told_claims = {name: value for name, value in {**claims, **changes}.items() if value != ""}
        return jwt.encode(
            {"alg": algorithm, "kid": "own"}, told_claims, key, algorithms=[algorithm]
        )

    return make


def unsigned(claims: dict[str, Any]) -> str:
    head, body = json.dumps({"alg": "none"}), json.dumps(claims)
    return (
        f"{urlsafe_b64encode(head.encode()).decode()}.{urlsafe_b64encode(body.encode()).decode()}."
    )


def test_token_when_everything_is_right_then_taken() -> None:
    with lying(signed()) as service:
        assert service.finish({"code": "c"}, KEPT).subject == "openid:net-9"


OWN = KEY.as_dict(private=False)
NAMELESS = {name: value for name, value in OWN.items() if name != "kid"}
UNUSABLE = {
    "curve": {"kty": "EC", "crv": "SM2", "kid": "own", "x": "AA", "y": "AA"},
    "kind": {"kty": "AKP", "alg": "ML-DSA-44", "kid": "pq", "pub": "AA"},
    "damaged": {"kty": "RSA", "kid": "own", "n": "AQAB", "e": ""},
    "half": {"kty": "RSA", "kid": "half"},
    "encryption": {**OTHER.as_dict(private=False), "use": "enc"},
    "secret": {"kty": "oct", "k": "AAAA"},
    "nameless": {"kty": "EC", "crv": "P-256"},
    "no key": "own",
    "nothing": None,
}


@pytest.mark.parametrize("own", [OWN, NAMELESS], ids=["with id", "without id"])
@pytest.mark.parametrize("other", UNUSABLE)
def test_token_when_the_set_has_a_key_we_cannot_use_then_the_usable_one_counts(
    own: dict[str, Any], other: str
) -> None:
    for keys in ([UNUSABLE[other], own], [own, UNUSABLE[other]]):
        with lying(signed(), answers={"/keys": told({"keys": keys})}) as service:
            assert service.finish({"code": "c"}, KEPT).subject == "openid:net-9"


def test_token_when_no_key_of_the_set_made_it_then_refused() -> None:
    stranger = {**OTHER.as_dict(private=False), "kid": "own"}
    for keys in ([], [UNUSABLE["curve"]], [stranger], [stranger, NAMELESS], "own", None):
        with lying(signed(), answers={"/keys": told({"keys": keys})}) as service:
            assert refusal(service, {"code": "c"}, KEPT) == "signature"


def test_token_when_it_names_no_key_then_any_of_the_set_may_have_made_it() -> None:
    def nameless(claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256"}, claims, KEY, algorithms=["RS256"])

    other = {**OTHER.as_dict(private=False), "kid": "other"}
    with lying(nameless, answers={"/keys": told({"keys": [other, OWN]})}) as service:
        assert service.finish({"code": "c"}, KEPT).subject == "openid:net-9"


@pytest.mark.parametrize(
    "make",
    [
        signed(OTHER),
        signed(OctKey.import_key(SECRET * 2), "HS256"),
        unsigned,
        signed(aud="another-portal"),
        signed(aud=["zezhou-portal", "another-portal"]),
        signed(azp="another-portal"),
        signed(iss="https://another.example"),
        signed(nonce="n-2"),
        signed(nonce=""),
        signed(exp=1),
        signed(exp=""),
        signed(iat=4_000_000_000),
        signed(sub=""),
        signed(auth_time=""),
        signed(auth_time=True),
        signed(auth_time=1),
        signed(auth_time=4_000_000_000),
        lambda claims: "not.a.token",
    ],
    ids=[
        "key", "secret-as-key", "none", "audience", "audiences", "party", "issuer", "nonce",
        "no-nonce", "expired", "no-end", "future", "no-subject", "no-time-of-proof",
        "true-time-of-proof", "long-ago", "to-come", "nonsense",
    ],
)  # fmt: skip
def test_token_when_a_claim_or_its_signature_is_wrong_then_refused(
    make: Callable[[dict[str, Any]], str],
) -> None:
    with lying(make) as service:
        assert refusal(service, {"code": "c"}, KEPT) == "signature"


def test_details_when_they_are_somebody_elses_then_refused() -> None:
    with lying(signed(), sub="net-8") as service:
        assert refusal(service, {"code": "c"}, KEPT) == "signature"


def test_metadata_when_it_is_another_providers_then_refused() -> None:
    with (
        lying(signed(), issuer="https://another.example") as service,
        pytest.raises(SignInFailed) as caught,
    ):
        service.begin(new_state(), BACK)
    assert caught.value.code == "signature"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"/token": (503, {}, b"")}, "down"),
        ({"/token": told({"error": "invalid_grant"}, 400)}, "code"),
        ({"/keys": (500, {}, b"")}, "down"),
        ({"/keys": (200, {}, b"<html>")}, "answer"),
        ({"/me": (200, {}, b"[" * 100_000)}, "answer"),
        ({"/me": (200, {}, b'{"sub":"' + b"x" * 300_000)}, "answer"),
        ({"/.well-known/openid-configuration": told({})}, "answer"),
        ({"/token": (302, {"Location": "http://127.0.0.1:1/"}, b"")}, "code"),
    ],
)
def test_provider_when_in_trouble_then_a_sentence(answers: dict[str, Answer], code: str) -> None:
    with lying(signed(), answers=answers) as service:
        assert refusal(service, {"code": "c"}, KEPT) == code


def test_client_when_the_provider_wants_fields_then_proved_by_fields() -> None:
    seen: list[dict[str, list[str]]] = []
    answers: dict[str, Any] = {}
    with impostor(answers) as address:
        answers["/.well-known/openid-configuration"] = told(
            {
                "issuer": address, "jwks_uri": f"{address}/keys",
                "authorization_endpoint": f"{address}/auth", "token_endpoint": f"{address}/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )  # fmt: skip

        def token(body: str) -> Answer:
            seen.append(parse_qs(body))
            return told({"error": "invalid_grant"}, 400)

        answers["/token"] = token
        service = OpenIdConnect(openid(address))
        assert refusal(service, {"code": "c"}, KEPT) == "code"
    assert seen[0]["client_secret"] == [SECRET]


def test_provider_when_nobody_listens_then_a_sentence() -> None:
    with socket.socket() as shut:
        shut.bind(("127.0.0.1", 0))
        service = OpenIdConnect(openid(f"http://127.0.0.1:{shut.getsockname()[1]}"))
        with pytest.raises(SignInFailed) as caught:
            service.begin(new_state(), BACK)
    assert caught.value.code == "down"
    assert "国家网络身份认证" in caught.value.sentence


def test_provider_when_it_does_not_answer_then_a_sentence() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(SignInFailed) as caught:
            OpenIdConnect(openid(address, SECONDS="0.2")).begin(new_state(), BACK)
    assert caught.value.code == "timeout"


def refusal(service: OpenIdConnect, came: dict[str, str], kept: dict[str, str]) -> str:
    with pytest.raises(SignInFailed) as caught:
        service.finish(came, kept)
    assert caught.value.sentence.endswith("。")
    return caught.value.code
