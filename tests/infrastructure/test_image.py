"""What the image of the Dockerfile holds: the portal, and nothing of the sample county or tests.

There need be no container engine here: the files are taken as the Dockerfile names them.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zezhou_portal.kernel.vault import make_keys

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ("portal",)
SAMPLE = ("portal", "sample")
_STAGE = re.compile(r"FROM \S+(?: AS (\w+))?")
_COPY = re.compile(r"COPY (\S+) (\S+)")
# As `manage.py check --deploy`, and then every module, in the process that is up already.
_LOOK = """
import importlib, pathlib, runpy, sys
sys.argv = ["manage.py", "check", "--deploy"]
runpy.run_path("manage.py", run_name="__main__")
for path in sorted(pathlib.Path().rglob("*.py")):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if name != "manage" and ".settings." not in name and not name.endswith("__main__"):
        importlib.import_module(name)
"""


def copied(stages: tuple[str, ...]) -> dict[str, str]:
    """What the named stages take from the checkout, and under which name."""
    found: dict[str, str] = {}
    stage = ""
    for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if begun := _STAGE.match(line):
            stage = begun[1] or ""
        elif (copy := _COPY.match(line)) and stage in stages:
            found[copy[1]] = copy[2]
    return found


def tracked(source: str) -> list[str]:
    """The files that lie under a name in the checkout."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", source],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return told.stdout.split()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder /srv/portal/app of the portal's image."""
    folder = tmp_path / "app"
    for source in copied(PORTAL):
        for name in tracked(source):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def test_image_when_built_then_holds_nothing_of_the_sample_county() -> None:
    assert sorted(copied(PORTAL)) == sorted(
        [
            "audit", "licences", "manage.py", "requirements/base.txt", "seals", "static",
            "templates", "usage", "zezhou_portal",
        ]
    )  # fmt: skip
    assert set(copied(SAMPLE)) - set(copied(PORTAL)) == {"sample_county"}
    last = re.findall(r"^FROM (.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)[-1]
    assert last == "portal", "what is built without a target is the portal alone"


def test_image_when_started_then_is_whole_without_the_sample_county(
    image: Path, tmp_path: Path
) -> None:
    make_keys(tmp_path / "keys" / "data")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "zezhou_portal.settings.production",
        "PORTAL_SECRET_KEY": secrets.token_hex(32),
        "CITY_SHARED_SECRET": secrets.token_hex(32),
        "PORTAL_PROXIES": "1",
        "PORTAL_ADDRESS": "https://licences.example.gov.cn",
        "CITY_ADDRESS": "https://city.example.gov.cn",
        "PORTAL_KEYS": str(tmp_path / "keys"),
        "PORTAL_VAR": str(tmp_path / "var"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    answer = subprocess.run(
        [sys.executable, "-c", _LOOK],
        cwd=image, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-2000:]
