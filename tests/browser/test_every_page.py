"""axe over every page of the URL map, as each role meets it, at both widths.

Windows follow links from the desk, two of every route. What a role sees on a route that another
role has shown already is asked again only where the page is built of other parts.
"""

import subprocess
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from scripts.lib import places
from tests.browser.axe import violations
from tests.browser.county import PASSWORD, County
from tests.browser.walking import Street, Walker
from tests.routes import ROUTES, is_shown, view_of
from zezhou_portal.parties.capabilities import ROLE_CAPABILITIES, Role

pytestmark = pytest.mark.e2e

# Whoever works at a desk. What verifiers, holders and people without a log-in meet is walked in
# tests of its own: test_checking, test_wallet, test_presenting, test_acting_for_others, test_public.
ROLES = {
    "compiler": Role.CATALOGUE_COMPILER, "clerk": Role.CAPTURE_CLERK, "reviewer": Role.REVIEWER,
    "signatory": Role.SIGNATORY, "custodian": Role.SEAL_CUSTODIAN,
    "system": Role.SYSTEM_ADMINISTRATOR, "security": Role.SECURITY_ADMINISTRATOR,
    "auditor": Role.AUDITOR, "administrator": Role.BUREAU_ADMINISTRATOR,
    "supervisor": Role.BUREAU_SUPERVISOR,
}  # fmt: skip
DESKS = {one.value for role in ROLES.values() for one in ROLE_CAPABILITIES[role]}
# Pages that no link leads to: a form's answer, or shown under one's own name only.
BY_HAND = ("/password/", "/again/")
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


def is_of_a_desk(path: str) -> bool:
    """Whether a route is a page that one of ROLES may open: the view says so itself."""
    if not is_shown(path):
        return False
    view = view_of(path)
    wanted = view.capability if isinstance(view.capability, tuple) else (view.capability,)
    return bool(view.signed_in) or any(one and one.value in DESKS for one in wanted)


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
        return path if is_shown(route) and not view_of(route).public else ""


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
    newborns(window, crawl)
    window.go("/capture/")
    window.page.locator("td.zz-name a").first.click()
    application = window.path.removesuffix("capture/")
    [(change,)] = window.county.ask("SELECT uuid FROM parties_holderchange")
    for path in (
        f"{application}secret/",
        f"{sheet_of(window)}submit/",
        f"/holder-changes/{change}/withdraw/",
    ):
        window.go(path)
        crawl.look(window, "clerk")


def newborns(window: Walker, crawl: Crawl) -> None:
    """One who is proposed to be somebody else, and one of whom that is still to be said."""
    rows = window.county.ask(
        "SELECT h.uuid, m.uuid FROM parties_holder h"
        " LEFT JOIN parties_holdermerge m ON m.merged_id = h.id"
        " WHERE h.name IN ('谢样例甲', '谢样例乙') AND h.identity_index IS NULL"
    )
    for holder, merge in rows:
        window.go(f"/holders/{holder}/")
        crawl.look(window, "clerk")
        window.go(f"/holder-merges/{merge}/withdraw/" if merge else f"{window.path}same-person/")
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


def of_the_reviewer(window: Walker, crawl: Crawl) -> None:
    """A phone just bound, which the named person vouches for; a change of a holder declined."""
    [(key,)] = window.county.ask("SELECT uuid FROM parties_account WHERE signs_from IS NOT NULL")
    window.go(f"/accounts/{key}/vouch/")
    crawl.look(window, "reviewer")
    [(change,)] = window.county.ask("SELECT uuid FROM parties_holderchange")
    window.go(f"/holder-changes/{change}/decline/")
    window.press("不予变更")
    window.shows("还没有写为什么不予变更")
    crawl.look(window, "reviewer")


def of_the_auditor(window: Walker, crawl: Crawl) -> None:
    """One record, with where it came from."""
    window.go("/trail/?action=licence_issued")
    window.page.locator("a[href*='/trail/records/']").first.click()
    crawl.look(window, "auditor")


BEYOND_LINKS = {
    "reviewer": of_the_reviewer,
    "auditor": of_the_auditor,
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
    assert {path for path in ROUTES if is_of_a_desk(path)} - set(crawl.seen) == set()
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
