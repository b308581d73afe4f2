"""Identity services for the tests: one that is not ours, our stand-in, and an impostor."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from sample_county.identity.environment import named_in_environment
from scripts.lib.installed import NODE
from scripts.lib.processes import free_port
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.settings import identity

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SECRET = "test-run-identity-secret"
PORTAL = "http://portal.test"
BACK = f"{PORTAL}/sign-in/openid/back/"
ACCOUNTS = {
    "net-1": {
        "name": "田春雨", "id_type": "ID", "id_number": "140525199103121021", "assurance": "high",
        "phone_number": "13800138000",
    },
    "net-2": {"name": "段成林", "assurance": "high"},
    "net-3": {"name": "靳晓梅", "id_number": "140525198811210047", "assurance": "low"},
}  # fmt: skip


def openid(issuer: str, **changes: str) -> Provider:
    """The settings of an OpenID provider whose claims have names of their own."""
    words = {
        "KIND": "openid", "LABEL": "国家网络身份认证", "ISSUER": issuer, "SECRET": SECRET,
        "CLIENT": "zezhou-portal", "LEVELS": "low=1,high=3", "IDENTITY_TYPES": "ID=111",
        "CLAIMS": "identity_type=id_type,identity_number=id_number,level=assurance",
        **changes,
    }  # fmt: skip
    return _read("openid", words)


def ticket(address: str, **changes: str) -> Provider:
    """The settings of the stand-in, or of what pretends to be it."""
    start = "PORTAL_IDENTITY_SAMPLE_"
    told = named_in_environment(address, SECRET)
    words = {name.removeprefix(start): told[name] for name in told if name.startswith(start)}
    return _read("sample", {**words, **changes})


def _read(key: str, words: dict[str, str]) -> Provider:
    told = {f"PORTAL_IDENTITY_{key.upper()}_{word}": value for word, value in words.items()}
    return identity.providers({"PORTAL_IDENTITY_PROVIDERS": key, **told})[key]


@contextmanager
def process(command: list[str], ready: str, **env: str) -> Iterator[None]:
    """A process that has said a word when the block begins, and is gone when it ends."""
    running = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **env}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        said = []
        for line in running.stdout or ():
            said.append(line)
            if ready in line:
                break
        else:
            raise AssertionError("".join(said))
        drain = Thread(target=running.communicate, daemon=True)  # a full pipe would stop it
        drain.start()
        yield
    finally:
        running.terminate()
        running.wait(10)


@contextmanager
def openid_provider() -> Iterator[str]:
    """The issuer of a running provider that is not ours."""
    port = free_port(9700 + os.getpid() % 100)
    modules = str(NODE / "node_modules")
    command = ["node", str(HERE / "provider.mjs"), modules, str(port), BACK]
    with process(command, "ready", ACCOUNTS=json.dumps(ACCOUNTS), SECRET=SECRET):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def stand_in(portal: str = PORTAL) -> Iterator[str]:
    """The address of a running stand-in identity service that leads back to a portal."""
    port = free_port(9500 + os.getpid() % 100)
    command = [
        sys.executable, "-m", "sample_county.identity",
        "--port", str(port), "--portal", portal,
    ]  # fmt: skip
    with process(command, "serving", PORTAL_IDENTITY_SAMPLE_SECRET=SECRET):
        yield f"http://127.0.0.1:{port}"


def walk(address: str, account: str) -> str:
    """Signs in at the provider by its own forms; the address that it leads back to."""
    with httpx.Client(trust_env=False, timeout=20) as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["Location"])
                if target.startswith(PORTAL):
                    return target
                answer = browser.get(target)
            else:
                action, fields = _form(answer.text)
                given = {**fields, "login": account, "password": "any"}
                answer = browser.post(urljoin(str(answer.url), action), data=given)
    raise AssertionError(answer.text)


def _form(text: str) -> tuple[str, dict[str, str]]:
    found = re.search(r'<form[^>]* action="([^"]+)"', text)
    assert found, text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return unescape(found[1]), dict(hidden)


def choose(address: str, who: str) -> str:
    """Chooses a sample holder at the stand-in; the address that it leads back to."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(address)
        assert page.status_code == 200, page.text
        [link] = [
            unescape(one) for one in re.findall(r'href="(/choose[^"]+)"', page.text)
            if parse_qs(urlsplit(unescape(one)).query)["who"] == [who]
        ]  # fmt: skip
        answer = browser.get(urljoin(str(page.url), link))
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def params(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


def new_state() -> str:
    """A state as the page makes it."""
    return secrets.token_urlsafe(32)


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def impostor(answers: dict[str, Callable[[str], Answer] | Answer]) -> Iterator[str]:
    """A server that answers each path as it is told; a function gets the request's body."""

    class Desk(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            told = answers.get(urlsplit(self.path).path, (404, {}, b"{}"))
            status, headers, content = told(body) if callable(told) else told
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    hand = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    hand.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        hand.join()
