"""How a reader wants to read: elder mode and dark colours, by cookie, without scripts."""

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def root_of(client: Client, address: str = "/help/") -> str:
    html = client.get(address).content.decode()
    return html[html.index("<html") : html.index(">", html.index("<html")) + 1]


@pytest.mark.parametrize("size", ["18", "22", "26", "30"])
def test_elder_mode_sets_the_size_and_leads_back(client: Client, size: str) -> None:
    response = client.post("/elder/", {"size": size, "next": "/help/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/help/?a=1")
    assert root_of(client) == f'<html lang="zh-CN" data-elder="{size}">'


@pytest.mark.parametrize("size", ["", "17", "99", "x"])
def test_elder_mode_ends_with_any_other_size(client: Client, size: str) -> None:
    client.post("/elder/", {"size": "22"})
    client.post("/elder/", {"size": size})
    assert root_of(client) == '<html lang="zh-CN">'


def test_elder_mode_steps_up_and_ends_at_the_largest(client: Client) -> None:
    client.cookies["elder"] = "26"
    page = client.get("/").content.decode()
    assert re.search(r'name="size"\s+value="30"', page)
    assert "字再大些" in page
    client.cookies["elder"] = "30"
    page = client.get("/").content.decode()
    assert "字再大些" not in page
    assert "字小一些" in page


def test_cookie_that_is_no_size_is_no_elder_mode(client: Client) -> None:
    client.cookies["elder"] = '22"><script>'
    assert root_of(client) == '<html lang="zh-CN">'


def test_dark_is_a_cookie_and_elder_mode_stays_light(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    assert root_of(client) == '<html lang="zh-CN" data-theme="dark" data-bs-theme="dark">'
    client.post("/elder/", {"size": "18"})
    assert root_of(client) == '<html lang="zh-CN" data-elder="18">'
    client.post("/elder/", {"size": ""})
    client.post("/theme/", {"theme": "light"})
    assert root_of(client) == '<html lang="zh-CN">'


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_reader_is_never_led_out_of_the_portal(client: Client, address: str) -> None:
    assert client.post("/elder/", {"size": "18", "next": address})["Location"] == "/"


def test_choice_asks_for_the_token_that_stops_forgeries() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/elder/", {"size": "18"}).status_code == 403
    assert strict.get("/elder/").status_code == 405
