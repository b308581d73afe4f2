"""The cast, and a water permit that the market office has published."""

import pytest

from licences.models import CatalogueEntry
from tests.cast import Cast
from tests.factories.catalogue import entry_of


@pytest.fixture
def published(cast: Cast) -> CatalogueEntry:
    """The first edition of 取水许可证, in force."""
    return entry_of("取水许可证", cast.market)
