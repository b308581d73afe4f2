"""Whatever is sent to whichever address by whomever: an answer, never a failure of the portal.

Every view of the site map is asked with rows that are there, by the person whose desk it is, by
a neighbour and by nobody, with hostile values in the address, in the fields of its forms and in
its files. A run asks what the day's seed chooses for each view; `scripts/prove requests` asks
every address of every view everything.
"""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from random import Random  # noqa: TID251 (seeded: a sweep that fails must fail again)
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from tests.permissions.scene import Scene, made
from tests.proofs.whole import is_whole, seed
from tests.routes import ROUTES, view_of
from zezhou_portal.logs import where

pytestmark = pytest.mark.usefixtures("wednesday")

# Names that views read from the address beside those of their forms.
ASKED = (
    "after", "department", "fault", "from_on", "holder", "identifier", "kind", "limit", "next",
    "outcome", "page", "q", "source", "state", "step", "subject", "topic", "until_on",
)  # fmt: skip
VALUES = {
    "null character": "甲\0乙",
    "long": "长" * 20_000,
    "many digits": "9" * 5_000,
    "superscript": "²",
    "last day": "9999-12-31",
    "markup": "<script>alert(1)</script>&\"']]>",
    "head": "a\r\nSet-Cookie: b=c",
    "token": "eyJhIjoxfQ:1abc:xyz",
}
# Enough for people to whom most addresses are shut.
SOME = {name: VALUES[name] for name in ("null character", "many digits")}
# What is not UTF-8, a null, half a character: as the bytes of an address or a form.
_FORM = "application/x-www-form-urlencoded"
RAW = b"q=%ff%fe&page=%00&kind=%ed%a0%80&what=%c3&holder=%00&identity_number=%ff&name=%00"
FILES = {
    "nothing": ("空.csv", b""),
    "nulls": ("x\0.csv", b"\0" * 4096),
    "name": ("../../<b>.ofd", b"PK\x03\x04" + b"\xff" * 300),
    "picture": ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "markup": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
}


@pytest.fixture
def scene(db: None) -> Scene:
    return made()


class Asking:
    """Asks, undoes what came of it, and gathers what failed."""

    def __init__(self, clients: dict[str, Client]) -> None:
        self.clients = clients
        self.failed: dict[str, str] = {}
        self.asked = 0
        for client in clients.values():
            client.raise_request_exception = False
        got_request_exception.connect(self._note)
        self.raised: list[str] = []

    def _note(self, sender: Any, **_: Any) -> None:
        error = sys.exc_info()[1]
        self.raised.append(where(error)[:200] if error else "")

    def ask(self, who: str, what: str, send: Callable[[Client], Any]) -> Any:
        self.raised.clear()
        self.asked += 1
        # Coverage looks away: that nonsense reached a line proves nothing of it, and costs as much
        # time again as the answer.
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            with transaction.atomic():
                answer = send(self.clients[who])
                transaction.set_rollback(True)
        finally:
            sys.settrace(tracer)
        if answer.status_code >= 500:
            self.failed.setdefault(self.raised[0] if self.raised else "?", f"{who}: {what}")
        return answer


def _fields(page: str) -> dict[str, str]:
    """The names that the forms of a page send, with what stands in them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", page):
        name = re.search(r'\bname="([^"]+)"', tag)
        value = re.search(r'\bvalue="([^"]*)"', tag)
        if name:
            found[unescape(name[1])] = unescape(value[1]) if value else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def _owner(view: Any, scene: Scene) -> list[str]:
    people = (
        "market.clerk", "market.reviewer", "market.signatory", "market.compiler",
        "market.custodian", "market.verifier", "bureau.administrator", "bureau.supervisor", "bureau.auditor",
        "bureau.system", "bureau.security",
    )  # fmt: skip
    wanted = getattr(view, "capability", None)
    if wanted is None:
        return ["market.clerk"]
    any_of = (wanted,) if isinstance(wanted, str) else wanted
    return [who for who in people if any(scene.cast.actor(who).has(str(one)) for one in any_of)][:2]


@dataclass
class Sweep:
    """What is asked of a view: everything in `scripts/prove requests`, what chance takes else."""

    chance: Random | None

    def some(self, things: Iterable[Any], count: int) -> list[Any]:
        """`count` of them, or all."""
        known = list(things)
        return known if self.chance is None else self.chance.sample(known, min(count, len(known)))


@pytest.mark.long
def test_every_view_when_hostile_values_come_then_never_a_failure(scene: Scene) -> None:
    sweep = Sweep(None if is_whole() else Random(seed()))
    people = [*scene.cast.accounts]
    asking = Asking({"nobody": Client(), **{who: scene.cast.client(who) for who in people}})
    addresses: dict[Any, list[str]] = {}
    for path in ROUTES:
        addresses.setdefault(view_of(path), []).extend(scene.addresses(path))
    for view, known in addresses.items():
        owner = _owner(view, scene)[0]
        for address in sweep.some(known, 1):
            page = _hostile(asking, sweep, owner, address, VALUES)
            _each_field(asking, sweep, owner, address, page)
            for who in sweep.some(("nobody", "land.clerk"), 1):
                _hostile(asking, sweep, who, address, SOME)
    assert asking.failed == {}, f"again: PORTAL_PROOF_SEED={seed()} python -m pytest {__file__}"
    assert asking.asked > 1000


def _hostile(asking: Asking, sweep: Sweep, who: str, address: str, values: dict[str, str]) -> Any:
    """Asks; gives the page as it is for somebody who sends nothing."""
    page = asking.ask(who, f"GET {address}", lambda one: one.get(address))
    names = dict.fromkeys(ASKED, "") | _fields(page.content.decode("utf-8", "replace"))
    odd: dict[str, Callable[[Client], Any]] = {
        "GET raw": lambda one: one.get(address, QUERY_STRING=RAW.decode("ascii")),
        "POST raw": lambda one: one.post(address, RAW, content_type=_FORM),
        "POST json": lambda one: one.post(
            address, b'{"a": "\\u0000"}', content_type="application/json"
        ),
    }
    for label in sweep.some(odd, 1):
        asking.ask(who, f"{label} {address}", odd[label])
    for label in sweep.some(values, 2):
        sent = dict.fromkeys(names, values[label])
        short = {name: value[:2000] for name, value in sent.items()}
        asking.ask(who, f"GET {address} {label}", lambda one, sent=short: one.get(address, sent))
        asking.ask(who, f"POST {address} {label}", lambda one, sent=sent: one.post(address, sent))
    return page


def _each_field(asking: Asking, sweep: Sweep, who: str, address: str, page: Any) -> None:
    sound = _fields(page.content.decode("utf-8", "replace"))
    if "POST" not in page.headers.get("Allow", "POST"):
        return
    for name in sweep.some(sound, 2):
        sent = {**sound, name: VALUES["many digits"]}
        asking.ask(who, f"POST {address} {name}", lambda one, sent=sent: one.post(address, sent))
    for label in sweep.some(FILES, 1):
        given = {
            name: SimpleUploadedFile(*FILES[label])
            for name in ("file", "photo", "attachment", "picture")
        }
        sent = {**sound, **given}
        asking.ask(
            who, f"POST {address} file {label}", lambda one, sent=sent: one.post(address, sent)
        )
