"""The stand-in's one page, and how it looks."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from sample_county.identity.people import Way

NAME = "样例身份服务"

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<p class="sample">{name}　演示用，不是真的认证</p>
<h1>选一个人登录</h1>
<p>这里代替省里的统一身份认证。人和企业都是编的；点一下就当作已经刷脸核验，回到泽州县电子证照门户。</p>
{groups}
<p><a class="quiet" href="{away}">不登录，返回门户</a></p>
</main>
</body>
</html>
"""

STYLE = (Path(__file__).parent / "style.css").read_bytes()


def page(ways: Iterable[Way], returning: str) -> str:
    """The choice of people; each line leads to a ticket."""
    rows = list(ways)
    own = [one for one in rows if "enterprise_code" not in one.told]
    offices = [one for one in rows if "enterprise_code" in one.told]
    groups = _group("个人登录", own, returning) + _group("法人登录", offices, returning)
    return _PAGE.format(name=NAME, groups=groups, away=escape(returning, quote=True))


def _group(title: str, ways: list[Way], returning: str) -> str:
    lines = "".join(
        f'<li><a href="/choose?{escape(urlencode({"who": one.key, "return": returning}))}">'
        f"<b>{escape(one.name)}</b>{escape(one.about)}，实名 {one.told['level']} 级</a></li>"
        for one in ways
    )
    return f"<h2>{title}</h2><ul>{lines}</ul>"
