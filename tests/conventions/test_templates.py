"""Templates: all of them used, nothing loaded in vain, nothing that the content policy stops."""

import ast
import re

import pytest

from tests.conventions.sources import STATIC, modules, nodes, templates

NAMED = re.compile(r"""{%-?\s*(?:extends|include)\s+["']([^"']+)["']""")
# Django and the problem middleware look these up by themselves.
BY_CONVENTION = re.compile(r"^(\d{3}\.html|django/forms/)")
LOADS = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")
INLINE = re.compile(r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?!-)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(",
    re.IGNORECASE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Frames whose first page comes with a later issue: none now.
LATER: dict[str, int] = {}
OWN_STYLES = sorted(path for path in (STATIC / "css").glob("*.css"))


def named_in_code() -> set[str]:
    """Every string of the product that could be a template's name."""
    return {
        node.value
        for module in modules()
        for node in nodes(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(".html")
    }


def test_template_when_named_then_there() -> None:
    named = {name for text in templates().values() for name in NAMED.findall(text)}
    assert {
        one
        for one in named | named_in_code()
        if one not in templates() and not one.startswith("django/")
    } == set()


def test_template_when_there_then_used() -> None:
    used = {name for text in templates().values() for name in NAMED.findall(text)} | named_in_code()
    unused = {one for one in templates() if one not in used and not BY_CONVENTION.match(one)}
    assert unused == LATER.keys()


@pytest.mark.parametrize("name", templates())
def test_template_when_it_loads_then_needs_it(name: str) -> None:
    text = templates()[name]
    loaded = [library for line in LOADS.findall(text) for library in line.split()]
    # the portal's own tags are built in (settings), so only Django's need loading
    assert set(loaded) <= {"static", "cache", "l10n", "tz"}
    assert len(loaded) == len(set(loaded))
    if "static" in loaded:
        assert "{% static " in text
    if "{% static " in text:
        assert "static" in loaded


@pytest.mark.parametrize("name", templates())
def test_template_when_sent_then_nothing_inline(name: str) -> None:
    text = templates()[name]
    assert INLINE.findall(text) == []
    assert [tag for tag in SCRIPT.findall(text) if "src=" not in tag] == []


@pytest.mark.parametrize("path", OWN_STYLES, ids=lambda one: one.name)
def test_style_when_it_colours_then_by_a_token(path) -> None:
    raw = COLOUR.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
    assert (raw != []) == (path.name == "tokens.css")


@pytest.mark.parametrize("name", templates())
def test_template_when_it_colours_then_by_a_class(name: str) -> None:
    painted = re.findall(r"""\b(?:fill|stroke|color|bgcolor)\s*=\s*["']#""", templates()[name])
    assert painted == []


def test_inline_when_there_then_found() -> None:
    assert INLINE.search('<p style="color: red">')
    assert INLINE.search('<a onclick="go()">')
    assert COLOUR.findall("a { color: #1f4e79; background: rgb(1 2 3) }") == ["#1f4e79", "rgb("]
    assert not INLINE.search('<p class="zz-style-on">')
