"""What the content policy and the tokens demand of templates and styles, read from the files."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STYLES = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
SPRITE = (settings.BASE_DIR / "static" / "img" / "icons.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE))


def name_of(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_has_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"hx-on|hx-vals=.js:|hx-trigger=\"[^\"]*\[", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_uses_only_icons_of_the_sprite(path: Path) -> None:
    text = path.read_text()
    used = set(re.findall(r'{% icon "([a-z0-9-]+)"', text))
    used |= set(re.findall(r'{% chip "[^"]*" "([a-z0-9-]+)"', text))
    assert used - SYMBOLS == set()


@pytest.mark.parametrize("path", [one for one in STYLES if one.name != "tokens.css"], ids=name_of)
def test_raw_colours_stand_in_the_tokens_only(path: Path) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text()) == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_every_custom_property_read_is_one_that_is_set(path: Path) -> None:
    everything = "".join(one.read_text() for one in STYLES)
    known = set(re.findall(r"(--zz-[a-z0-9-]+)\s*:", everything))
    assert set(re.findall(r"var\((--zz-[a-z0-9-]+)", path.read_text())) - known == set()
