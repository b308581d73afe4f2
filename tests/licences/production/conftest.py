"""The people of the tests; a department has a seal only where a test makes one."""

import pytest

from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The people of the tests."""
    return Cast()
