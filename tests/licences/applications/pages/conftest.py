"""The cast, and a department with applications."""

import pytest

from tests.cast import Cast
from tests.factories.licences import Applications


@pytest.fixture
def applications(cast: Cast) -> Applications:
    """The market office's water permits."""
    return Applications(cast)
