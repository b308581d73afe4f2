"""A code on a phone: chosen, held out, read back from the pixels, agreed to, lost and found."""

import hashlib
import hmac
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.county import County
from tests.browser.damages import DAMAGES
from tests.browser.walking import PHONE, Street, Walker

pytestmark = pytest.mark.e2e

MODES: tuple[dict[str, str], ...] = (
    {}, {"elder": "18"}, {"elder": "30"}, {"theme": "dark"},
)  # fmt: skip


def beside(county: County, *arguments: str) -> dict[str, Any]:
    """What somebody does beside the phone."""
    answer = subprocess.run(
        [str(places.PYTHON), "-m", "tests.browser.holding", *arguments],
        env=county.env, cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="session")
def holder(running: County) -> dict[str, Any]:
    """The holder of three licences to show and one that is switched off, signed in."""
    return beside(running, "open", "4")


@pytest.fixture
def phone(street: Street, holder: dict[str, Any]) -> Iterator[Any]:
    """Opens the holder's phone."""

    def take(cookies: dict[str, str] | None = None, **how: Any) -> Walker:
        walker = street.window(
            cookies={"sessionid": holder["session"], **(cookies or {})}, scale=2, **how
        )
        walker.narrow(PHONE)
        return walker

    yield take


def show(walker: Walker, licence: str, *, ask: bool = False) -> None:
    """From the card to the code: one press, two where the reader is to ask first."""
    assert walker.go(f"/wallet/show/?licence={licence}") == 200
    if ask:
        walker.page.get_by_label("读取前先问我").check()
    walker.press("亮证")
    walker.says_heading("请对方扫这个码")


def blind(county: County, text: str) -> str:
    """A keyed digest as the county's database keeps it."""
    key = (Path(county.env["PORTAL_KEYS"]) / "data" / "index.key").read_text(encoding="ascii")
    return hmac.new(bytes.fromhex(key.strip()), text.encode(), hashlib.sha256).hexdigest()


def newest_code(county: County) -> tuple[str, str]:
    """The digests of the newest code's secret and number."""
    [(secret, number)] = county.ask(
        "SELECT secret_index, number_index FROM usage_presentationcode ORDER BY id DESC LIMIT 1"
    )
    return secret, number


def picture(walker: Walker) -> Image.Image:
    """What stands in the window, as pixels."""
    return Image.open(io.BytesIO(walker.page.screenshot())).convert("RGB")


def short_number(walker: Walker) -> str:
    """The number that is read aloud."""
    return walker.page.locator(".zz-say-no-num").inner_text().replace("\n", "")


def over_the_line(walker: Walker) -> list[str]:
    """The paths that are asked of the server from now on, without what the browser has kept."""
    line = walker.context.new_cdp_session(walker.page)
    paths: list[str] = []

    def came(event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache"):
            paths.append(urlsplit(event["response"]["url"]).path)

    def was_kept(event: dict[str, Any]) -> None:
        kept.add(event["requestId"])

    kept: set[str] = set()
    line.on("Network.requestServedFromCache", was_kept)
    line.on("Network.responseReceived", lambda one: one["requestId"] in kept or came(one))
    line.send("Network.enable")
    return paths


@pytest.mark.article("P.2.3.3")
@pytest.mark.parametrize("mode", MODES, ids=lambda one: "-".join(*one.items()) if one else "plain")
def test_the_code_when_read_back_from_the_pixels_then_leads_to_the_secret_in_the_database(
    running: County, phone: Any, holder: dict[str, Any], mode: dict[str, str]
) -> None:
    window = phone(mode)
    show(window, holder["licences"][0])
    box = window.page.locator(".zz-qr").bounding_box()
    assert box is not None
    assert box["width"] >= 250
    assert box["y"] + box["height"] <= 844, "the whole code is on the first screen"
    [seen] = zxingcpp.read_barcodes(picture(window))
    assert seen.format == zxingcpp.BarcodeFormat.QRCode
    where = urlsplit(seen.text)
    assert f"{where.scheme}://{where.netloc}".lower() == running.address
    secret = where.path.removeprefix("/P/")
    assert (blind(running, f"code:{secret}"), blind(running, f"number:{short_number(window)}")) == (
        newest_code(running)
    )
    window.shoot(f"screen-{'-'.join(*mode.items()) if mode else 'plain'}", (PHONE,))


@pytest.mark.article("P.2.3.3")
def test_the_code_when_damaged_in_sixteen_ways_then_thirteen_are_read(
    phone: Any, holder: dict[str, Any]
) -> None:
    window = phone()
    show(window, holder["licences"][0])
    slip = Image.open(io.BytesIO(window.page.locator(".zz-slip").screenshot())).convert("RGB")
    [clean] = zxingcpp.read_barcodes(slip)
    read, unread = [], []
    for name, damage in DAMAGES.items():
        worn = damage(slip)
        if os.environ.get("PORTAL_SHOTS"):
            places.VAR.joinpath("shots").mkdir(exist_ok=True)
            worn.save(places.VAR / "shots" / f"damage-{name.replace(' ', '-')}.png")
        assert worn.tobytes() != slip.tobytes()
        texts = [one.text for one in zxingcpp.read_barcodes(worn)]
        assert set(texts) <= {clean.text}, f"{name} was read as something else"
        (read if texts else unread).append(name)
    sys.stdout.write(f"read: {', '.join(read)}\nnot read: {', '.join(unread) or 'none'}\n")
    assert len(DAMAGES) == 16
    assert len(read) >= 13, f"not read: {unread}"


@pytest.mark.article("P.2.3.3")
def test_consent_when_a_reader_asks_then_the_phone_asks_and_tells_who_read(
    running: County, phone: Any, holder: dict[str, Any]
) -> None:
    window = phone()
    show(window, holder["licences"][0], ask=True)
    asked = beside(running, "read", short_number(window))
    assert asked["outcome"] == ""
    heading = window.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{holder['reader']}想看")
    expect(heading).to_be_focused()
    assert zxingcpp.read_barcodes(picture(window)) == []
    found = violations(window)
    window.shoot("screen-ask", (PHONE,))
    window.narrow(PHONE)
    window.press("同意")
    window.says_heading(f"已同意，等{holder['reader']}查看")
    assert beside(running, "collect", asked["presentation"], asked["key"]) == {"outcome": "valid"}
    expect(heading).to_contain_text(f"已被{holder['reader']}读取")
    found += violations(window)
    window.shoot("screen-read", (PHONE,))
    assert found == [], "\n".join(found)


@pytest.mark.article("P.2.3.3")
def test_the_screen_when_a_minute_is_over_then_fetches_the_next_code_alone(
    running: County, phone: Any, holder: dict[str, Any]
) -> None:
    window = phone()
    show(window, holder["licences"][0])
    first = short_number(window)
    running.ask(
        "UPDATE usage_presentationcode SET issued_at = issued_at - interval '45 seconds'"
        " WHERE number_index = %s RETURNING id",
        blind(running, f"number:{first}"),
    )
    window.page.reload()
    asked = over_the_line(window)
    expect(window.page.locator("[data-zz-tell]")).to_have_text("10 秒后换新码", timeout=20_000)
    expect(window.page.locator(".zz-say-no-num")).not_to_have_text(first, timeout=20_000)
    assert short_number(window) != first
    assert len([path for path in asked if path.endswith("/code/")]) == 1
    assert {path.rsplit("/", 2)[1] for path in asked} == {"code", "status"}


@pytest.mark.article("P.2.3.3")
def test_the_screen_when_the_network_is_gone_then_never_shows_a_dead_code(
    phone: Any, holder: dict[str, Any]
) -> None:
    window = phone()
    window.page.clock.install()
    show(window, holder["licences"][0])
    window.context.set_offline(True)
    window.shows("没有网络，这个码可能已经旧了")
    window.shoot("screen-old", (PHONE,))
    window.narrow(PHONE)
    window.page.clock.fast_forward("01:20")
    window.shows("这个码已经过了时间，不再显示")
    expect(window.page.locator(".zz-qr")).to_be_hidden()
    expect(window.page.locator(".zz-say-no-num")).to_be_hidden()
    window.shoot("screen-dead", (PHONE,))
    window.narrow(PHONE)
    window.context.set_offline(False)
    window.page.clock.run_for(5_000)
    expect(window.page.locator(".zz-qr")).to_be_visible()
    window.complaints.clear()  # of the requests that found no network


def test_the_screen_without_scripts_refreshes_itself_and_stops(
    phone: Any, holder: dict[str, Any]
) -> None:
    window = phone(script=False)
    show(window, holder["licences"][0])
    rest = window.page.locator('meta[http-equiv="refresh"]').get_attribute("content")
    assert 50 <= int(str(rest)) <= 60
    assert len(zxingcpp.read_barcodes(picture(window))) == 1
    window.press("停止亮证")
    window.says_heading("已停止亮证")
    assert window.page.locator('meta[http-equiv="refresh"]').count() == 0
    window.press("再亮一次")
    window.says_heading("请对方扫这个码")


@pytest.mark.parametrize("mode", MODES, ids=lambda one: "-".join(*one.items()) if one else "plain")
def test_axe_finds_nothing_where_one_shows(
    phone: Any, holder: dict[str, Any], mode: dict[str, str]
) -> None:
    window = phone(mode)
    name = "-".join(*mode.items()) if mode else "plain"
    assert window.go("/wallet/show/") == 200
    found = violations(window)
    window.shoot(f"show-many-{name}", (PHONE, 1440))
    window.narrow(PHONE)
    window.press("亮证")
    window.shows("至少选一份")
    found += violations(window)
    window.shoot(f"show-wrong-{name}", (PHONE,))
    show(window, holder["licences"][0])
    found += violations(window)
    window.shoot(f"screen-{name}", (1440,))
    window.narrow(PHONE)
    window.go(f"/wallet/show/?licence={holder['licences'][1]}")
    found += violations(window)
    window.shoot(f"show-one-{name}", (PHONE,))
    assert found == [], "\n".join(found)
