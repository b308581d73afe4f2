"""Every page that pages rows is a list page: the paginator has one caller."""

from tests.conventions.sources import calls, modules

# A page that has still to be made a list page.
LATER = {"usage.verifying.pages.staff_results"}


def test_paginator_when_called_then_by_the_list_page_alone() -> None:
    calling = {module.name for module in modules() if any(calls(module.tree, "page_of"))}
    assert calling == {"zezhou_portal.pagekit.lists"} | LATER
