"""Every article that the portal enforces is proved by a marked test."""

import ast
from functools import lru_cache

from tests.conventions.sources import calls, modules
from zezhou_portal.management.commands.report_articles import cited_in, limits_in, marked_in
from zezhou_portal.regulation.articles import ARTICLES

# What the first main job answers for.
PROMISED = {
    "M.3", "M.5", "M.6", "M.7", "M.8", "M.9", "M.10", "M.13", "M.24", "M.25", "M.26", "M.32",
    "P.2.1.1", "P.2.1.2", "P.2.2.1", "P.2.2.2", "S.9", "S.12", "S.19",
}  # fmt: skip
# Enforced with a sentence and an article while their own desk is still to come.
LATER = {"S.15": "the seals issue"}


@lru_cache(maxsize=1)
def marked() -> frozenset[str]:
    """Every article that some test is marked with."""
    return frozenset(one for module in modules("tests") for one in marked_in(module.text))


@lru_cache(maxsize=1)
def enforced() -> frozenset[str]:
    """Articles that some module refuses an act by, or moves a state by."""
    return frozenset(
        str(call.args[place].value)
        for module in modules()
        for name, place in (("RuleBroken", 0), ("Move", 3))
        for call in calls(module.tree, name)
        if len(call.args) > place and isinstance(call.args[place], ast.Constant)
    )


def test_mark_when_read_then_its_article_exists() -> None:
    assert marked() - ARTICLES.keys() == set()


def test_article_when_promised_then_proved() -> None:
    assert PROMISED - marked() == set()


def test_article_when_enforced_then_proved() -> None:
    assert enforced() - marked() - LATER.keys() == set()
    assert LATER.keys() & marked() == set()


def test_enforced_when_read_then_exists_in_the_text() -> None:
    assert enforced() <= ARTICLES.keys()


def test_article_when_cited_in_a_span_then_all_between() -> None:
    assert cited_in("M.24-M.26, S.9; M.7–M.8.") == {"M.24", "M.25", "M.26", "S.9", "M.7", "M.8"}
    assert cited_in("P.2.2.1 and P.2.1.1") == {"P.2.2.1", "P.2.1.1"}
    assert cited_in("M.30, Q.1, SM.3") == set()


def test_limit_when_its_line_names_an_article_then_listed() -> None:
    source = 'A = WorkingDays(1, "M.9")\nB = 3  # M.25: years\nC = 4\n'
    assert list(limits_in(source)) == [
        ("M.9", "`A = WorkingDays(1, 'M.9')`"),
        ("M.25", "`B = 3`"),
    ]
