"""The counter of the stand-in: HTTP in, a number or a refusal out."""

import ipaddress
import json
import time
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sample_county.city.conduct import Conduct
from sample_county.city.judging import PATHS
from sample_county.city.store import Store
from zezhou_portal.exchange.city import envelope
from zezhou_portal.kernel import clock

NAME = "市电子证照管理平台（演示替身）"
_HEADERS = (envelope.MOMENT, envelope.KEY, envelope.DIGEST, envelope.SIGNATURE)
_MOST = 40 * 1024 * 1024


class Counter(ThreadingHTTPServer):
    """One thread a connection; connections are kept alive."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], store: Store, conduct: Conduct, secret: str
    ) -> None:
        super().__init__(address, Desk)
        self.store, self.conduct, self.secret = store, conduct, secret


class Desk(BaseHTTPRequestHandler):
    """One request after another of one connection."""

    server: Counter
    protocol_version = "HTTP/1.1"
    server_version = "CityStandIn"
    sys_version = ""
    wbufsize = -1  # head and body leave together: two small writes would wait for each other
    disable_nagle_algorithm = True
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: addresses of messages are enough in the judge's log."""

    def do_GET(self) -> None:
        """Health for everybody, an answer for who asks with an envelope, the rest on loopback."""
        parts = urlsplit(self.path)
        if parts.path == "/healthz":
            self._answer(200, {"name": NAME})
        elif parts.path.startswith("/v1/messages/"):
            if not self._is_down() and self._proven(b"") is not None:
                self._message(parts.path.rsplit("/", 1)[1])
        elif not self._is_near():
            self._answer(404, {"reason": "没有这个地址。"})
        elif parts.path == "/licences":
            self._listing(parse_qs(parts.query))
        elif parts.path == "/counts":
            self._answer(200, self.server.store.counts())
        elif parts.path == "/control":
            self._answer(200, self.server.conduct.show())
        else:
            self._answer(404, {"reason": "没有这个地址。"})

    def do_POST(self) -> None:
        """A message, or the switches."""
        told = self.headers.get("Content-Length", "")
        length = int(told) if told.isdigit() else -1
        if not 0 <= length <= _MOST:
            self.close_connection = True
            self._answer(413, {"reason": "内容过大，或没有写明长度。"})
            return
        body = self.rfile.read(length)
        if self.path == "/control" and self._is_near():
            self._control(body)
        elif self._is_down():
            return
        elif self.path not in PATHS:
            self._answer(400, {"reason": "没有这一种推送。"})
        elif (key := self._proven(body)) is not None:
            self._take(key, body)

    def _take(self, key: str, body: bytes) -> None:
        """202 for a new message, 200 for one that is there already, 400 and 409 for good."""
        try:
            told = json.loads(body)
            is_sound = isinstance(told, dict) and told.get("key") == key
            is_sound = is_sound and told.get("topic") == PATHS[self.path]
        except ValueError:
            is_sound = False
        if not is_sound:
            self._answer(400, {"reason": "推送内容读不懂，或与编号、地址不一致。"})
            return
        store, digest = self.server.store, envelope.digest(body)
        known = store.message(key)
        if known is not None and known.verdict != "refused":
            if known.digest != digest:
                self._answer(409, {"reason": "同一编号已有内容不同的推送。"})
                return
            self._answer(200, _told(known))
            return
        judge_at = time.time() + self.server.conduct.delay
        number = store.take(key, self.path, digest, body, judge_at)
        self._answer(202, {"number": number})

    def _message(self, key: str) -> None:
        known = self.server.store.message(key)
        if known is None:
            self._answer(404, {"reason": "没有收到这一条。"})
        else:
            self._answer(200, _told(known))

    def _listing(self, query: dict[str, list[str]]) -> None:
        after = query.get("after", [""])[0]
        limit = query.get("limit", ["500"])[0]
        most = min(int(limit), 5000) if limit.isdigit() else 500
        held = self.server.store.listing(after, most)
        self._answer(200, {"licences": [asdict(one) for one in held]})

    def _control(self, body: bytes) -> None:
        try:
            told = json.loads(body)
            if not isinstance(told, dict):
                raise TypeError("an object is wanted")
            self._answer(200, self.server.conduct.set(told))
        except (ValueError, TypeError) as error:
            self._answer(400, {"reason": str(error)})

    def _proven(self, body: bytes) -> str | None:
        """The key of a request with a right envelope; None after answering 401."""
        try:
            return envelope.check(
                self.server.secret,
                method=self.command,
                path=urlsplit(self.path).path,
                body=body,
                headers={name: self.headers.get(name, "") for name in _HEADERS},
                now=clock.now(),
            )
        except envelope.BadEnvelope as error:
            self._answer(401, {"reason": error.sentence, "code": error.code})
            return None

    def _is_down(self) -> bool:
        how = self.server.conduct.down()
        if how == "close":
            self.close_connection = True
        elif how:
            self._answer(503, {"reason": "市平台维护中。"})
        return bool(how)

    def _is_near(self) -> bool:
        return ipaddress.ip_address(self.client_address[0]).is_loopback

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps({**told, "from": NAME}, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _told(message: Any) -> dict[str, str]:
    return {"number": message.number, "verdict": message.verdict, "reason": message.reason}
