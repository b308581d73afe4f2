"""axe-core over a page: what it finds at both widths, as lines a person can act on."""

import json
from functools import cache
from typing import Any

from scripts.lib import places
from tests.browser.walking import DESK, PHONE, Walker

_SOURCE = places.VAR / "node" / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
# Style sheets are read for css-orientation-lock only, and are the same on every page: one test
# asks for them (`whole`), the others go twice as fast.
_RUN = f"""async (whole) => (await axe.run(document, {{
  runOnly: {{type: "tag", values: {json.dumps(_TAGS)}}}, resultTypes: ["violations"],
  preload: whole,
}})).violations"""


@cache
def _axe() -> str:
    return _SOURCE.read_text(encoding="utf-8")


def violations(
    walker: Walker, widths: tuple[int, ...] = (PHONE, DESK), *, whole: bool = False
) -> list[str]:
    """What axe finds on the page as it stands, one line for every element."""
    found: list[str] = []
    walker.page.evaluate(_axe())
    for width in widths:
        walker.unfold(width)
        for rule in walker.page.evaluate(_RUN, whole):
            found += [f"{walker.path} at {width}: {line}" for line in _lines(rule)]
        wide = walker.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{walker.path} at {width}: the page is {wide} pixels wide")
    walker.narrow(DESK)
    return found


def _lines(rule: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:160]} — {node.get('failureSummary', '')[:200]}"
        for node in rule["nodes"]
    ]
