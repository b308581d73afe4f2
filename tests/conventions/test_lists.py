"""Every page that pages rows is a list page: the paginator has one caller."""

from tests.conventions.sources import calls, modules


def test_paginator_when_called_then_by_the_list_page_alone() -> None:
    calling = {module.name for module in modules() if any(calls(module.tree, "page_of"))}
    assert calling == {"zezhou_portal.pagekit.lists"}
