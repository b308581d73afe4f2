"""Licences in people's hands."""

import pytest

from tests.cast import Cast
from tests.usage.wallet.scene import Hands


@pytest.fixture
def hands(cast: Cast) -> Hands:
    """Who puts licences into people's hands."""
    return Hands(cast)
