"""The interface of verifications: its contract, who sees what, limits, the published list."""

import json
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client
from jsonschema import Draft7Validator

from audit.trail.models import Record
from tests.cast import Cast
from tests.holders import holder_actor, holder_client
from tests.usage import duty
from tests.usage.sealed import in_force
from tests.usage.verifying.test_code_on_the_face import address_of
from usage.models import Verification
from usage.presenting import presentations
from usage.verifying import codes
from usage.verifying.api import views
from usage.verifying.outcomes import Outcome
from usage.verifying.rate_limits import Limit

PORTAL = "http://127.0.0.1:8000"
ADDRESS = "/api/v1/verifications/"
SCHEMA = yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_text(encoding="utf-8"))


def ask(client: Client, text: str, **more: Any) -> Any:
    return client.post(ADDRESS, {"text": text}, content_type="application/json", **more)


def fits(body: Any, name: str) -> None:
    """The body is what the published description says."""
    text = json.dumps(SCHEMA).replace("#/components/schemas", "#/definitions")
    shapes = json.loads(text)["components"]["schemas"]
    for shape in [one for one in _nested(shapes) if one.get("nullable") is True]:
        if "type" in shape:
            shape["type"] = [shape["type"], "null"]
        else:
            shape["anyOf"] = [{"allOf": shape.pop("allOf")}, {"type": "null"}]
    shapes[name]["additionalProperties"] = False
    Draft7Validator({"definitions": shapes, **shapes[name]}).validate(body)


def _nested(node: Any) -> Any:
    if isinstance(node, dict):
        yield node
        for value in list(node.values()):
            yield from _nested(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nested(value)


@pytest.mark.article("M.19")
def test_interface_when_a_verifier_asks_then_the_chosen_fields(cast: Cast) -> None:
    licence = in_force(cast)
    _, code = duty.shown(licence)
    answer = ask(cast.client("power.verifier"), codes.address_of(code.secret, PORTAL))
    body = answer.json()
    fits(body, "VerificationOut")
    assert answer.status_code == 200
    assert body["outcome"] == {"code": "V00", "key": "valid", "words": Outcome.VALID.sentence}
    assert (body["verdict"], len(body["answers"]), body["others"]) == ("passed", 10, [])
    assert [one["key"] for one in body["fields"]] == ["intake_site", "purpose"]
    assert body["licence"]["number"] == licence.number
    assert body["number"] == Verification.objects.get().number
    record = Record.objects.get(action="code_read", subject_key=str(licence.uuid))
    assert (record.channel, record.department_name) == ("api", cast.power.name)


@pytest.mark.article("M.18", "M.22")
def test_interface_when_anybody_or_a_holder_asks_then_the_public_part(cast: Cast) -> None:
    licence = in_force(cast)
    for client in (Client(), holder_client(cast.stranger)):
        _, code = duty.shown(licence)
        body = ask(client, code.secret).json()
        fits(body, "VerificationOut")
        assert (body["outcome"]["key"], body["fields"]) == ("valid", None)
    assert set(Verification.objects.values_list("account", "reader_name")) == {
        (None, "没有登录的人")
    }
    refused = ask(Client(), "23456789ABCDEFGH").json()
    fits(refused, "VerificationOut")
    assert (refused["outcome"]["code"], refused["licence"]) == ("V10", None)


@pytest.mark.article("P.2.3.3")
def test_interface_when_several_are_shown_then_the_gravest_first(cast: Cast) -> None:
    from licences.register import changes

    first = in_force(cast)
    second = duty.another(cast, first)
    _, code = duty.shown(first, second)
    changes.detain(
        actor=cast.actor("market.signatory"), licence=second, reason="检查", document="扣1号"
    )
    body = ask(Client(), code.secret).json()
    assert body["outcome"]["key"] == "detained"
    assert [one["outcome"]["key"] for one in body["others"]] == ["valid"]


def test_interface_when_the_token_is_missing_then_staff_are_refused_and_the_public_is_not(
    cast: Cast,
) -> None:
    staff = cast.client("power.verifier")
    staff.handler.enforce_csrf_checks = True
    assert ask(staff, "23456789ABCDEFGH").status_code == 403
    assert not Verification.objects.exists()
    anybody = Client(enforce_csrf_checks=True)
    assert ask(anybody, "23456789ABCDEFGH").status_code == 200


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"text": ""}', '{"text": 7, "purpose": {}}', '{"text": "\\u0000"}',
     '{"text": "http://127.0.0.1:8000/V/\\ud800/ABCDEFGH"}', json.dumps({"text": "长" * 401}),
     json.dumps({"text": "x", "purpose": "长" * 121}), "not json"],
)  # fmt: skip
def test_interface_when_asked_nonsense_then_a_refusal(db: None, body: str) -> None:
    answer = Client().post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400
    assert not Verification.objects.exists()


_TEXTS = (
    "23456789ABCDEFGH", "  12345678 ", "http://127.0.0.1:8000/V/A/B", "//别处.cn/", "甲\u3000乙",
    "长" * 400, "\u200b", "\t7\t", 7,
)  # fmt: skip


@pytest.mark.parametrize("text", _TEXTS)
def test_question_when_its_text_is_odd_then_answered_all_the_same(db: None, text: Any) -> None:
    answer = Client().post(ADDRESS, {"text": text}, content_type="application/json")
    assert answer.status_code == 200
    fits(answer.json(), "VerificationOut")
    assert Verification.objects.get().licence is None


@pytest.mark.parametrize(
    ("method", "kind", "body", "status"),
    [
        ("GET", "application/json", '{"text": "x"}', 405),
        ("POST", "text/plain", '{"text": "x"}', 415),
        ("POST", "application/json", '{"text": "x", "purpose": ""}', 200),
        ("POST", "application/json", '{"text": "x", "more": 1}', 200),
        ("POST", "application/json", '["text"]', 400),
        ("POST", "application/json", "[" * 100_000, 400),
        ("POST", "application/json", b"\xff", 400),
    ],
)
def test_question_when_anything_is_unusual_then_answered_by_the_framework(
    db: None, method: str, kind: str, body: str | bytes, status: int
) -> None:
    answer = Client().generic(method, ADDRESS, body, content_type=kind)
    assert answer.status_code == status
    assert Verification.objects.count() == (status == 200)


def test_interface_when_asked_either_way_then_the_same_answer(cast: Cast) -> None:
    licence = in_force(cast)

    def answer(told: dict[str, str]) -> Any:
        got = Client().post(ADDRESS, told, content_type="application/json")
        assert (got.status_code, got["Content-Type"], got["Cache-Control"]) == (
            200, "application/json", "no-store",
        )  # fmt: skip
        body = got.json()
        fits(body, "VerificationOut")
        assert body.pop("number") in [one.number for one in Verification.objects.all()]
        return body

    face = PORTAL + address_of(licence)
    for text in ("", face, face.upper(), f"{face}?x", "12345678"):
        # each presentation is read once: either way has one of its own
        one, other = (answer({"text": text or duty.shown(licence)[1].secret} | more)
                      for more in ({}, {"purpose": ""}))  # fmt: skip
        assert one == other


@pytest.mark.article("M.26")
def test_interface_when_asked_too_often_then_429_with_the_sentence(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CODES", Limit("code", 1, timedelta(minutes=10), "次"))
    assert ask(Client(), "23456789ABCDEFGH").status_code == 200
    again = ask(Client(), "23456789ABCDEFGH")
    assert again.status_code == 429
    fits(again.json(), "Problem")
    assert "10 分钟里最多查 1 次" in again.json()["detail"]
    assert ask(Client(), "23456789ABCDEFGH", REMOTE_ADDR="203.0.113.9").status_code == 200
    assert Verification.objects.count() == 2


@pytest.mark.article("P.2.3.3")
def test_interface_when_the_holder_is_asked_then_202_until_the_word(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = duty.shown(licence, asks_consent=True)
    client = cast.client("power.verifier")
    told = ask(client, code.secret)
    assert told.status_code == 202
    fits(told.json(), "WaitingOut")
    address = f"{ADDRESS}{told.json()['presentation']}/"
    secret = {"reader_key": told.json()["reader_key"]}

    def again(who: Client, given: dict[str, str]) -> int:
        return who.post(address, given, content_type="application/json").status_code

    assert again(client, secret) == 202
    row.refresh_from_db()
    presentations.agree(actor=holder_actor(duty.holder_of(licence)), presentation=row)
    assert again(duty.neighbour(cast), secret) == 404
    assert again(Client(), secret) == 404
    assert again(client, {"reader_key": "guess"}) == 404
    assert again(client, secret) == 200
    assert Verification.objects.filter(licence=licence).count() == 1


def test_interface_when_a_face_is_verified_then_few_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    licence = in_force(cast)
    ask(Client(), duty.shown(licence)[1].secret)  # proves the file, once
    _, code = duty.shown(licence)
    with django_assert_max_num_queries(13):  # two of them set and release the savepoint
        ask(Client(), code.secret)


@pytest.mark.article("M.19")
def test_published_list_when_read_then_every_outcome_and_question(db: None) -> None:
    answer = Client().get("/api/v1/outcomes/")
    body = answer.json()
    fits(body, "PublishedOut")
    assert [one["code"] for one in body["outcomes"]] == [one.code for one in Outcome]
    assert len({one["code"] for one in body["outcomes"]}) == len(Outcome)
    assert len(body["questions"]) == 10
    assert answer["Cache-Control"] == "public, max-age=3600"
