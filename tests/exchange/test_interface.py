"""Where the city posts receipts: proven by its envelope, and by nothing else."""

import json
import uuid

import pytest
from django.test import Client

from tests.exchange.city import SECRET
from zezhou_portal.exchange.city import envelope
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services.posting import post
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
PATH = "/api/v1/exchange/receipts/"


@pytest.fixture
def message(department) -> Outbound:
    subject = Subject("licence", "one", "证照")
    row = post("licence_issued", department, subject, 1, {"metadata": {}}, "d" * 64)
    Outbound.objects.filter(pk=row.pk).update(state="SENT", city_number="SIM-1")
    return row


def told(content, *, secret=SECRET, **changes):
    body = envelope.canonical(content)
    headers = envelope.seal(
        secret, method="POST", path=PATH, key="k", body=body, moment=clock.now()
    )
    return Client().post(
        PATH, body, content_type="application/json", headers={**headers, **changes}
    )


def test_a_single_receipt_is_taken(message):
    answer = told({"key": str(message.uuid), "number": "SIM-1", "verdict": "accepted"})
    assert answer.status_code == 200
    assert answer.json() == {"results": [{"key": str(message.uuid), "outcome": "kept"}]}
    assert Outbound.objects.get().state == "ACCEPTED"


def test_a_receipt_about_no_message_of_ours_is_not_found(message):
    answer = told({"key": str(uuid.uuid4()), "number": "SIM-1", "verdict": "accepted"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有这一条推送。")


def test_a_list_is_answered_one_by_one(message):
    other = str(uuid.uuid4())
    answer = told(
        [
            {"key": str(message.uuid), "number": "SIM-1", "verdict": "refused", "reason": "不对"},
            {"key": other, "number": "SIM-2", "verdict": "accepted"},
        ]
    )
    assert [one["outcome"] for one in answer.json()["results"]] == ["kept", "unknown"]
    assert Outbound.objects.get().city_reason == "不对"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda m: told({"key": str(m.uuid)}, secret="other"), "signature"),
        (lambda m: told({"key": str(m.uuid)}, **{envelope.KEY: "z"}), "signature"),
        (lambda m: Client().post(PATH, "{}", content_type="application/json"), "incomplete"),
    ],
)
def test_without_a_right_envelope_nothing_is_taken(message, answer, code):
    found = answer(message)
    assert found.status_code == 401
    assert found.json()["code"] == code
    assert Outbound.objects.get().state == "SENT"


def test_without_a_secret_nobody_is_believed(message, settings):
    settings.CITY_SHARED_SECRET = ""
    answer = told({"key": str(message.uuid), "number": "SIM-1", "verdict": "accepted"})
    assert (answer.status_code, answer.json()["code"]) == (401, "secret")


@pytest.mark.parametrize(
    "content",
    [
        {"key": "k", "number": "SIM-1", "verdict": "perhaps"},
        {"key": "k", "number": "SIM-1", "verdict": "refused"},
        {"number": "SIM-1", "verdict": "accepted"},
        "text",
        {"key": "k", "number": "n" * 65, "verdict": "accepted"},
    ],
)
def test_a_receipt_of_another_shape_is_refused(message, content):
    assert told(content).status_code == 400
    assert Outbound.objects.get().state == "SENT"


def test_too_many_at_once_are_refused(message):
    one = {"key": "k", "number": "SIM-1", "verdict": "accepted"}
    assert told([one] * 501).status_code == 413


def test_the_interface_cannot_be_read(message):
    body = b""
    headers = envelope.seal(SECRET, method="GET", path=PATH, key="k", body=body, moment=clock.now())
    assert Client().get(PATH, headers=headers).status_code == 405


def test_a_body_that_is_no_json_is_refused(message):
    body = b"{"
    headers = envelope.seal(
        SECRET, method="POST", path=PATH, key="k", body=body, moment=clock.now()
    )
    answer = Client().post(PATH, body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert json.loads(answer.content)
