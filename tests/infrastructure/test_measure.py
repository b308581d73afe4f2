"""scripts/measure on a small tree whose figures can be counted by hand."""

from pathlib import Path

import pytest

from scripts.lib import measure

FILES = {
    "zezhou_portal/regulation/actions.py": (
        "class Action:\n"
        '    LICENCE_ISSUED = ("licence_issued", "签发证照", "M.6")\n'
        '    LOGGED_IN = ("logged_in", "登录", "M.25")\n'
    ),
    "usage/urls.py": (
        "from django.urls import path\n"
        "from usage.verifying import pages\n"
        "_look = pages.Look.as_view()\n"
        'urlpatterns = [path("V/<str:code>", _look, name="look")]\n'
    ),
    "usage/verifying/pages.py": (
        '"""Pages."""\n'
        "from licences.register import services\n"
        "from licences.stock import converting\n"
        "\n"
        "# The page.\n"
        "class Look:\n"
        '    """What a code leads to."""\n'
        "\n"
        "    def get(self, kind: converting.Batch):\n"
        "        return services.status(self.code)\n"
        "\n"
        "class Other:\n"
        "    batch = converting.convert\n"
    ),
    "licences/register/services.py": (
        "from licences.register.reading import consult as read\n"
        "from zezhou_portal.regulation.actions import Action\n"
        "def status(code):\n"
        "    return read(code, Action.LICENCE_ISSUED)\n"
    ),
    "licences/register/reading.py": "def consult(code, act):\n    return 'licence_issued'\n",
    "licences/stock/converting.py": "class Batch: ...\ndef convert(): ...\n",
    "licences/migrations/0001_initial.py": "x = 1\n" * 500,
    "licences/__init__.py": "",
    "tests/test_pages.py": "def test():\n    assert True\n",
    "templates/usage/look.html": "<p>\n</p>\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for app in ("usage", "zezhou_portal"):
        (tmp_path / app / "__init__.py").touch()
    return tmp_path


def test_lines_when_counted_then_each_is_of_one_kind(tree: Path) -> None:
    rooms = measure.python(tree, measure.apps(tree))
    assert dict(rooms["usage/verifying"]) == {
        "docstring": 2, "code": 7, "comment": 1, "blank": 3, "files": 1,
    }  # fmt: skip
    assert set(rooms) == {
        "usage", "usage/verifying", "licences", "licences/register", "licences/stock",
        "zezhou_portal", "zezhou_portal/regulation",
    }  # fmt: skip
    assert measure.templates(tree)["templates/usage"] == {"code": 2, "files": 1}


def test_request_when_followed_then_only_what_its_view_names_is_reached(tree: Path) -> None:
    assert measure.reach(tree, "look") == {
        "usage": 1, "usage/verifying": 1, "licences/register": 2,
    }  # fmt: skip


def test_acts_when_counted_then_by_member_or_code(tree: Path) -> None:
    assert measure.acts(tree) == {"LICENCE_ISSUED": 3, "LOGGED_IN": 1}


def test_command_when_run_on_this_checkout_then_every_room_has_its_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert measure.main([]) == 0
    told = capsys.readouterr().out
    for room in ("usage/verifying", "licences/applications", "seals/documents", "tests/browser"):
        assert f"  {room} " in told
    assert "One public check reaches " in told
    assert "One sign-off reaches " in told
