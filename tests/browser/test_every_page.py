"""axe over every page of the URL map, as each role meets it, at both widths.

Windows follow links from the desk, two of every route. What a role sees on a route that another
role has shown already is asked again only where the page is built of other parts.
"""

import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.county import PASSWORD, County
from tests.browser.walking import Street, Walker

pytestmark = pytest.mark.e2e

ROLES = (
    "compiler", "clerk", "reviewer", "signatory", "custodian",
    "system", "security", "auditor", "administrator", "supervisor",
)  # fmt: skip
# Answers to a POST, pictures, files, partials of a page, machines.
NO_PAGES = frozenset(
    {
        "api/v1/exchange/receipts/", "healthz", "readyz", "elder/", "theme/", "log-out/",
        "switch-posting/", "inbox/read/", "inbox/<uuid:key>/read/", "postings/<uuid:key>/name/",
        "catalogue/<str:type_code>/specimen.svg", "applications/<uuid:key>/files/<uuid:file>/",
        "applications/<uuid:key>/preview.svg", "applications/<uuid:key>/unmask/",
        "applications/<uuid:key>/blank/", "applications/<uuid:key>/handing-over/",
        "stock/<uuid:key>/progress/", "stock/<uuid:key>/faults.xlsx", "stock/<uuid:key>/stop/",
        "stock/<uuid:key>/resume/",
        "licences/<identifier:identifier>/face.svg", "licences/<identifier:identifier>/face/",
        "licences/<identifier:identifier>/state/", "licences/<identifier:identifier>/unmask/",
        "licences/<identifier:identifier>/file/", "licences/<identifier:identifier>/copy/",
        "wallet/licences/<uuid:key>/face.svg", "wallet/licences/<uuid:key>/file/",
        "wallet/licences/<uuid:key>/copy/", "wallet/licences/<uuid:key>/copies/<uuid:copy>/",
        "wallet/messages/read/", "wallet/messages/<uuid:key>/read/", "wallet/stay/",
        "manifest.webmanifest", "service-worker.js",
        "wallet/switch/",
        "catalogue-desk/<uuid:key>/specimen.svg", "seals/<uuid:key>/impression.png",
        "sign-out/",
        "exchange/<uuid:key>/resend/", "trail/export/", "catalogue-desk/<uuid:key>/edition/",
        "wallet/show/<uuid:key>/code/", "wallet/show/<uuid:key>/status/",
        "wallet/show/<uuid:key>/agree/", "wallet/show/<uuid:key>/decline/",
        "wallet/show/<uuid:key>/stop/", "wallet/show/<uuid:key>/again/",
    }
)  # fmt: skip
# Met by people who are not signed in, or in development only; tests/browser/test_public.py.
ELSEWHERE = frozenset(
    {
        "", "help/", "privacy/", "accessibility/", "contact/", "regulation/", "styleguide/",
        "catalogue/", "catalogue/<str:type_code>/", "log-in/", "verify/file/", "verify/code/",
        "V/<str:serial>/<str:code>", "v/<str:serial>/<str:code>",
        "V/<str:serial>/<str:code>/", "v/<str:serial>/<str:code>/", "second-factor/",
        # tests/browser/test_presentation.py
        "wallet/show/", "wallet/show/<uuid:key>/",
        # tests/browser/test_holder_sign_in.py
        "sign-in/", "sign-in/<slug:provider>/", "sign-in/<slug:provider>/back/",
        "P/<str:secret>", "p/<str:secret>", "P/<str:secret>/", "p/<str:secret>/",
        "C/<str:code>", "c/<str:code>", "C/<str:code>/", "c/<str:code>/",
        "verify/", "verify/waiting/<uuid:key>/", "verify/results/<uuid:key>/",
    }
)  # fmt: skip
# What a verifier meets; tests/browser/test_checking.py.
OF_VERIFIERS = frozenset(
    {
        "checks/", "checks/picture/", "checks/paper/", "checks/mine/", "checks/waiting/<uuid:key>/",
        "checks/results/<uuid:key>/", "checks/results/<uuid:key>/print/",
        "checks/results/<uuid:key>/day/", "checks/<uuid:key>/rely/", "checks/window/",
        "checks/window/licences/", "checks/window/licences/<uuid:key>/",
        "checks/window/copies/<uuid:key>/", "checks/window/copies/<uuid:key>/copy.pdf",
        "api/v1/verifications/", "api/v1/verifications/<uuid:key>/", "api/v1/outcomes/",
    }
)  # fmt: skip
# Acting for others, as its people meet it; tests/browser/test_acting_for_others.py.
OF_MANDATES = frozenset(
    {
        "wallet/people/", "wallet/people/given/", "wallet/people/agent/",
        "wallet/people/helper/", "wallet/people/child/", "wallet/people/<uuid:key>/end/",
        "checks/mandates/", "checks/mandates/record/", "checks/mandates/<uuid:key>/end/",
    }
)  # fmt: skip
# What a holder meets; tests/browser/test_wallet.py.
OF_HOLDERS = frozenset(
    {
        "wallet/", "wallet/licences/<uuid:key>/", "wallet/licences/<uuid:key>/copies/",
        "wallet/licences/<uuid:key>/copies/<uuid:copy>/end/",
        "wallet/licences/<uuid:key>/changes/", "wallet/licences/<uuid:key>/uses/",
        "wallet/licences/<uuid:key>/switch-off/", "wallet/licences/<uuid:key>/switch-on/",
        "wallet/messages/", "wallet/mine/", "wallet/offline/",
    }
)  # fmt: skip
# Pages that no link leads to: a form's answer, or shown under one's own name only.
BY_HAND = ("/password/",)
# What furnish.py makes applications of.
KIND = "公共场所卫生许可证"
_PER_ROUTE = 2
_PARTS = """() => [...new Set([...document.querySelectorAll("main *, .zz-errors *")].map(
  (one) => one.tagName + "." + [...one.classList].sort().join(".")))].sort().join(" ")"""
_LINKS = "() => [...document.querySelectorAll('a[href]')].map((one) => one.href)"


@pytest.fixture(scope="session")
def furnished(running: County) -> County:
    """The county with something on every page."""
    answer = subprocess.run(
        [str(places.PYTHON), "-m", "tests.browser.furnish"],
        env=running.env, cwd=places.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    return running


def routes() -> Iterator[str]:
    """Every route of the URL map."""

    def under(resolver: URLResolver, start: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                yield start + str(one.pattern)
            else:
                yield from under(one, start + str(one.pattern))

    yield from under(get_resolver(), "")


class Crawl:
    """What has been seen, by whom, and what axe found on it."""

    def __init__(self) -> None:
        self.parts: dict[str, set[str]] = {}
        self.seen: dict[str, set[str]] = {}
        self.found: list[str] = []

    def role(self, window: Walker, part: str) -> None:
        """Follows links from the desk, two of every route."""
        waiting, queued = ["/desk/", *BY_HAND], {"/desk/", *BY_HAND}
        counts: dict[str, int] = {}
        while waiting:
            path = waiting.pop(0)
            route = resolve(urlsplit(path).path).route
            counts[route] = counts.get(route, 0) + 1
            if counts[route] > _PER_ROUTE:
                continue
            status = window.go(path)
            if status != 200:
                self.found.append(f"{part}: {path} answered {status}")
            self.look(window, part)
            for link in window.page.evaluate(_LINKS):
                onward = self._page(link, window.county.address)
                if onward and onward not in queued:
                    queued.add(onward)
                    waiting.append(onward)

    def look(self, window: Walker, part: str) -> None:
        """Asks axe about the page where the window stands, if it is built of new parts."""
        route = resolve(urlsplit(window.path).path).route
        first = route not in self.seen
        self.seen.setdefault(route, set()).add(part)
        known = self.parts.setdefault(route, set())
        new = set(window.page.evaluate(_PARTS).split()) - known
        if not new:
            return
        known |= new
        self.found += [f"{part}: {line}" for line in violations(window)]
        if first:
            window.shoot("page_" + route.replace("/", "_").replace("<", "").replace(">", ""))

    def _page(self, link: str, address: str) -> str:
        """The path of a link that leads to a page of the desk; empty for any other."""
        if not link.startswith(address):
            return ""
        path = urlsplit(link).path
        try:
            route = resolve(path).route
        except Resolver404:
            return "" if path.startswith("/static/") else path
        return "" if route in NO_PAGES | ELSEWHERE else path


def of_the_clerk(window: Walker, crawl: Crawl) -> None:
    """Reception with a holder who has the licence already; a holder's own page; a secret."""
    window.go("/applications/new/secret/")
    window.choose("这件材料涉及国家秘密吗？", "不涉及")
    window.press("下一步")
    crawl.look(window, "clerk")
    window.field("证照种类").select_option(label=KIND)
    window.press("选定")
    window.fill("查找持证人", "晋香食府")
    window.press("查找")
    crawl.look(window, "clerk")
    window.press("选这一个", exact=False)
    window.shows("可能重复，请先看一眼")
    crawl.look(window, "clerk")
    window.shoot("page_receive_duplicate")
    window.press("移除", exact=False)
    window.press("登记新的")
    window.press("登记并选用")
    assert window.faults() != []
    crawl.look(window, "clerk")
    window.shoot("page_receive_wrong")
    window.go("/holders/")
    window.fill("证件号码或名称", "晋香")
    window.press("查找")
    crawl.look(window, "clerk")
    window.page.get_by_role("link", name="晋香食府").click()
    crawl.look(window, "clerk")
    window.go("/capture/")
    window.page.locator("td.zz-name a").first.click()
    application = window.path.removesuffix("capture/")
    for path in (f"{application}secret/", f"{sheet_of(window)}submit/"):
        window.go(path)
        crawl.look(window, "clerk")


def sheet_of(window: Walker) -> str:
    """The path of a furnished sheet that may be handed in."""
    [(key,)] = window.county.ask(
        "SELECT uuid FROM licences_stockbatch WHERE state = 'CHECKED' AND file_name LIKE %s",
        "食品经营许可存量清单%",
    )
    return f"/stock/{key}/"


def of_the_signatory(window: Walker, crawl: Crawl) -> None:
    """Several applications at once, asked and not confirmed; what came of a sign-off."""
    window.go("/sign-off/")
    window.page.get_by_role("checkbox").first.check()
    window.press("签发所选", exact=False)
    crawl.look(window, "signatory")
    window.shoot("page_batch")
    [(key,)] = window.county.ask(
        "SELECT a.uuid FROM licences_application a JOIN licences_catalogueentry e"
        " ON e.id = a.entry_id WHERE a.state = 'CONCLUDED' AND e.name = %s"
        " ORDER BY a.id DESC LIMIT 1",
        KIND,
    )
    window.go(f"/applications/{key}/result/")
    crawl.look(window, "signatory")


def of_the_compiler(window: Walker, crawl: Crawl) -> None:
    """A draft of the catalogue before it is handed to the bureau."""
    window.go("/catalogue-desk/")
    window.page.get_by_role("link", name="样例草稿许可证").click()
    crawl.look(window, "compiler")
    window.page.get_by_role("link", name="报送").click()
    crawl.look(window, "compiler")
    window.shoot("page_submit_entry")


def of_the_administrator(window: Walker, crawl: Crawl) -> None:
    """An entry sent back without a word; somebody without work to hand on."""
    window.go("/catalogue-desk/publishing/")
    window.page.get_by_role("link", name="样例待公布许可证").click()
    crawl.look(window, "administrator")
    entry = window.path
    window.press("退回", exact=False)
    assert window.faults() != []
    crawl.look(window, "administrator")
    window.go(f"{entry}publish/")
    crawl.look(window, "administrator")
    [(key,)] = window.county.ask(
        "SELECT uuid FROM parties_account WHERE username = 'civil.compiler'"
    )
    window.go(f"/people/{key}/hand-on/")
    crawl.look(window, "administrator")


BEYOND_LINKS = {
    "clerk": of_the_clerk,
    "signatory": of_the_signatory,
    "compiler": of_the_compiler,
    "administrator": of_the_administrator,
}


def test_every_page_of_every_role(street: Street, furnished: County) -> None:
    crawl = Crawl()
    for part in ROLES:
        window = street.sign_in(f"approval.{part}")
        crawl.role(window, part)
        if part in BEYOND_LINKS:
            BEYOND_LINKS[part](window, crawl)
    met = ELSEWHERE | OF_VERIFIERS | OF_MANDATES | OF_HOLDERS
    assert set(routes()) - NO_PAGES - met - set(crawl.seen) == set()
    assert crawl.found == [], "\n".join(crawl.found)


def test_the_second_factor_and_the_lock(street: Street, furnished: County) -> None:
    window = street.window()
    window.go("/log-in/")
    window.fill("账号", "civil.custodian")
    window.fill("密码", PASSWORD)
    window.press("下一步")
    found = violations(window)
    for _ in range(5):
        window.fill("动态口令", "00000")
        window.press("登录")
        if not window.page.get_by_label("动态口令").count():
            break
        found += violations(window)
    window.shoot("locked")
    found += violations(window)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("cookie", [("elder", "30"), ("theme", "dark")])
def test_desks_in_elder_mode_and_in_the_dark(
    street: Street, furnished: County, cookie: tuple[str, str]
) -> None:
    found = []
    for part, paths in (
        ("clerk", ("/desk/", "/capture/", "/register/", "/holders/", "/stock/")),
        ("reviewer", ("/review/", "/clocks/", "/exchange/")),
        ("administrator", ("/people/", "/departments/")),
    ):
        window = street.sign_in(f"approval.{part}", cookies=dict([cookie]))
        for path in paths:
            assert window.go(path) == 200
            found += violations(window)
            window.shoot(f"desk_{'-'.join(cookie)}_{path.strip('/')}")
    assert found == [], "\n".join(found)
