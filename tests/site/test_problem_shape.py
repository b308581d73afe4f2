"""Errors of the interface: one shape wherever they come from, and in its description (RFC 9457)."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import yaml
from django.test import Client

from tests.infrastructure.test_image import ROOT
from tests.routes import ROUTES, address
from usage.verifying import rate_limits
from zezhou_portal.pagekit.problem_details import PROBLEM

API = [path for path in ROUTES if path.startswith("api/")]
DESCRIBED = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
SHAPE = DESCRIBED["components"]["schemas"]["Problem"]

ODD: dict[str, Callable[[Client, str], Any]] = {
    "another method": lambda client, where: client.delete(where),
    "no JSON": lambda client, where: client.post(where, "{", content_type="application/json"),
    "nested": lambda client, where: client.post(
        where, "[" * 50_000, content_type="application/json"
    ),
    "no object": lambda client, where: client.post(where, "[]", content_type="application/json"),
    "wrong fields": lambda client, where: client.post(
        where, '{"text": null}', content_type="application/json"
    ),
    "another format": lambda client, where: client.post(where, {"a": "b"}),
    "another charset": lambda client, where: client.post(
        where, b"{}", content_type="application/json; charset=utf-16"
    ),
    "too much": lambda client, where: client.post(
        where, "x" * 1_100_000, content_type="application/json"
    ),
    "unknown address": lambda client, where: client.get(f"{where}none/none/"),
    "unknown host": lambda client, where: client.get(where, headers={"Host": "evil.example"}),
    "not acceptable": lambda client, where: client.post(
        where, "{}", content_type="application/json", headers={"Accept": "text/csv"}
    ),
}


def is_told(answer: Any) -> None:
    assert len(answer["X-Request-Id"]) == 32 or answer.status_code == 400
    assert answer["Content-Type"] == PROBLEM
    told = json.loads(answer.content)
    jsonschema.validate(told, SHAPE)
    assert told["status"] == answer.status_code
    assert told["detail"].endswith(("。", "）"))
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", API)
@pytest.mark.parametrize("odd", ODD)
def test_interface_when_asked_oddly_then_every_error_has_one_shape(path: str, odd: str) -> None:
    answer = ODD[odd](Client(), address(path))
    if answer.status_code >= 400:
        is_told(answer)
    else:
        assert "outcomes" in path or answer.status_code == 200


@pytest.mark.django_db
def test_fields_when_wrong_then_each_is_named() -> None:
    answer = Client().post("/api/v1/verifications/", "{}", content_type="application/json")
    is_told(answer)
    assert answer.json()["errors"][0]["pointer"] == "#/text"


@pytest.mark.django_db
def test_a_failure_when_nobody_caught_it_then_one_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    from usage.verifying.api import views

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "verify_counted", fail)
    client = Client(raise_request_exception=False)
    asked = {"text": "23456789ABCDEFGH"}
    answer = client.post("/api/v1/verifications/", asked, content_type="application/json")
    assert answer.status_code == 500
    is_told(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [429, 503])
def test_too_often_when_refused_then_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    from usage.verifying.api import views
    from zezhou_portal.kernel import clock

    def refuse(*_: object, **__: object) -> None:
        if status == 503:
            raise rate_limits.CannotCount
        raise rate_limits.TooOften(rate_limits.CODES, clock.now() + rate_limits.CODES.window)

    monkeypatch.setattr(views, "verify_counted", refuse)
    asked = {"text": "23456789ABCDEFGH"}
    answer = Client().post("/api/v1/verifications/", asked, content_type="application/json")
    assert answer.status_code == status
    is_told(answer)
    assert 0 < int(answer["Retry-After"]) <= 600


def test_description_when_read_then_every_operation_has_the_shape() -> None:
    for path in DESCRIBED["paths"].values():
        for operation in path.values():
            responses = operation["responses"]
            assert responses["default"] == {"$ref": "#/components/responses/Problem"}
            for status, told in responses.items():
                if status[0] in "45":
                    assert list(told["content"]) == [PROBLEM]
                assert ("Retry-After" in told.get("headers", {})) is (status in {"429", "503"})
    assert DESCRIBED["components"]["responses"]["Problem"]["content"][PROBLEM]
