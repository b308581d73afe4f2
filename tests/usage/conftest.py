"""People and sealed licences for the tests of verification."""

import uuid
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _nobody_has_looked_yet(settings: Any) -> None:
    """Counts of looks live in Redis, which no test may empty: each test has names of its own."""
    settings.PORTAL_COUNTERS = f"test-{uuid.uuid4().hex}"
