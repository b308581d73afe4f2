"""However oddly a route is asked, it answers: one fuzz over every route (no answer of 500).

Methods, charsets, nested JSON, numbers of five thousand digits, broken bodies. What stands in
forms is swept by `test_hostile_requests`.
"""

import json
from collections.abc import Callable
from random import Random  # noqa: TID251 (seeded: a sweep that fails must fail again)
from typing import Any

import pytest
from django.test import Client

from tests.permissions.scene import Scene, made
from tests.permissions.test_hostile_requests import Asking, Sweep, _owner
from tests.proofs.whole import is_whole, seed
from tests.routes import ROUTES, view_of

pytestmark = pytest.mark.usefixtures("wednesday")

DIGITS = "9" * 5_000
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff.ofd"\r\n'
    b"Content-Type: text/plain; charset=base64\r\n\r\nx\r\n--x--\r\n"
)
CHARSETS = (
    "base64",
    "utf-16",
    "idna",
    "rot13",
    "unicode_escape",
    "no-such",
    "zlib",
    "utf-7",
    "punycode",
)
JSON = {
    "nested": b"[" * 50_000 + b"]" * 50_000,
    "nested objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "digits": b'{"text": ' + DIGITS.encode() + b"}",
    "digits in words": json.dumps({"text": DIGITS, "purpose": DIGITS}).encode(),
    "no number": b'{"text": NaN, "purpose": Infinity}',
    "half a character": b'{"text": "\\ud800", "purpose": "\\udfff"}',
    "exponent": b'{"text": 1e999999}',
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "cut off": b'{"text": "a',
    "null": b"null",
    "list": b'[null, 1, "a", {}]',
}
Send = Callable[[Client, str], Any]


def _json(body: bytes, kind: str = "application/json") -> Send:
    return lambda client, where: client.generic("POST", where, body, kind)


ODD: dict[str, Send] = {
    **{
        method: lambda client, where, method=method: client.generic(method, where)
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "héad")
    },
    **{f"JSON {name}": _json(body) for name, body in JSON.items()},
    **{
        f"JSON in {charset}": _json(b'{"text": "a"}', f"application/json; charset={charset}")
        for charset in CHARSETS
    },
    **{
        f"multipart in {charset}": lambda client, where, charset=charset: client.generic(
            "POST", where, MULTIPART, f"multipart/form-data; boundary=x; charset={charset}"
        )
        for charset in CHARSETS
    },
    **{
        f"form in {charset}": lambda client, where, charset=charset: client.generic(
            "POST", where, b"a=%ff", f"application/x-www-form-urlencoded; charset={charset}"
        )
        for charset in CHARSETS
    },
    "no boundary": _json(MULTIPART, "multipart/form-data"),
    "long boundary": _json(MULTIPART, f"multipart/form-data; boundary={'x' * 5000}"),
    "cut off": _json(MULTIPART[:70], "multipart/form-data; boundary=x"),
    "no kind": _json(b"a=b", ""),
    "many fields": _json(b"a&" * 3_000, "application/x-www-form-urlencoded"),
    "digits in the query": lambda client, where: client.get(
        where, dict.fromkeys(("page", "after", "limit", "on", "year"), DIGITS[:4400])
    ),
    "odd headers": lambda client, where: client.get(
        where,
        HTTP_ACCEPT="\xff;q=" + DIGITS[:2000], HTTP_ACCEPT_LANGUAGE="x" * 3000,
        HTTP_IF_MODIFIED_SINCE=DIGITS[:2000], HTTP_IF_NONE_MATCH='"' * 100,
        HTTP_RANGE=f"bytes={DIGITS}-", HTTP_COOKIE="sessionid=\xff; elder=\xff; theme=a; known_device=:",
        HTTP_X_FORWARDED_FOR=", ".join("x" * 50), HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://[", HTTP_REFERER="http://[", HTTP_ORIGIN="null",
    ),
    "length that is no number": lambda client, where: client.generic(
        "POST", where, b"", "application/json", CONTENT_LENGTH="²"
    ),
}  # fmt: skip


def _numbers(path: str, address: str) -> list[str]:
    """The address, and where it holds a number, with one of five thousand digits."""
    if "<int:" not in path:
        return [address]
    before, _, rest = path.partition("<int:")
    after = rest.partition(">")[2]
    return [address] if "<" in before + after else [address, f"/{before}{DIGITS}{after}"]


@pytest.fixture
def scene(db: None) -> Scene:
    return made()


@pytest.mark.long
def test_every_route_when_asked_oddly_then_never_a_failure(scene: Scene) -> None:
    sweep = Sweep(None if is_whole() else Random(seed()))
    people = [*scene.cast.accounts]
    asking = Asking({"nobody": Client(), **{who: scene.cast.client(who) for who in people}})
    for path in ROUTES:
        owner = _owner(view_of(path), scene)[0]
        for known in scene.addresses(path)[:1]:
            for where in _numbers(path, known):
                for what in ("HEAD", *sweep.some(ODD, 5)):
                    send = ODD[what]
                    asking.ask(
                        owner, f"{what} {where[:80]}", lambda one, w=where, s=send: s(one, w)
                    )
    assert asking.failed == {}, f"again: PORTAL_PROOF_SEED={seed()} python -m pytest {__file__}"
    assert asking.asked > 1000


@pytest.mark.parametrize("charset", CHARSETS)
def test_form_in_an_encoding_that_is_no_text_is_refused(db: None, charset: str) -> None:
    answer = ODD[f"multipart in {charset}"](Client(raise_request_exception=False), "/elder/")
    assert answer.status_code == 415
    assert "UTF-8" in answer.content.decode()


@pytest.mark.parametrize("length", ["²", "-1", "1e3", "9" * 5_000, " 1"])
def test_length_that_is_no_number_is_refused(db: None, length: str) -> None:
    client = Client(raise_request_exception=False)
    for where in ("/api/v1/exchange/receipts/", "/log-in/"):
        answer = client.generic("POST", where, b"", "application/json", CONTENT_LENGTH=length)
        assert answer.status_code == 411, where
