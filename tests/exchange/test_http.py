"""The HTTP client against far sides that answer strangely: again or never, nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from zezhou_portal.exchange.city.http import HttpCityLicences
from zezhou_portal.exchange.city.port import Again, Never, Taken


class Strange(HTTPServer):
    """Answers everything with what it was told to."""

    told = (200, b"{}")


class _Desk(BaseHTTPRequestHandler):
    server: Strange

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, body = self.server.told
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def strange() -> Iterator[Strange]:
    server = Strange(("127.0.0.1", 0), _Desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def line(strange) -> Iterator[HttpCityLicences]:
    with HttpCityLicences(f"http://127.0.0.1:{strange.server_port}", "secret") as found:
        yield found


def test_what_was_taken_is_read(strange, line):
    strange.told = (202, b'{"number": "N-1"}')
    assert line.send("/x", "k", {}) == Taken("N-1")
    strange.told = (200, b'{"number": "N-1", "verdict": "refused", "reason": "no"}')
    assert line.send("/x", "k", {}) == Taken("N-1", "refused", "no", was_there=True, status=200)
    assert line.ask("k") == Taken("N-1", "refused", "no", was_there=True, status=200)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b"[]", b'"text"', b"{}", b'{"number": ""}',
        b'{"number": "N", "verdict": "perhaps"}', b'{"number": "' + b"n" * 65 + b'"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 202])
def test_an_answer_that_cannot_be_read_is_worth_another_try(strange, line, status, body):
    strange.told = (status, body)
    with pytest.raises(Again) as refusal:
        line.send("/x", "k", {})
    assert (refusal.value.reason, refusal.value.unreachable) == ("市平台的应答读不懂。", False)


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504])
def test_what_a_repair_can_mend_is_tried_again(strange, line, status):
    strange.told = (status, b"<html>gateway</html>")
    with pytest.raises(Again) as refusal:
        line.send("/x", "k", {})
    assert (refusal.value.status, refusal.value.reason) == (status, f"市平台应答 {status}。")


@pytest.mark.parametrize("status", [400, 405, 409, 413, 415, 422])
def test_what_stays_wrong_is_never_sent_again(strange, line, status):
    strange.told = (status, '{"reason": "就是不行。"}'.encode())
    with pytest.raises(Never) as refusal:
        line.send("/x", "k", {})
    assert (refusal.value.status, refusal.value.reason) == (status, "就是不行。")


def test_asking_tells_unknown_from_unavailable(strange, line):
    strange.told = (404, b"{}")
    assert line.ask("k") is None
    strange.told = (503, '["维护"]'.encode())
    with pytest.raises(Again) as refusal:
        line.ask("k")
    assert refusal.value.reason == "市平台应答 503。"


def test_without_a_secret_nothing_leaves_the_house(strange):
    address = f"http://127.0.0.1:{strange.server_port}"
    with HttpCityLicences(address, "") as line, pytest.raises(Again) as refusal:
        line.send("/x", "k", {})
    assert refusal.value.reason == "还没有配置与市平台共用的密钥。"
    assert not refusal.value.unreachable
