"""Texts to phones: once each, through a real gateway over HTTP, tried again and given up."""

import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine

from audit.trail.models import Record
from zezhou_portal.parties.models import TextMessage
from zezhou_portal.parties.notices import texts
from zezhou_portal.parties.notices.texts import Text

pytestmark = pytest.mark.django_db


class Gateway:
    """A gateway of the tests: keeps what it was given, answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.taken.append((json.loads(body), self.headers["X-Signature"]))
                wanted = hmac.new(b"shared", body, sha256).hexdigest()
                sound = hmac.compare_digest(wanted, self.headers["X-Signature"])
                status = (outer.answers.pop(0) if outer.answers else 202) if sound else 400
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/texts"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    made = Gateway()
    settings.PORTAL_TEXTS_ADDRESS, settings.PORTAL_TEXTS_SECRET = made.address, "shared"
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_text_when_written_twice_then_goes_out_once(gateway: Gateway) -> None:
    for _ in range(2):
        texts.write([Text("a", "13800000001", "您的食品经营许可证 7 天后到期。")])
    assert texts.send_due() == 1
    assert texts.send_due() == 0
    ((told, _),) = gateway.taken
    assert told == {"key": "a", "phone": "13800000001", "words": "您的食品经营许可证 7 天后到期。"}
    assert TextMessage.objects.get().state == "SENT"
    assert Record.objects.filter(action="text_sent").count() == 1


def test_text_without_a_phone_is_not_written() -> None:
    texts.write([Text("a", "", "…")])
    assert not TextMessage.objects.exists()


def test_text_when_the_gateway_is_busy_then_tried_again_and_given_up_at_last(
    gateway: Gateway, wednesday: time_machine.Traveller
) -> None:
    texts.write([Text("a", "13800000001", "一")])
    gateway.answers = [503] * 9
    for _ in range(6):
        texts.send_due()
        assert texts.send_due() == 0, "not before its time"
        wednesday.shift(timedelta(hours=4))
    row = TextMessage.objects.get()
    assert (row.state, row.tries) == ("GIVEN_UP", 5)
    assert len(gateway.taken) == 5
    assert Record.objects.filter(action="text_given_up").count() == 1


def test_text_that_the_gateway_refuses_is_given_up_at_once(gateway: Gateway) -> None:
    texts.write([Text("a", "13800000001", "一")])
    gateway.answers = [422]
    texts.send_due()
    assert TextMessage.objects.get().state == "GIVEN_UP"


def test_text_when_no_gateway_is_set_up_then_lies_in_the_spool_with_its_number_masked(
    settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    texts.write([Text("a", "13812345678", "一")])
    assert texts.send_due() == 1
    line = (tmp_path / "texts" / "texts.jsonl").read_text(encoding="utf-8")
    assert "13812345678" not in line
    assert json.loads(line)["words"] == "一"
