"""The cast of the tests."""

import pytest

from tests.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Two issuing departments, the bureau and their people."""
    return Cast()
