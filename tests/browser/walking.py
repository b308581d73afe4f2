"""A person at a browser: signs in, goes places, fills forms; what the browser complains of fails.

Every complaint counts: a breach of the content policy, an error in the console, a request that
failed or that the server could not answer.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

from scripts.lib import places
from tests.browser.county import PASSWORD, County

PHONE, DESK = 390, 1440
HEIGHT = {PHONE: 844, DESK: 900}
_SIGNED_IN = ("sessionid", "csrftoken")
SHOTS = places.VAR / "shots"
# The policy's breaches reach the console too, but not what was refused and where.
_WATCH = """
document.addEventListener("securitypolicyviolation", (breach) => console.error(
  `POLICY ${breach.violatedDirective} ${breach.blockedURI} ${breach.sourceFile}:${breach.lineNumber}`
));
"""


@dataclass
class Walker:
    """One person's browser window."""

    county: County
    context: BrowserContext
    page: Page
    username: str = ""
    complaints: list[str] = field(default_factory=list)
    has_script: bool = True

    def go(self, path: str) -> int:
        """Opens an address of the portal; the status it answered with."""
        response = self.page.goto(f"{self.county.address}{path}")
        assert response is not None, path
        return response.status

    @property
    def path(self) -> str:
        """Where the window stands."""
        return self.page.url.removeprefix(self.county.address)

    def press(self, name: str, *, exact: bool = True) -> None:
        """Presses the button of that name and waits for the answer."""
        self.page.get_by_role("button", name=name, exact=exact).filter(visible=True).click()
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str) -> None:
        """Types into the field of that label, as a person does: by what stands above it."""
        self.field(label).fill(value)

    def field(self, label: str) -> Locator:
        """The field that a label stands above; the source and 可不填 behind it do not count."""
        named = self.page.locator(f"xpath=//label[normalize-space(text()[1])='{label}']")
        key = named.first.get_attribute("for")
        return self.page.locator(f"[id='{key}']")

    def choose(self, question: str, answer: str) -> None:
        """Ticks one of the answers under a question."""
        asked = self.page.locator(
            f"xpath=//fieldset[.//legend[normalize-space(text()[1])='{question}']]"
        )
        asked.last.get_by_label(answer, exact=True).check()

    def fault_at(self, label: str) -> str:
        """What the page says is wrong at a field."""
        box = self.page.locator(
            f"xpath=//*[contains(concat(' ', @class, ' '), ' zz-field-bad ')]"
            f"[.//*[self::label or self::legend][normalize-space(text()[1])='{label}']]"
        )
        return box.locator(".zz-wrong > span").first.inner_text().removeprefix("错误：").strip()

    def faults(self) -> list[str]:
        """The list at the head of the page: what is wrong, each with its field."""
        return self.page.locator(".zz-errors li").all_inner_texts()

    def shows(self, text: str) -> None:
        """Waits until a text is to be seen."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def says_heading(self, text: str) -> None:
        """Waits until the page's heading is that."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def shoot(self, name: str, widths: tuple[int, ...] = (PHONE, DESK)) -> None:
        """Pictures for the eye, in var/shots; only where PORTAL_SHOTS asks for them."""
        if not os.environ.get("PORTAL_SHOTS"):
            return
        SHOTS.mkdir(parents=True, exist_ok=True)
        for width in widths:
            self.unfold(width)
            self.page.screenshot(path=SHOTS / f"{name}-{width}.png")
        self.narrow(DESK)

    def narrow(self, width: int) -> None:
        """Makes the window that wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT[width]})

    def unfold(self, width: int) -> None:
        """Makes the window that wide, and as high as the page.

        Or what sticks to the lower edge would lie across its middle.
        """
        self.narrow(width)
        high = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(high, HEIGHT[width])})

    def download(self, button: str) -> Path:
        """Presses a button that brings a file; where the browser put it."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("button", name=button).filter(visible=True).click()
        return Path(waiting.value.path())

    def _listen(self) -> None:
        page = self.page
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium also writes of every answer from 400 on; those are judged in `_response`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{self.path}: {message.text}")

    def _failed(self, request: Request) -> None:
        # Aborted: a download, or a poll that was under way when the page was left.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{self.path}: {request.url} failed: {request.failure}")

    def _response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.complaints.append(f"{self.path}: {response.url} answered {response.status}")


@dataclass
class Street:
    """Opens windows for people and remembers who is signed in."""

    county: County
    browser: Browser
    sessions: dict[str, Any] = field(default_factory=dict)
    windows: list[Walker] = field(default_factory=list)

    def window(
        self,
        *,
        script: bool = True,
        cookies: dict[str, str] | None = None,
        username: str = "",
        scale: int = 1,
    ) -> Walker:
        """A window of somebody who has not signed in, or with the session of one who has."""
        context = self.browser.new_context(
            viewport={"width": DESK, "height": HEIGHT[DESK]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            accept_downloads=True,
            device_scale_factor=scale,
            storage_state=self.sessions.get(username),
        )
        context.set_default_timeout(15_000)
        if script:
            context.add_init_script(_WATCH)
        for name, value in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": value, "url": self.county.address}])
        walker = Walker(self.county, context, context.new_page(), username, has_script=script)
        walker._listen()
        self.windows.append(walker)
        return walker

    def sign_in(self, username: str, **options: Any) -> Walker:
        """A window in which an account is signed in with both factors, on its desk."""
        walker = self.window(username=username, **options)
        if username in self.sessions:
            walker.go("/desk/")
            if walker.path == "/desk/":
                return walker
        sign_in(walker, username)
        # The session alone: how somebody wants to read stays in that window.
        cookies = [one for one in walker.context.cookies() if one["name"] in _SIGNED_IN]
        self.sessions[username] = {"cookies": cookies, "origins": []}
        return walker

    def forget(self, username: str) -> None:
        """The next window of an account signs in anew."""
        self.sessions.pop(username, None)

    def close(self) -> list[str]:
        """Closes every window; what the browser complained of."""
        complaints = [one for walker in self.windows for one in walker.complaints]
        for walker in self.windows:
            walker.context.close()
        self.windows.clear()
        return complaints


def sign_in(walker: Walker, username: str, password: str = PASSWORD) -> None:
    """Both factors, typed."""
    walker.go("/log-in/")
    walker.fill("账号", username)
    walker.fill("密码", password)
    walker.press("下一步")
    walker.fill("动态口令", walker.county.code(username))
    walker.press("登录")
    expect(walker.page).to_have_url(f"{walker.county.address}/desk/")
