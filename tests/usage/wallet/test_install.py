"""The wallet on a phone: installable, light, keeps nothing of anybody (M.20, M.26)."""

import gzip
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from tests.holders import holder_client
from tests.usage.wallet.scene import Hands, person
from usage.wallet.pages.install import KEPT

_FIRST_LOAD = 100_000


def static(path: str) -> bytes:
    """A static file as it stands in the folder."""
    found = finders.find(path.removeprefix("/static/").partition("#")[0])
    assert isinstance(found, str), path
    return Path(found).read_bytes()


def packed(data: bytes) -> int:
    """How many bytes go over the line."""
    return len(gzip.compress(data, compresslevel=6))


@pytest.mark.article("M.20")
def test_first_load_when_measured_then_under_a_hundred_thousand_bytes(hands: Hands) -> None:
    owner = person("谢洋")
    one = hands.licence(owner)
    hands.twins(one, owner, 30, kind_name="公共场所卫生许可证")
    answer = holder_client(owner).get("/wallet/")
    page = answer.content.decode()
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert "/static/js/main.js" in named
    started = set(re.findall(r"data-zz-([a-z-]+)", page))
    modules = {
        f"/static/js/behaviours/{name.replace('-', '_')}.js"
        for name in started
        if finders.find(f"js/behaviours/{name.replace('-', '_')}.js")
    }
    cards = {f"/static/img/card-{tint}.svg" for tint in ("azure", "bamboo", "crimson", "ochre")}
    total = packed(answer.content) + sum(packed(static(one)) for one in named | modules | cards)
    assert modules >= {"/static/js/behaviours/idle.js", "/static/js/behaviours/install.js"}
    assert 40_000 < total < _FIRST_LOAD


def test_manifest_when_asked_then_its_icons_are_as_large_as_it_says() -> None:
    answer = Client().get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/wallet/", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with Image.open(BytesIO(static(icon["src"]))) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]


@pytest.mark.article("M.26")
def test_worker_when_asked_then_keeps_static_files_and_one_page_only() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    code = answer.content.decode()
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", code)[1])
    assert kept[0] == "/wallet/offline/"
    assert kept[1:] == [f"/static/{path}" for path in KEPT]
    assert all(static(path) for path in KEPT)
    assert "cache.put" not in code
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert "manifest-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.article("M.26")
def test_page_without_a_network_when_cached_then_nothing_of_whoever_opened_it(
    hands: Hands,
) -> None:
    owner = person("谢洋")
    hands.licence(owner)
    signed_in = holder_client(owner).get("/wallet/offline/")
    assert signed_in.content == Client().get("/wallet/offline/").content
    page = signed_in.content.decode()
    assert "没有网络" in page
    assert "csrf" not in page
    assert "谢洋" not in page
    assert "Set-Cookie" not in signed_in.headers


def test_stay_when_pressed_then_the_session_lives_on(hands: Hands) -> None:
    client = holder_client(person("谢洋"))
    answer = client.post("/wallet/stay/", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 204
    assert answer.cookies["sessionid"].value
    assert client.post("/wallet/stay/")["Location"] == "/wallet/"
    assert client.get("/wallet/stay/").status_code == 405
