"""The counter of the stand-in: a page to choose from, and the exchange of tickets."""

import json
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from sample_county.identity.page import NAME, STYLE, page
from sample_county.identity.people import Way
from sample_county.identity.tickets import Tickets
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity import ticket_proof

_MOST = 16 * 1024
# How far the two clocks may be apart, either way.
_TOLERANCE = timedelta(minutes=5)


class Counter(ThreadingHTTPServer):
    """One thread a connection."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        *,
        ways: dict[str, Way],
        portal: str,
        application: str,
        secret: str,
    ) -> None:
        super().__init__(address, Desk)
        self.ways, self.portal = ways, portal.rstrip("/") + "/"
        self.application, self.secret = application, secret
        self.tickets = Tickets()


class Desk(BaseHTTPRequestHandler):
    """One request after another of one connection."""

    server: Counter
    protocol_version = "HTTP/1.1"
    server_version = "IdentityStandIn"
    sys_version = ""
    wbufsize = -1
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: an address holds a ticket."""

    def do_GET(self) -> None:
        """Health, the page, its style, and the way back with a ticket."""
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/healthz":
            self._tell(200, {"name": NAME})
        elif parts.path == "/style.css":
            self._answer(200, "text/css", STYLE)
        elif parts.path not in {"/log-in", "/choose"}:
            self._tell(404, {"reason": "没有这个地址。"})
        elif not query.get("return", "").startswith(self.server.portal):
            self._tell(400, {"reason": "返回地址不是登记过的门户。"})
        elif parts.path == "/log-in":
            self._page(query)
        else:
            self._choose(query)

    def do_POST(self) -> None:
        """The exchange of a ticket, by the portal's server."""
        told = self.headers.get("Content-Length", "")
        length = int(told) if told.isdigit() else -1
        if not 0 <= length <= _MOST:
            self.close_connection = True
            self._tell(413, {"reason": "内容过大，或没有写明长度。"})
            return
        body = self.rfile.read(length).decode(errors="replace")
        if urlsplit(self.path).path != "/exchange":
            self._tell(404, {"reason": "没有这个地址。"})
            return
        self._exchange({name: values[-1] for name, values in parse_qs(body).items()})

    def _page(self, query: dict[str, str]) -> None:
        if query.get("application") != self.server.application:
            self._tell(400, {"reason": "没有登记过这个应用。"})
            return
        text = page(self.server.ways.values(), query["return"])
        self._answer(200, "text/html; charset=utf-8", text.encode())

    def _choose(self, query: dict[str, str]) -> None:
        key = query.get("who", "")
        if key not in self.server.ways:
            self._tell(400, {"reason": "没有这个人。"})
            return
        ticket = self.server.tickets.give(key, clock.now())
        joint = "&" if "?" in query["return"] else "?"
        self.send_response(303)
        self.send_header("Location", f"{query['return']}{joint}{urlencode({'ticket': ticket})}")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _exchange(self, fields: dict[str, str]) -> None:
        """The person of a ticket to whoever proves to be the portal; 401, or 409 for a used one."""
        if not self._is_proven(fields):
            self._tell(401, {"reason": "签名不对，或者时间相差太多。"})
            return
        key = self.server.tickets.take(fields["ticket"], clock.now())
        if key is None:
            self._tell(409, {"reason": "票据已经用过、过期，或者不是这里发的。"})
            return
        told = {"sample": True, "from": NAME, "person": self.server.ways[key].told}
        body = json.dumps(told, ensure_ascii=False).encode()
        proof = ticket_proof.answer_proof(self.server.secret, fields["nonce"], body)
        self._answer(200, "application/json", body, {ticket_proof.SIGNATURE: proof})

    def _is_proven(self, fields: dict[str, str]) -> bool:
        names = ("application", "ticket", "moment", "nonce", "signature")
        if any(not fields.get(name) for name in names):
            return False
        parts = [fields[name] for name in names[:-1]]
        proof = ticket_proof.request_proof(self.server.secret, *parts)
        if not ticket_proof.is_same(proof, fields["signature"]):
            return False
        try:
            apart = abs(clock.now() - datetime.fromisoformat(fields["moment"]))
        except (ValueError, TypeError):
            return False
        return apart <= _TOLERANCE and fields["application"] == self.server.application

    def _tell(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps({**told, "from": NAME}, ensure_ascii=False).encode()
        self._answer(status, "application/json; charset=utf-8", body)

    def _answer(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
