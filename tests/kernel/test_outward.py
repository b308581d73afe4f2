"""One question outside: a total time however it drips, a size, a breaker."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from zezhou_portal.kernel import outward
from zezhou_portal.kernel.foreign import Unfit, json_of, storable, words_of
from zezhou_portal.kernel.outward import Line, TooLong, Unanswered

Serve = Callable[[bytes, float], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A far side that sends the bytes one by one, with a pause after each; none: all at once."""
    listening: list[socket.socket] = []
    over = threading.Event()

    def answer(line: socket.socket, told: bytes, pause: float) -> None:
        with line:
            line.recv(65536)
            try:
                for at in range(0, len(told), 1 if pause else len(told)):
                    line.sendall(told[at : at + (1 if pause else len(told))])
                    if over.wait(pause):
                        return
            except OSError:
                return

    def begin(told: bytes, pause: float = 0.0) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def accept() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=(line, told, pause), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/x"

    yield begin
    over.set()
    for server in listening:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n"


def test_an_answer_is_read(serve: Serve) -> None:
    address = serve(b'HTTP/1.1 202 Accepted\r\nX-One: a\r\nContent-Length: 9\r\n\r\n{"a": 1}\n', 0)
    with Line(seconds=2, most=100) as line:
        answer = line.ask("POST", address, content=b"{}")
    assert (answer.status, answer.headers["x-one"], answer.told()) == (202, "a", {"a": 1})


@pytest.mark.parametrize("told", [HEAD, HEAD + b"\r\n" + b"x" * 400], ids=["head", "body"])
def test_who_drips_is_late_all_the_same(serve: Serve, told: bytes) -> None:
    address = serve(told, 0.03)
    begun = time.monotonic()
    with Line(seconds=0.5, most=1000) as line, pytest.raises(Unanswered) as refusal:
        line.ask("GET", address)
    assert refusal.value.is_late
    assert time.monotonic() - begun < 1.5


def test_an_answer_that_does_not_end_is_not_read_to_its_end(serve: Serve) -> None:
    address = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4000, 0)
    with Line(seconds=2, most=1000) as line, pytest.raises(TooLong):
        line.ask("GET", address)


def test_a_far_side_that_is_away_is_left_alone_for_a_while(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    breaker = outward.Breaker()
    with Line(seconds=1, most=100, breaker=breaker) as line:
        for _ in range(outward._PATIENCE):
            with pytest.raises(Unanswered) as refusal:
                line.ask("GET", f"http://127.0.0.1:{port}/")
            assert not refusal.value.is_open
        with pytest.raises(Unanswered) as refusal:
            line.ask("GET", f"http://127.0.0.1:{port}/")
        assert refusal.value.is_open
        assert breaker.is_open
        breaker._closed_until = 0.0  # the while is over: one question goes through
        sound = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0)
        assert line.ask("GET", sound).status == 200
        assert not breaker.is_open


@pytest.mark.parametrize("address", ["ftp://x/", "http://[::1", "http://127.0.0.1:1/"])
def test_an_address_that_is_none_is_no_answer(address: str) -> None:
    with Line(seconds=1, most=100) as line, pytest.raises(Unanswered):
        line.ask("GET", address)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[" * 200_000, b"[" * 40 + b"]" * 40, b"9" * 5000, b"\xff"]
)
def test_what_is_no_json_that_was_agreed_upon_is_unfit(body: bytes) -> None:
    with pytest.raises(Unfit):
        json_of(body)


def test_words_from_outside_can_be_kept() -> None:
    assert storable("a\0b\ud800c") == "abc"
    assert words_of("一\0二\n三\ud800", 10) == "一二 三"
    assert words_of("长" * 900, 300) == "长" * 300
    assert words_of({"a": 1}, 10) == ""
    assert words_of(17, 10) == "17"
