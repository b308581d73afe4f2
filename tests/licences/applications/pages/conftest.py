"""The cast, and a department with matters."""

import pytest

from tests.cast import Cast
from tests.factories.licences import Matters


@pytest.fixture
def cast(db: None) -> Cast:
    """Two issuing departments, the bureau and their people."""
    return Cast()


@pytest.fixture
def matters(cast: Cast) -> Matters:
    """The market office's water permits."""
    return Matters(cast)
