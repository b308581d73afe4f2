"""Vendored files are the ones the register beside them names."""

import hashlib
import re

import pytest
from django.conf import settings

VENDOR = settings.BASE_DIR / "static" / "vendor"
ROWS = re.findall(
    r"^\| `([\w.]+)` \|.*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.M
)


def test_register_names_every_vendored_file() -> None:
    found = {path.name for path in VENDOR.iterdir()} - {"README.md"}
    assert found == {name for name, _ in ROWS}


@pytest.mark.parametrize(("name", "digest"), ROWS)
def test_vendored_file_has_the_digest_of_the_register(name: str, digest: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
