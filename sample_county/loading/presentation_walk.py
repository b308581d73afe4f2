"""The demonstration's last step, over HTTP like people do it: a licence is shown and verified.

The legal representative signs in at the sample identity service, opens the wallet and shows the
licence; anybody reads the short number, another presentation is read by the code
in the picture. Every page is asked of the running portal.
"""

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Self

import httpx
from django.conf import settings
from django.core.management.base import CommandError
from PIL import Image, ImageDraw

from usage.verifying.pictures import code_in

WHO = "waterworks.representative"
_PATIENCE = 30.0
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SPOKEN = re.compile(r'data-zz-spoken="([^"]+)"')
_RUN = re.compile(r"M(\d+) (\d+)h(\d+)")
_SCALE = 8
_PICTURE = re.compile(
    r'<svg class="zz-qr".*?viewBox="([^"]+)".*?<path fill="black" d="([^"]+)"', re.S
)


@dataclass(frozen=True)
class Said:
    """What a reading came to."""

    number: str
    words: str
    licence: str
    answers: int


class HolderAtPhone:
    """One holder's browser, closed at the end of the block."""

    def __init__(self) -> None:
        self._browser = httpx.Client(
            base_url=settings.PORTAL_ADDRESS, follow_redirects=True, timeout=_PATIENCE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()

    def sign_in(self) -> None:
        """Through the sample identity service, by the links that its page has."""
        answer = self._browser.get("/sign-in/sample/")
        found = re.search(rf'href="(/choose\?who={re.escape(WHO)}&[^"]+)"', answer.text)
        if found is None:
            raise CommandError("样例身份服务的页面上没有要登录的人")
        chosen = self._browser.get(str(answer.url.join(unescape(found[1]))))
        if chosen.status_code != 200 or "/wallet/" not in str(chosen.url):
            raise CommandError(f"实名认证登录没有成功：{chosen.url} {chosen.status_code}")

    def show(self, licence: str) -> str:
        """Shows a licence by its key; the page with the code."""
        page = self._browser.get("/wallet/show/", params={"licence": licence})
        shown = self._browser.post(
            str(page.url), data={"csrfmiddlewaretoken": _token(page), "licence": licence}
        )
        if shown.status_code != 200 or not _SPOKEN.search(shown.text):
            raise CommandError(f"亮证没有成功：{shown.url} {shown.status_code}")
        return shown.text

    def history(self, licence: str) -> str:
        """Who looked at the licence, as the holder reads it."""
        return self._browser.get(f"/wallet/licences/{licence}/uses/").text


def spoken(page: str) -> str:
    """The short number on a page with a code."""
    found = _SPOKEN.search(page)
    if found is None:
        raise CommandError("亮证页面上没有短码")
    return "".join(character for character in found[1] if character.isdigit())


def scanned(page: str) -> str:
    """What the picture on the page says, read from its pixels as a camera would."""
    found = _PICTURE.search(page)
    if found is None:
        raise CommandError("亮证页面上没有二维码")
    return code_in(_pixels(found[1], found[2]))


def verify(text: str) -> Said:
    """Reads a code as anybody does; raises CommandError where it does not pass."""
    answer = httpx.post(
        f"{settings.PORTAL_ADDRESS}/api/v1/verifications/", json={"text": text}, timeout=_PATIENCE
    )
    told = answer.json()
    if answer.status_code != 200 or told["verdict"] != "passed":
        raise CommandError(f"核验没有通过：{answer.status_code} {told}")
    return Said(
        told["number"],
        told["outcome"]["words"],
        f"{told['licence']['kind']} {told['licence']['number']}",
        sum(one["answer"] == "yes" for one in told["answers"]),
    )


def refused(text: str) -> str:
    """The outcome's key of a code that must not pass a second time."""
    answer = httpx.post(
        f"{settings.PORTAL_ADDRESS}/api/v1/verifications/", json={"text": text}, timeout=_PATIENCE
    )
    return str(answer.json()["outcome"]["key"])


def _pixels(box: str, path: str) -> bytes:
    """The symbol as a picture of black squares on white, as PNG."""
    left, top, width, height = (int(part) for part in box.split())
    picture = Image.new("L", (width * _SCALE, height * _SCALE), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, length in _RUN.findall(path):
        at_x, at_y = (int(x) - left) * _SCALE, (int(y) - top) * _SCALE
        pen.rectangle((at_x, at_y, at_x + int(length) * _SCALE - 1, at_y + _SCALE - 1), fill=0)
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _token(page: httpx.Response) -> str:
    found = _TOKEN.search(page.text)
    if found is None:
        raise CommandError(f"{page.url} 上没有表单")
    return found[1]
