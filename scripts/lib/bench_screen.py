"""How soon a code stands on a slow phone, and what the wallet weighs: Chromium, slowed down."""

import os
import time
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from statistics import median
from typing import Any

from django.conf import settings

from licences.models import LicenceHolder
from licences.register import producing
from scripts.lib import bench_register, commands, places
from scripts.lib.processes import family, free_port, wait_until_ready
from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.session import CHECK
from zezhou_portal.parties.models import Holder, RealNameCheck

_CHROMIUM = "/usr/bin/chromium-headless-shell"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
SLOWER = 4
KILOBITS = 400
_LATENCY_MS = 150  # there and back, as in a village (ours)
_PATIENCE_MS = 30_000
_VISITS = 3
_PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"


@dataclass(frozen=True)
class Measured:
    """One visit: seconds until it was there, and what came over the line."""

    seconds: float
    bytes: int
    requests: int


def measure() -> dict[str, float]:
    """A holder's first visit to the wallet, and from the press of 亮证 to the code."""
    (licence,) = bench_register.enter(1, mark="s")
    while producing.produce_waiting():
        pass
    session = _signed_in(LicenceHolder.objects.select_related("holder").get(licence=licence).holder)
    port = free_port(8500)
    address = f"http://127.0.0.1:{port}"
    with family() as group:
        env = {**os.environ, "PORTAL_ADDRESS": address, "PORTAL_LOG_LEVEL": "WARNING"}
        group.start("bench-web", commands.web(str(places.PYTHON), port=port), env)
        wait_until_ready(group, address)
        codes = [screen(address, session, str(licence.uuid)) for _ in range(_VISITS)]
        wallet = weight(address, "/wallet/", session)
    return {
        "code_on_slow_screen_seconds": median(one.seconds for one in codes),
        "code_on_slow_screen_kilobytes": median(one.bytes for one in codes) / 1000,
        "wallet_first_load_seconds": wallet.seconds,
        "wallet_first_load_kilobytes": wallet.bytes / 1000,
        "wallet_first_load_requests": wallet.requests,
    }


def _signed_in(holder: Holder) -> str:
    """The cookie of a holder whose real-name check was a moment ago."""
    now = clock.now()
    check = RealNameCheck.objects.create(
        holder=holder,
        provider="bench",
        level=settings.PORTAL_ASSURANCE_LEVEL,
        checked_at=now,
        counts_until=now + timedelta(hours=1),
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[CHECK] = str(check.uuid)
    session.save()
    return str(session.session_key)


def screen(address: str, session: str, licence: str) -> Measured:
    """From the press of 亮证 until the code is painted, with nothing cached.

    `address` is the portal's, `session` the cookie of a signed-in holder, `licence` the key of
    one of theirs. Styles and icons come along too, and no service worker keeps any.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        try:
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, locale="zh-CN", service_workers="block"
            )
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            line = context.new_cdp_session(page)
            page.goto(f"{address}/wallet/show/?licence={licence}")
            _slow(line)
            line.send("Network.setCacheDisabled", {"cacheDisabled": True})
            counts = _counted(line)
            begin = time.perf_counter()
            page.locator(".zz-bar button").click(no_wait_after=True)
            page.locator(".zz-qr path").wait_for(state="visible", timeout=_PATIENCE_MS)
            while not page.evaluate(_PAINTED):  # the page's own policy forbids to wait in it
                page.wait_for_timeout(20)
            seconds = time.perf_counter() - begin
            page.wait_for_load_state("load")
            return Measured(seconds, counts["bytes"], counts["requests"])
        finally:
            browser.close()


def weight(address: str, path: str, session: str) -> Measured:
    """A first load of a page on the same slow phone: until it is loaded, and what it weighs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        try:
            context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            page = context.new_page()
            line = context.new_cdp_session(page)
            _slow(line)
            counts = _counted(line)
            begin = time.perf_counter()
            page.goto(f"{address}{path}", wait_until="load", timeout=_PATIENCE_MS)
            return Measured(time.perf_counter() - begin, counts["bytes"], counts["requests"])
        finally:
            browser.close()


def _slow(line: Any) -> None:
    line.send("Network.enable")
    speed = KILOBITS * 1000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": _LATENCY_MS,
            "downloadThroughput": speed,
            "uploadThroughput": speed,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _counted(line: Any) -> dict[str, int]:
    counts = {"bytes": 0, "requests": 0}

    def done(event: dict[str, Any]) -> None:
        counts["bytes"] += int(event["encodedDataLength"])
        counts["requests"] += 1

    line.on("Network.loadingFinished", done)
    return counts
