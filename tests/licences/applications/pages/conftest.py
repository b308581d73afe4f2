"""The cast, and a department with applications."""

import pytest

from tests.cast import Cast
from tests.factories.licences import Applications


@pytest.fixture
def cast(db: None) -> Cast:
    """Two issuing departments, the bureau and their people."""
    return Cast()


@pytest.fixture
def applications(cast: Cast) -> Applications:
    """The market office's water permits."""
    return Applications(cast)
