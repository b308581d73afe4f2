"""Whatever is sent to whichever address by whomever: an answer, never a failure of the portal.

Every route of the site map is asked with rows that are there, by the person whose desk it is, by
a neighbour and by nobody, with hostile values in the address, in each field of its forms and in
its files.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from licences.applications import capturing
from licences.models import Licence
from licences.register import producing
from licences.stock import checking
from seals.models import Seal
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import Applications
from tests.factories.parties import NotificationFactory
from usage.verifying.resolve import ask
from usage.window import services as window
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock
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
RAW = b"q=%ff%fe&page=%00&kind=%ed%a0%80&what=%c3&holder=%00&identity_number=%ff&name=%00"
FILES = {
    "nothing": ("空.csv", b""),
    "nulls": ("x\0.csv", b"\0" * 4096),
    "name": ("../../<b>.ofd", b"PK\x03\x04" + b"\xff" * 300),
    "picture": ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "markup": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
}


def _routes(entries: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns if entries is None else entries:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, path)
        else:
            yield path, entry


@dataclass
class Scene:
    """Rows at every step, by the start of the addresses that name them."""

    cast: Cast
    keys: dict[str, list[str]] = field(default_factory=dict)

    def addresses(self, path: str) -> list[str]:
        """The route with each of the rows that it may name."""
        start = next((one for one in sorted(self.keys, key=len, reverse=True)
                      if path.startswith(one)), None)  # fmt: skip
        if "<" not in path:
            return [f"/{path}"]
        return [f"/{_filled(path, key)}" for key in self.keys.get(start or "", [])]


def _filled(path: str, key: str) -> str:
    values = key.split("|")
    for value in values:
        path = re.sub(r"<[^>]+>", value, path, count=1)
    return re.sub(r"<[^>]+>", values[0], path)


@pytest.fixture
def scene(db: None) -> Scene:
    """A market office with an application at every step, a licence, a sheet and an entry."""
    cast = Cast()
    applications = Applications(cast)
    returned = applications.returned()
    steps = [applications.received(), returned, applications.submitted(), applications.approved()]
    file = capturing.attach(
        actor=applications.actor("clerk"), application=returned, title="", file_name="a.pdf",
        data=b"%PDF-x",
    )  # fmt: skip
    licence = applications.issued()
    producing.produce_waiting()
    licence.refresh_from_db()
    batch = checking.take_in(
        actor=applications.actor("clerk"),
        entry=applications.entry,
        file_name="清单.csv",
        data="行政相对人名称,许可编号,有效期至\n甲公司,取水1,2030-01-01\n".encode(),
    )
    draft = entry_of("食品经营许可证", cast.market, state="DRAFT", published_at=None)
    waiting = entry_of("退役军人优待证", cast.market, state="SUBMITTED", published_at=None)
    account = cast.account("market.clerk")
    key = f"{licence.identifier}"
    short = f"{licence.stem.rsplit('.', 1)[1]}|{licence.versions.get().check_code}"
    keys = _of_a_verifier(cast, licence) | {
        "applications/": [str(one.uuid) for one in steps],
        "applications/<uuid:key>/files/": [f"{steps[1].uuid}|{file.uuid}"],
        "licences/": [key],
        "register/county/": [str(licence.uuid)],
        "stock/": [str(batch.uuid)],
        "catalogue/": [applications.entry.type_code, "%00", "%ff"],
        "catalogue-desk/": [str(one.uuid) for one in (draft, waiting, applications.entry)],
        "seals/": [str(Seal.objects.get().uuid)],
        "exchange/": [str(one.uuid) for one in Outbound.objects.all()],
        "inbox/": [str(NotificationFactory(account=account).uuid)],
        "people/": [str(account.uuid)],
        "accounts/": [str(account.uuid)],
        "postings/": [str(cast.postings["market.clerk"].uuid)],
        "departments/": [str(cast.market.uuid)],
        "holders/": [str(cast.stranger.uuid), str(steps[0].holder_links.get().holder.uuid)],
        "P/": ["23456789ABCDEFGH", "%00", "%ff"],
        "C/": ["ABCDEFGHJKLM", "%00", "%ff"],
        "V/": [short, "%00|%ff", f"{'9' * 3000}|A"],
    }
    return Scene(cast, keys)


def _of_a_verifier(cast: Cast, licence: Licence) -> dict[str, list[str]]:
    """A verification and a window print, and what their addresses name."""
    actor = cast.actor("market.verifier")
    reading = ask(actor=actor, text=licence.versions.get().frozen["verify_url"])
    copy = window.print_copy(
        actor=actor, holder=licence.holder_links.get().holder, licence=licence,
        statement="本人到场", check="in_person", purpose="样例", expires_on=clock.today(),
    )  # fmt: skip
    verification = [str(reading.read[0].verification.uuid)]
    return {
        "checks/": verification,
        "checks/window/licences/": [str(licence.uuid)],
        "checks/window/copies/": [str(copy.uuid)],
        "api/v1/verifications/": verification,
    }


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


@pytest.mark.long
def test_every_address_when_hostile_values_come_then_never_a_failure(scene: Scene) -> None:
    people = [*scene.cast.accounts]
    asking = Asking({"nobody": Client(), **{who: scene.cast.client(who) for who in people}})
    for path, route in _routes():
        view = getattr(route.callback, "view_class", None) or route.callback
        owners = _owner(view, scene)
        for address in scene.addresses(path):
            _hostile(asking, owners[0], address, VALUES)
            _each_field(asking, owners[0], address)
            for who in ("nobody", "land.clerk"):
                _hostile(asking, who, address, SOME)
    assert asking.failed == {}
    assert asking.asked > 1000


def _hostile(asking: Asking, who: str, address: str, values: dict[str, str]) -> None:
    page = asking.ask(who, f"GET {address}", lambda one: one.get(address))
    names = dict.fromkeys(ASKED, "") | _fields(page.content.decode("utf-8", "replace"))
    raw = RAW.decode("ascii")
    asking.ask(who, f"GET {address} raw", lambda one: one.get(address, QUERY_STRING=raw))
    asking.ask(
        who, f"POST {address} raw",
        lambda one: one.post(address, RAW, content_type="application/x-www-form-urlencoded"),
    )  # fmt: skip
    asking.ask(
        who, f"POST {address} json",
        lambda one: one.post(address, b'{"a": "\\u0000"}', content_type="application/json"),
    )  # fmt: skip
    for label, value in values.items():
        sent = dict.fromkeys(names, value)
        short = {name: one[:2000] for name, one in sent.items()}
        asking.ask(who, f"GET {address} {label}", lambda one, sent=short: one.get(address, sent))
        asking.ask(who, f"POST {address} {label}", lambda one, sent=sent: one.post(address, sent))


def _each_field(asking: Asking, who: str, address: str) -> None:
    page = asking.ask(who, f"GET {address}", lambda one: one.get(address))
    sound = _fields(page.content.decode("utf-8", "replace"))
    if "POST" not in page.headers.get("Allow", "POST"):
        return
    for name in sound:
        sent = {**sound, name: VALUES["many digits"]}
        asking.ask(who, f"POST {address} {name}", lambda one, sent=sent: one.post(address, sent))
    for label, (file_name, data) in FILES.items():
        given = {
            one: SimpleUploadedFile(file_name, data)
            for one in ("file", "photo", "attachment", "picture")
        }
        sent = {**sound, **given}
        asking.ask(
            who, f"POST {address} file {label}", lambda one, sent=sent: one.post(address, sent)
        )
